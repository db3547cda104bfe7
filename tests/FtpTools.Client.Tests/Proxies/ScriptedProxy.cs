using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Tests.Proxies;

/// <summary>What the scripted proxy does with a request in place of its work.</summary>
public enum ProxyFault
{
    None,

    /// <summary>Takes the call and says nothing.</summary>
    Silence,

    /// <summary>Says nothing once the target is named.</summary>
    SilenceAtTarget,

    /// <summary>Hangs up at once.</summary>
    HangUp,

    /// <summary>Hangs up once the target is named.</summary>
    HangUpAtTarget,

    /// <summary>Speaks another protocol.</summary>
    Garbage,

    /// <summary>Answers without end.</summary>
    Endless,

    /// <summary>Refuses the target.</summary>
    Refusal,
}

/// <summary>A small proxy on loopback, which does its work or a fault. Settings may be changed while it runs.</summary>
public sealed class ScriptedProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _targets = new();
    private readonly Task _accepting;

    public ScriptedProxy(FtpProxyKind kind)
    {
        Kind = kind;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public FtpProxyKind Kind { get; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The account that it demands; null for none.</summary>
    public (string User, string Password)? Account { get; set; }

    /// <summary>Whether each byte of its answers is a segment of its own.</summary>
    public bool Bytewise { get; set; }

    /// <summary>Whether the end of its answer waits for the target's first bytes and comes with them in one segment.</summary>
    public bool Glued { get; set; }

    /// <summary>The fault for a target; it is asked with null before the target is known.</summary>
    public Func<string?, ProxyFault> Fault { get; set; } = _ => ProxyFault.None;

    /// <summary>Whom it really dials for a target; null for what it says.</summary>
    public Func<string, string>? Route { get; set; }

    /// <summary>The targets that it was asked for, as they came: <c>name localhost:21</c>, <c>ipv4 127.0.0.1:21</c>.</summary>
    public IReadOnlyList<string> Targets => [.. _targets];

    public FtpProxy Proxy => new(Kind, "127.0.0.1", Port) { UserName = Account?.User, Password = Account?.Password };

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await Task.WhenAny(_accepting);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = Task.Run(async () =>
            {
                using (client)
                {
                    try
                    {
                        client.NoDelay = true;
                        await (Kind == FtpProxyKind.Socks5 ? SocksAsync(client.GetStream()) : ConnectAsync(client.GetStream()));
                    }
                    catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
                    {
                        // The other end has had enough.
                    }
                }
            });
        }
    }

    private async Task SocksAsync(NetworkStream client)
    {
        if (await FailAsync(client, Fault(null)))
            return;
        var methods = new byte[(await ReadAsync(client, 2))[1]];
        await client.ReadExactlyAsync(methods, _stop.Token);
        var method = (byte)(Account is null ? 0 : 2);
        if (!methods.Contains(method))
        {
            await SendAsync(client, [5, 0xFF]);
            return;
        }

        await SendAsync(client, [5, method]);
        if (Account is { } account)
        {
            var user = await ReadAsync(client, (await ReadAsync(client, 2))[1]);
            var password = await ReadAsync(client, (await ReadAsync(client, 1))[0]);
            var right = Encoding.UTF8.GetString(user) == account.User && Encoding.UTF8.GetString(password) == account.Password;
            await SendAsync(client, [1, (byte)(right ? 0 : 1)]);
            if (!right)
                return;
        }

        var type = (await ReadAsync(client, 4))[3];
        var host = await ReadAsync(client, type switch { 1 => 4, 4 => 16, _ => (await ReadAsync(client, 1))[0] });
        var port = await ReadAsync(client, 2);
        var target = $"{(type == 3 ? Encoding.ASCII.GetString(host) : new IPAddress(host).ToString())}:{(port[0] << 8) | port[1]}";
        _targets.Enqueue($"{type switch { 1 => "ipv4", 4 => "ipv6", _ => "name" }} {target}");
        var fault = Fault(target);
        if (fault == ProxyFault.Refusal)
            await SendAsync(client, [5, 5, 0, 1, 0, 0, 0, 0, 0, 0]);
        else if (!await FailAsync(client, fault))
            await RelayAsync(client, target, [5, 0, 0, 3, 4, .. "here"u8, 1, 2]);
    }

    private async Task ConnectAsync(NetworkStream client)
    {
        if (await FailAsync(client, Fault(null)))
            return;
        var head = new List<byte>();
        while (head.Count < 4 || !head.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
            head.AddRange(await ReadAsync(client, 1));
        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n");
        var target = lines[0].Split(' ')[1];
        _targets.Enqueue($"{(target[0] == '[' ? "ipv6" : char.IsDigit(target[0]) ? "ipv4" : "name")} {target}");
        if (Account is { } account
            && !lines.Contains("Proxy-Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account.User}:{account.Password}"))))
        {
            await SendAsync(client, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\nno"u8.ToArray());
            return;
        }

        var fault = Fault(target);
        if (fault == ProxyFault.Refusal)
            await SendAsync(client, "HTTP/1.1 403 Access violation\r\nContent-Length: 2\r\n\r\nno"u8.ToArray());
        else if (!await FailAsync(client, fault))
            await RelayAsync(client, target, "HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n"u8.ToArray());
    }

    private async Task<bool> FailAsync(NetworkStream client, ProxyFault fault)
    {
        switch (fault)
        {
            case ProxyFault.Silence or ProxyFault.SilenceAtTarget:
                await Task.Delay(Timeout.Infinite, _stop.Token);
                break;
            case ProxyFault.Garbage:
                await SendAsync(client, "220 I am quite another server.\r\n"u8.ToArray());
                break;
            case ProxyFault.Endless:
                await SendAsync(client, "HTTP/1.1 200 OK\r\n"u8.ToArray());
                while (true)
                    await SendAsync(client, "X-More: and more\r\n"u8.ToArray());
            case ProxyFault.None:
                return false;
        }

        return true;
    }

    private async Task RelayAsync(NetworkStream client, string target, byte[] answer)
    {
        var real = Route?.Invoke(target) ?? target;
        var colon = real.LastIndexOf(':');
        using var server = new TcpClient();
        try
        {
            await server.ConnectAsync(real[..colon].Trim('[', ']'), int.Parse(real[(colon + 1)..]), _stop.Token);
        }
        catch (SocketException)
        {
            await SendAsync(client, Kind == FtpProxyKind.Socks5 ? [5, 4, 0, 1, 0, 0, 0, 0, 0, 0] : "HTTP/1.1 502 Bad gateway\r\n\r\n"u8.ToArray());
            return;
        }

        var far = server.GetStream();
        if (Glued)
        {
            // A server that waits for a command first, as on a data connection, is not waited for.
            var buffer = new byte[4096];
            if (await Task.Run(() => server.Client.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead)))
                answer = [.. answer, .. buffer.AsSpan(0, await far.ReadAsync(buffer, _stop.Token))];
        }

        await SendAsync(client, answer);
        await Task.WhenAll(PumpAsync(client, far, server.Client), PumpAsync(far, client, client.Socket));
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, Socket end)
    {
        await from.CopyToAsync(to, _stop.Token);
        end.Shutdown(SocketShutdown.Send);
    }

    private async Task<byte[]> ReadAsync(NetworkStream client, int count)
    {
        var bytes = new byte[count];
        await client.ReadExactlyAsync(bytes, _stop.Token);
        return bytes;
    }

    private async Task SendAsync(NetworkStream client, byte[] bytes)
    {
        if (!Bytewise)
        {
            await client.WriteAsync(bytes, _stop.Token);
            return;
        }

        foreach (var value in bytes)
        {
            await client.WriteAsync(new[] { value }, _stop.Token);
            await Task.Yield();
        }
    }
}
