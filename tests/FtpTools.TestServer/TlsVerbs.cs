using System.Collections.Generic;
using System.Threading.Tasks;

namespace FtpTools.TestServer;

/// <summary>AUTH, PBSZ, PROT and CCC (RFC 2228 and RFC 4217), and SSCN, which is in no RFC.</summary>
internal static class TlsVerbs
{
    public static IReadOnlyDictionary<string, CommandScript> Table { get; } = new Dictionary<string, CommandScript>
    {
        ["AUTH"] = AuthAsync,
        ["PBSZ"] = PbszAsync,
        ["PROT"] = ProtAsync,
        ["CCC"] = CccAsync,
        ["SSCN"] = SscnAsync,
    };

    /// <summary>The lines of FEAT (RFC 4217, 6).</summary>
    public static IReadOnlyList<string> Features { get; } = ["AUTH TLS", "PBSZ", "PROT"];

    private static async Task AuthAsync(LoopbackConnection c, string argument)
    {
        if (c.Server.Certificate is null)
        {
            await c.ReplyAsync("502 AUTH not implemented.").ConfigureAwait(false);
        }
        else if (argument.ToUpperInvariant() is not ("TLS" or "SSL"))
        {
            await c.ReplyAsync("504 Only AUTH TLS is implemented.").ConfigureAwait(false);
        }
        else if (c.IsSecure)
        {
            await c.ReplyAsync("503 TLS is on already.").ConfigureAwait(false);
        }
        else
        {
            var reply = "234 Proceed with negotiation.\r\n" + c.Server.InjectAfterAuth;
            await c.SendRawAsync(c.Server.Encoding.GetBytes(reply)).ConfigureAwait(false);
            await c.SecureAsync().ConfigureAwait(false);
        }
    }

    private static Task PbszAsync(LoopbackConnection c, string argument)
    {
        if (!c.State.TlsAgreed)
            return c.ReplyAsync("503 PBSZ needs TLS.");
        c.State.BufferSizeGiven = true;
        // TLS has no use for the size (RFC 4217, 9).
        return c.ReplyAsync("200 PBSZ=0");
    }

    private static Task ProtAsync(LoopbackConnection c, string argument)
    {
        if (!c.State.TlsAgreed || !c.State.BufferSizeGiven)
            return c.ReplyAsync("503 PROT needs PBSZ first.");
        var level = argument.ToUpperInvariant();
        // RFC 4217, 9: TLS knows nothing between private and clear.
        if (level is "S" or "E")
            return c.ReplyAsync($"536 PROT {level} is not supported.");
        if (level is not ("C" or "P"))
            return c.ReplyAsync("504 PROT takes C or P.");
        c.State.ProtectsData = level == "P";
        return c.ReplyAsync($"200 PROT {level} ok.");
    }

    private static Task SscnAsync(LoopbackConnection c, string argument)
    {
        if (argument.ToUpperInvariant() is not ("" or "ON" or "OFF"))
            return c.ReplyAsync("504 SSCN takes ON or OFF.");
        if (argument.Length > 0)
            c.State.IsTlsClient = argument.Equals("ON", System.StringComparison.OrdinalIgnoreCase);
        return c.ReplyAsync($"200 SSCN:{(c.State.IsTlsClient ? "CLIENT" : "SERVER")} METHOD");
    }

    private static Task CccAsync(LoopbackConnection c, string argument) => c.IsSecure && c.Server.AllowClearCommandChannel
        ? c.ClearAsync("200 Clearing the control channel.")
        : c.ReplyAsync("533 The control channel stays as it is.");
}
