using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace FtpTools.Tests;

/// <summary>Ports in a row that nobody listens at, for active mode.</summary>
internal static class FreePorts
{
    // Two engines may be tested side by side, in a process each.
    private static int _next = Engine.Target == "netstandard2.0" ? 45_000 : 42_000;

    /// <summary>The first of so many, which no other test gets.</summary>
    public static int Take(int count)
    {
        while (true)
        {
            var first = Interlocked.Add(ref _next, count) - count;
            try
            {
                for (var i = 0; i < count; i++)
                {
                    using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                    probe.Bind(new IPEndPoint(IPAddress.Loopback, first + i));
                }

                return first;
            }
            catch (SocketException)
            {
                // One of them is taken; the next ones.
            }
        }
    }
}
