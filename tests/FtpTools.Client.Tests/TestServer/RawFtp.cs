using System;
using System.IO;
using System.Linq;
using System.Net;
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
    private readonly StreamReader _replies;
    private readonly CancellationTokenSource _bound = new(TimeSpan.FromSeconds(20));

    private RawFtp(Socket socket)
    {
        _socket = socket;
        _replies = new StreamReader(new NetworkStream(socket), Encoding.UTF8);
    }

    public static async Task<RawFtp> ConnectAsync(LoopbackServer server)
    {
        var socket = new Socket(server.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.EndPoint);
        return new RawFtp(socket);
    }

    public static async Task<RawFtp> LoginAsync(LoopbackServer server)
    {
        var ftp = await ConnectAsync(server);
        Assert.StartsWith("220 ", await ftp.ReplyAsync());
        Assert.StartsWith("331 ", await ftp.AskAsync("USER " + server.User));
        Assert.StartsWith("230 ", await ftp.AskAsync("PASS " + server.Password));
        Assert.StartsWith("200 ", await ftp.AskAsync("TYPE I"));
        return ftp;
    }

    public Task SendAsync(string lines) => SendAsync(Encoding.UTF8.GetBytes(lines));

    public async Task SendAsync(byte[] bytes) => await _socket.SendAsync(bytes.AsMemory(), _bound.Token);

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
        for (var rest = bytes.AsMemory(); !rest.IsEmpty;)
            rest = rest[await data.SendAsync(rest, _bound.Token)..];
        data.Shutdown(SocketShutdown.Send);
        Assert.StartsWith("226 ", await ReplyAsync());
    }

    public async Task<byte[]> ReadAllAsync(Socket data)
    {
        using var all = new MemoryStream();
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
