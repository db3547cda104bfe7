using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.TestServer;

/// <summary>A control connection by hand: the server is tested without the engine that it is there to test.</summary>
internal sealed class RawFtp : IDisposable
{
    private readonly Socket _socket;
    private readonly CancellationTokenSource _bound = new(TimeSpan.FromSeconds(20));
    private Stream _stream;
    private StreamReader _replies;

    private RawFtp(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket);
        _replies = new StreamReader(_stream, Encoding.UTF8);
    }

    /// <summary>How hands are shaken, on control and data connections.</summary>
    public SslClientAuthenticationOptions Tls { get; } = new()
    {
        TargetHost = "localhost",
        RemoteCertificateValidationCallback = (_, _, _, _) => true,
    };

    /// <summary>Whether downloads and uploads are under TLS.</summary>
    public bool ProtectsData { get; set; }

    /// <summary>Whether the server ended the last download by close_notify.</summary>
    public bool CloseNotifySeen { get; private set; }

    public static async Task<RawFtp> ConnectAsync(LoopbackServer server)
    {
        var socket = new Socket(server.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.EndPoint);
        // Or one write would be held back for the one before it.
        socket.NoDelay = true;
        return new RawFtp(socket);
    }

    public static async Task<RawFtp> LoginAsync(LoopbackServer server)
    {
        var ftp = await ConnectAsync(server);
        Assert.StartsWith("220 ", await ftp.ReplyAsync());
        await ftp.LoginAsync(server.User, server.Password);
        return ftp;
    }

    /// <summary>AUTH TLS, or TLS from the start, then the login and PROT P.</summary>
    public static async Task<RawFtp> SecureLoginAsync(LoopbackServer server, Action<SslClientAuthenticationOptions>? configure = null)
    {
        var ftp = await ConnectAsync(server);
        configure?.Invoke(ftp.Tls);
        if (server.ImplicitTls)
            await ftp.SecureAsync();
        Assert.StartsWith("220 ", await ftp.ReplyAsync());
        if (!server.ImplicitTls)
        {
            Assert.StartsWith("234 ", await ftp.AskAsync("AUTH TLS"));
            await ftp.SecureAsync();
        }

        await ftp.LoginAsync(server.User, server.Password);
        await ftp.ProtectAsync();
        return ftp;
    }

    public async Task LoginAsync(string user, string password)
    {
        Assert.StartsWith("331 ", await AskAsync("USER " + user));
        Assert.StartsWith("230 ", await AskAsync("PASS " + password));
        Assert.StartsWith("200 ", await AskAsync("TYPE I"));
    }

    public async Task SecureAsync()
    {
        // A record at a time: what the server says after CCC must not be read together with its close_notify.
        var tls = new SslStream(new TlsRecordStream(_socket, ownsSocket: false));
        await tls.AuthenticateAsClientAsync(Tls, _bound.Token);
        _stream = tls;
        _replies = new StreamReader(tls, Encoding.UTF8);
    }

    public async Task ProtectAsync()
    {
        Assert.StartsWith("200 ", await AskAsync("PBSZ 0"));
        Assert.StartsWith("200 ", await AskAsync("PROT P"));
        ProtectsData = true;
    }

    /// <summary>Ends TLS after CCC. The client's next words may follow at once, before the server's close_notify has come.</summary>
    public async Task ClearAsync(string lines, bool closeNotify = true)
    {
        var tls = (SslStream)_stream;
        var plain = new NetworkStream(_socket);
        if (closeNotify)
            await tls.ShutdownAsync();
        await plain.WriteAsync(Encoding.UTF8.GetBytes(lines), _bound.Token);
        Assert.Equal(0, await tls.ReadAsync(new byte[1], _bound.Token));
        _stream = plain;
        _replies = new StreamReader(plain, Encoding.UTF8);
    }

    /// <summary>Shakes hands on a data connection that goes with the stream.</summary>
    public async Task<(SslStream Stream, TlsRecordStream Records)> SecureDataAsync(Socket data)
    {
        var records = new TlsRecordStream(data, ownsSocket: true);
        var tls = new SslStream(records);
        await tls.AuthenticateAsClientAsync(Tls, _bound.Token);
        return (tls, records);
    }

    public Task SendAsync(string lines) => SendAsync(Encoding.UTF8.GetBytes(lines));

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes, _bound.Token);

    /// <summary>One reply, its lines divided by LF; null at the end of the connection.</summary>
    public async Task<string?> ReplyAsync()
    {
        var line = await LineAsync();
        if (line is null || line[3] == ' ')
            return line;
        var reply = new StringBuilder(line);
        var end = line[..3] + " ";
        do
        {
            line = await LineAsync();
            reply.Append('\n').Append(line);
        }
        while (line is not null && !line.StartsWith(end, StringComparison.Ordinal));
        return reply.ToString();
    }

    private async Task<string?> LineAsync() => await _replies.ReadLineAsync(_bound.Token);

    public async Task<string?> AskAsync(string line)
    {
        await SendAsync(line + "\r\n");
        return await ReplyAsync();
    }

    public async Task<Socket> PassiveAsync(string verb = "EPSV")
    {
        var reply = await AskAsync(verb);
        return await DialAsync(reply!);
    }

    public async Task<Socket> DialAsync(string reply)
    {
        var numbers = reply[4..].Split(['(', ')'])[1].Split([',', '|'], StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToArray();
        var port = numbers.Length == 1 ? numbers[0] : (numbers[4] << 8) | numbers[5];
        var socket = new Socket(_socket.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(((IPEndPoint)_socket.RemoteEndPoint!).Address, port), _bound.Token);
        return socket;
    }

    public async Task<Socket> ActiveAsync(string verb)
    {
        var listener = new Socket(_socket.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        var address = ((IPEndPoint)_socket.LocalEndPoint!).Address;
        listener.Bind(new IPEndPoint(address, 0));
        listener.Listen(1);
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        var line = verb == "PORT"
            ? $"PORT {address.ToString().Replace('.', ',')},{port >> 8},{port & 255}"
            : $"EPRT |{(address.AddressFamily == AddressFamily.InterNetwork ? 1 : 2)}|{address}|{port}|";
        Assert.StartsWith("200 ", await AskAsync(line));
        return listener;
    }

    /// <summary>The bytes of one download over a fresh data connection opened by the verb given.</summary>
    public async Task<byte[]> DownloadAsync(string command, string opener = "EPSV")
    {
        using var first = opener.EndsWith('V') ? await PassiveAsync(opener) : await ActiveAsync(opener);
        Assert.StartsWith("150 ", await AskAsync(command));
        using var data = opener.EndsWith('V') ? first : await first.AcceptAsync(_bound.Token);
        var bytes = await ReadAllAsync(data);
        Assert.StartsWith("226 ", await ReplyAsync());
        return bytes;
    }

    public async Task UploadAsync(string command, byte[] bytes, string opener = "EPSV")
    {
        using var first = opener.EndsWith('V') ? await PassiveAsync(opener) : await ActiveAsync(opener);
        Assert.StartsWith("150 ", await AskAsync(command));
        using var data = opener.EndsWith('V') ? first : await first.AcceptAsync(_bound.Token);
        if (ProtectsData)
        {
            var (tls, _) = await SecureDataAsync(data);
            await tls.WriteAsync(bytes, _bound.Token);
            await tls.ShutdownAsync();
            data.Shutdown(SocketShutdown.Send);
            // To the end, for closing over the server's unread words would be a reset.
            Assert.Equal(0, await tls.ReadAsync(new byte[1], _bound.Token));
        }
        else
        {
            for (var rest = bytes.AsMemory(); !rest.IsEmpty;)
                rest = rest[await data.SendAsync(rest, _bound.Token)..];
            data.Shutdown(SocketShutdown.Send);
        }

        Assert.StartsWith("226 ", await ReplyAsync());
    }

    public async Task<byte[]> ReadAllAsync(Socket data)
    {
        using var all = new MemoryStream();
        if (ProtectsData)
        {
            var (tls, records) = await SecureDataAsync(data);
            await tls.CopyToAsync(all, _bound.Token);
            CloseNotifySeen = !records.Ended;
            return all.ToArray();
        }

        await using var stream = new NetworkStream(data);
        await stream.CopyToAsync(all, _bound.Token);
        return all.ToArray();
    }

    public void Dispose()
    {
        _replies.Dispose();
        _socket.Dispose();
        _bound.Dispose();
    }
}
