using System;
using System.Collections.Generic;
using System.Net;

namespace FtpTools.Connection;

/// <summary>
/// The name under which the platform caches the TLS session of one control connection. It keeps one session a name for
/// the whole process, so that two control connections under one name would take each other's, and a server that wants a
/// data connection to resume its own control connection's session refuses what comes. A name of another letter case is
/// another one to the cache and the same to certificates. An address, which the cache never takes, gets a made-up name.
/// </summary>
internal sealed class TlsTargetName : IDisposable
{
    // .NET on Unix drops sessions when there are more than 500 names.
    private const int Most = 256;

    private static readonly Dictionary<string, Names> _hosts = new(StringComparer.OrdinalIgnoreCase);

    private readonly Names _names;
    private readonly int _index;
    private bool _released;

    private TlsTargetName(string name, Names names, int index)
    {
        Value = name;
        _names = names;
        _index = index;
    }

    /// <summary>The name.</summary>
    public string Value { get; }

    /// <summary>Takes a name that no other control connection has, the one unused for longest; a shared one when all are taken.</summary>
    public static TlsTargetName Take(string host)
    {
        lock (_hosts)
        {
            if (!_hosts.TryGetValue(host, out var names))
                _hosts[host] = names = new Names(host);
            var index = names.Take();
            return new TlsTargetName(names[index], names, index);
        }
    }

    /// <summary>Gives the name back.</summary>
    public void Dispose()
    {
        lock (_hosts)
        {
            if (!_released)
                _names.GiveBack(_index);
            _released = true;
        }
    }

    private sealed class Names
    {
        private readonly Queue<int> _free = new();
        private readonly string _host;
        private readonly IPAddress? _address;

        public Names(string host)
        {
            _host = host;
            _address = Compat.ResumesByNameAlone && IPAddress.TryParse(host, out var address) ? address : null;
            var letters = 0;
            foreach (var c in host)
                letters += IsLetter(c) ? 1 : 0;
            var count = _address is not null ? Most : (int)Math.Min(Most, Math.Pow(2, letters));
            for (var i = 0; i < count; i++)
                _free.Enqueue(i);
        }

        /// <summary>Name number <paramref name="index"/>: its bits are the cases of the letters. -1 is the host as it is.</summary>
        public string this[int index]
        {
            get
            {
                if (_address is not null)
                    return $"x{BitConverter.ToString(_address.GetAddressBytes()).Replace("-", "").ToLowerInvariant()}-{index}.invalid";
                var name = _host.ToCharArray();
                var bits = index;
                for (var i = 0; index > 0 && i < name.Length; i++)
                {
                    if (!IsLetter(name[i]))
                        continue;
                    if ((bits & 1) != 0)
                        name[i] = (char)(name[i] ^ 0x20);
                    bits >>= 1;
                }

                return new string(name);
            }
        }

        public int Take() => _free.Count > 0 ? _free.Dequeue() : -1;

        public void GiveBack(int index)
        {
            if (index >= 0)
                _free.Enqueue(index);
        }

        private static bool IsLetter(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');
    }
}
