using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Sockets;

namespace FtpTools.Dialogue;

/// <summary>
/// The commands that may open a data connection in one <see cref="FtpMode"/>, best first, and the memory of those that
/// did not work, so that a session pays for each failure once. Shared by the connections of a session.
/// </summary>
internal sealed class DataModeLadder(FtpMode mode)
{
    private static readonly TimeSpan _moment = TimeSpan.FromSeconds(0.5);

    private readonly HashSet<FtpMode> _failed = [];
    private readonly HashSet<FtpMode> _proven = [];
    private bool _dropsPassive;

    /// <summary>The mode that was asked for.</summary>
    public FtpMode Mode => mode;

    /// <summary>
    /// The exact commands to try now: those not known to fail, or all of them again when every one has failed. PASV and
    /// PORT can only name IPv4 addresses (RFC 2428, 1): over IPv6 there is no PORT, and PASV, of whose reply the port is of
    /// use, is for servers that know neither EPSV nor EPRT. No server can dial through a proxy, so that there it is the
    /// passive ones alone, or none.
    /// </summary>
    /// <param name="family">The control connection's addresses; through a proxy those of the server are not known.</param>
    /// <param name="throughProxy">Whether the server is behind a proxy.</param>
    public IReadOnlyList<FtpMode> Rungs(AddressFamily family, bool throughProxy)
    {
        var all = throughProxy ? Proxied() : All(family);
        lock (_failed)
        {
            var left = all.Where(rung => !_failed.Contains(rung)).ToArray();
            if (left.Length > 0)
                return left;
            _failed.Clear();
            _dropsPassive = false;
            return all;
        }
    }

    /// <summary>
    /// Remembers that a command does not work here. When the server's call did not come, it would not after the other
    /// active command either. One that has worked before gets another chance with the next transfer.
    /// </summary>
    /// <param name="rung">The command.</param>
    /// <param name="timedOut">Nothing happened for the time that is allowed.</param>
    /// <returns>Whether it is left out from now on.</returns>
    public bool StepDown(FtpMode rung, bool timedOut)
    {
        lock (_failed)
        {
            if (_proven.Remove(rung))
                return false;
            _failed.Add(rung);
            if (timedOut && IsActive(rung))
                _failed.UnionWith([FtpMode.Port, FtpMode.Eprt]);
            _dropsPassive |= timedOut && !IsActive(rung);
            return true;
        }
    }

    /// <summary>Remembers that data connections can be opened by a command.</summary>
    public void Prove(FtpMode rung)
    {
        lock (_failed)
            _proven.Add(rung);
    }

    /// <summary>Whether a data connection was opened by a command before.</summary>
    public bool IsProven(FtpMode rung)
    {
        lock (_failed)
            return _proven.Contains(rung);
    }

    /// <summary>The rung after number <paramref name="i"/> that is not known to fail; the count when there is none.</summary>
    public int Next(IReadOnlyList<FtpMode> rungs, int i)
    {
        lock (_failed)
        {
            do
                i++;
            while (i < rungs.Count && _failed.Contains(rungs[i]));
            return i;
        }
    }

    /// <summary>
    /// How long to dial for. When a firewall let EPSV's port fall silent, one that reads 227 replies may still let PASV's
    /// through; but most do not, so that with active mode to go on to it is given a moment only.
    /// </summary>
    public TimeSpan DialTime(FtpMode rung, TimeSpan usual)
    {
        lock (_failed)
            return mode == FtpMode.Auto && rung == FtpMode.Pasv && _dropsPassive && usual > _moment && !_failed.Contains(FtpMode.Port) ? _moment : usual;
    }

    private static bool IsActive(FtpMode rung) => rung is FtpMode.Port or FtpMode.Eprt;

    private FtpMode[] All(AddressFamily family)
    {
        var six = family == AddressFamily.InterNetworkV6;
        return mode switch
        {
            FtpMode.Auto => six ? [FtpMode.Epsv, FtpMode.Eprt, FtpMode.Pasv] : [FtpMode.Epsv, FtpMode.Pasv, FtpMode.Port, FtpMode.Eprt],
            FtpMode.Passive => [FtpMode.Epsv, FtpMode.Pasv],
            FtpMode.Active => six ? [FtpMode.Eprt] : [FtpMode.Port, FtpMode.Eprt],
            _ => [mode],
        };
    }

    private FtpMode[] Proxied() => mode switch
    {
        FtpMode.Auto or FtpMode.Passive => [FtpMode.Epsv, FtpMode.Pasv],
        FtpMode.Epsv or FtpMode.Pasv => [mode],
        _ => [],
    };
}
