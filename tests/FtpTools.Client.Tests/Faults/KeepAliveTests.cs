using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using FtpTools.Connection;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>What keeps the control connection in use while it is silent, and what is said when it was lost all the same.</summary>
public sealed class KeepAliveTests : LoopbackTest
{
    [Theory]
    [InlineData(0, 60)]
    [InlineData(0.2, 1)]
    [InlineData(30, 30)]
    [InlineData(86_400, 32_767)]
    public void TCP_asks_after_a_minute_or_when_the_user_wants_it(double asked, int seconds) =>
        Assert.Equal(seconds, ControlConnection.KeepAliveTime(TimeSpan.FromSeconds(asked)).TotalSeconds);

    [Fact]
    public void The_options_are_set_on_a_socket()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(listener.LocalEndpoint);
        Compat.KeepAlive(socket, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(7), 5);
        int Tcp(SocketOptionName name) => (int)socket.GetSocketOption(SocketOptionLevel.Tcp, name)!;
        Assert.NotEqual(0, (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)!);
        Assert.Equal((40, 7, 5), (Tcp(SocketOptionName.TcpKeepAliveTime), Tcp(SocketOptionName.TcpKeepAliveInterval), Tcp(SocketOptionName.TcpKeepAliveRetryCount)));
    }

    [Fact]
    public async Task A_control_connection_has_TCP_ask_for_a_sign_of_life()
    {
        if (!OperatingSystem.IsLinux())
            return; // which shows the timers of its sockets
        using var session = await FtpSession.ConnectAsync(Options with { KeepAlive = TimeSpan.FromSeconds(20) }, Bound);
        // sl local remote state queues timer:when; state 01 is an open connection, timer 02 is keep-alive's, in hundredths of a second.
        var remote = string.Create(CultureInfo.InvariantCulture, $":{Server.Port:X4}");
        var fields = File.ReadLines("/proc/net/tcp").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Single(parts => parts[2].EndsWith(remote, StringComparison.Ordinal) && parts[3] == "01");
        var timer = fields[5].Split(':');
        Assert.Equal("02", timer[0]);
        Assert.InRange(int.Parse(timer[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture), 1, 2000);
        await ProveAsync(session);
    }
}
