using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace FtpTools.TestServer;

/// <summary>PASV, EPSV, PORT and EPRT: each opens a fresh data channel in place of the last.</summary>
internal static class DataVerbs
{
    public static IReadOnlyDictionary<string, CommandScript> Table { get; } = new Dictionary<string, CommandScript>
    {
        ["PASV"] = (c, _) => PasvAsync(c, isTlsClient: false),
        ["CPSV"] = (c, _) => PasvAsync(c, isTlsClient: true),
        ["EPSV"] = EpsvAsync,
        ["PORT"] = PortAsync,
        ["EPRT"] = EprtAsync,
    };

    private static Task PasvAsync(LoopbackConnection c, bool isTlsClient)
    {
        RefuseAfterEpsvAll(c);
        if (c.Local.AddressFamily != AddressFamily.InterNetwork && c.Server.PasvAddress is null)
            return c.ReplyAsync("425 PASV needs IPv4; use EPSV.");
        var port = Listen(c, isTlsClient);
        var host = (c.Server.PasvAddress ?? c.Local).ToString().Replace('.', ',');
        return c.ReplyAsync($"227 Entering Passive Mode ({host},{port >> 8},{port & 255}).");
    }

    private static Task EpsvAsync(LoopbackConnection c, string argument)
    {
        if (argument.Equals("ALL", StringComparison.OrdinalIgnoreCase))
        {
            c.State.EpsvAll = true;
            return c.ReplyAsync("200 EPSV ALL ok.");
        }

        var own = c.Local.AddressFamily == AddressFamily.InterNetwork ? "1" : "2";
        return argument.Length > 0 && argument != own
            ? c.ReplyAsync($"522 Network protocol not supported, use ({own})")
            : c.ReplyAsync($"229 Entering Extended Passive Mode (|||{Listen(c)}|)");
    }

    private static Task PortAsync(LoopbackConnection c, string argument)
    {
        RefuseAfterEpsvAll(c);
        var parts = argument.Split(',');
        var bytes = new byte[6];
        for (var i = 0; i < 6; i++)
        {
            if (parts.Length != 6 || !byte.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out bytes[i]))
                return c.ReplyAsync("501 PORT takes six numbers.");
        }

        return Dial(c, "PORT", new IPAddress(bytes.AsSpan(0, 4)), (bytes[4] << 8) | bytes[5]);
    }

    private static Task EprtAsync(LoopbackConnection c, string argument)
    {
        RefuseAfterEpsvAll(c);
        // RFC 2428, 2: the first character divides the fields, whatever it is.
        var parts = argument.Length > 0 ? argument.Split(argument[0]) : [];
        if (parts.Length != 5 || !IPAddress.TryParse(parts[2], out var address)
            || !ushort.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return c.ReplyAsync("501 EPRT takes |protocol|address|port|.");
        }

        var family = parts[1] switch
        {
            "1" => AddressFamily.InterNetwork,
            "2" => AddressFamily.InterNetworkV6,
            _ => AddressFamily.Unknown,
        };
        return family == address.AddressFamily && family == c.Local.AddressFamily
            ? Dial(c, "EPRT", address, port)
            : c.ReplyAsync($"522 Network protocol not supported, use ({(c.Local.AddressFamily == AddressFamily.InterNetwork ? 1 : 2)})");
    }

    private static int Listen(LoopbackConnection c, bool isTlsClient = false)
    {
        var channel = DataChannel.Passive(c.Local, c.Server.AllowForeignData ? null : c.Peer);
        channel.IsTlsClient = isTlsClient;
        c.State.SetData(channel);
        return channel.Port;
    }

    private static Task Dial(LoopbackConnection c, string verb, IPAddress address, int port)
    {
        // Dialling anyone but the client would make this a bounce server (RFC 2577, 3).
        if (port == 0 || !(address.Equals(c.Peer) || (c.Server.AllowForeignData && IPAddress.IsLoopback(address))))
            return c.ReplyAsync($"500 Illegal {verb} command.");
        c.State.SetData(DataChannel.Active(c.Local, new IPEndPoint(address, port)));
        return c.ReplyAsync($"200 {verb} command successful.");
    }

    private static void RefuseAfterEpsvAll(LoopbackConnection c)
    {
        if (c.State.EpsvAll)
            throw new RefusalException("501 Only EPSV after EPSV ALL.");
    }
}
