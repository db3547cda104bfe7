using System;
using System.Net;
using System.Net.Sockets;
using FtpTools.Dialogue;

namespace FtpTools.Diagnosis;

/// <summary>Makes plain words of what happened to a data connection: what stood in its way, and who can do what about it.</summary>
internal static class DataDiagnosis
{
    /// <summary>What mends passive mode mostly; goes on, or ends with a full stop.</summary>
    public const string OpenPassivePorts =
        "Open the server's range of passive ports in its firewall (vsftpd: pasv_min_port and pasv_max_port; ProFTPD: PassivePorts; Pure-FTPd: -p; IIS: Data Channel Port Range)";

    private const string Inspection =
        "A firewall that inspects FTP (with an FTP helper, ALG, fixup or inspection) may have cut it. Disable the inspection, or encrypt the control connection (-Tls Explicit).";

    /// <summary>What it means.</summary>
    public static string Of(DataFacts facts) => facts switch
    {
        { Error: null } => Success(facts),
        { IsCutOff: true } => $"{facts.Verb} wasn't tried, because the connection could not be opened again. {facts.Error!.Message}",
        { LacksReuse: true } =>
            $"The server refused the data connection ('{facts.Reply}'), because it requires data connections to resume the TLS session of the control connection, and this platform didn't. Try -TlsVersion Tls12, or PowerShell 7. Or configure the server not to require it (vsftpd: require_ssl_reuse=NO; ProFTPD: TLSOptions NoSessionReuseRequired).",
        { IsRefusedForAnotherReason: true } => "The data connection isn't the cause of the failure: "
            + (facts.IsUpload
                ? $"the server didn't accept the file. {Said(facts)}With -Path, specify a directory that the account can write to."
                : $"the server didn't list the directory. {Said(facts)}To test the data connection with an upload, use -Path with a directory that the account can write to."),
        { Reply.Code: 521 or 522 or 533 or 534, TlsVersion: null, Stage: FtpDataStage.Open or FtpDataStage.Transfer } =>
            $"The server requires encrypted data connections. {Said(facts)}Use TLS, and omit -DataProtection Clear.",
        { CostConnection: true, Stage: FtpDataStage.Announce } => $"The control connection was lost when {facts.Verb} was sent. {Inspection}",
        // Not the server's "no": no local port is free, say, or what it named cannot be read.
        { Stage: FtpDataStage.Announce, Reply: null or { IsNegative: false } } => facts.Error!.Message,
        { Stage: FtpDataStage.Announce } => facts.IsActive ? ActiveRefused(facts) : PassiveRefused(facts),
        { Stage: FtpDataStage.Open } => facts.IsActive ? NotCalled(facts) : NotReached(facts),
        { Stage: FtpDataStage.Secure } =>
            $"The data connection was opened, but TLS on it failed. {Said(facts)}{facts.Error!.Message}",
        { Error.Kind: FtpErrorKind.TransferIncomplete, IsUpload: false } => $"The data connection works. {facts.Error!.Message}",
        _ => $"The data connection was opened, but was then lost. {facts.Error!.Message} A firewall may be cutting connections that it doesn't recognize as FTP.",
    };

    /// <summary>Whether an address means something in its own network alone (RFC 1918, 6598, 3927, 4193, 4291).</summary>
    public static bool IsPrivate(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        if (IPAddress.IsLoopback(address))
            return true;
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return (bytes[0] & 0xFE) == 0xFC || address.IsIPv6LinkLocal;
        return bytes[0] == 10
            || (bytes[0] == 172 && (bytes[1] & 0xF0) == 16)
            || (bytes[0] == 192 && bytes[1] == 168)
            || (bytes[0] == 100 && (bytes[1] & 0xC0) == 64)
            || (bytes[0] == 169 && bytes[1] == 254);
    }

    private static string Success(DataFacts facts)
    {
        var text =
            facts.Used is null ? "Works, without a data connection, because there was nothing to list."
            : facts.IsActive ? $"Works: the server can connect to this computer ({facts.Used} to {facts.Announced})."
            : $"Works: this computer can connect to the server ({facts.Used}).";
        if (facts.TlsVersion is not null)
            text += $" Secured by {facts.TlsVersion}{(facts.Resumed switch { true => ", with the resumed session of the control connection", false => ", with a session of its own, which this server accepts", _ => "" })}.";
        if (IsElsewhere(facts))
            text += $" {Announcement(facts)} This computer connected to the server's known address instead. Clients that use the announced address fail here. The administrator of the server can configure the address that it announces.";
        return text;
    }

    private static string PassiveRefused(DataFacts facts) => facts.Mode == FtpMode.Epsv
        ? $"The server, or a firewall that inspects FTP, doesn't support EPSV. {Said(facts)}Over IPv4, PASV does the same. With Auto, it's used automatically."
        : $"The server doesn't offer passive mode with PASV. {Said(facts)}Use EPSV or active mode.";

    private static string ActiveRefused(DataFacts facts)
    {
        // 500 "Illegal PORT command." (vsftpd, ProFTPD), "I won't open a connection to 10.0.0.2 (only to 192.0.2.1)" (Pure-FTPd).
        var text = facts.Reply?.Text ?? "";
        var isAddress = text.IndexOf("illegal", StringComparison.OrdinalIgnoreCase) >= 0 || text.IndexOf("won't", StringComparison.OrdinalIgnoreCase) >= 0;
        if (!isAddress && facts.Mode == FtpMode.Eprt && facts.Reply is { } reply && FtpRefusal.IsUnknown(reply))
            return $"The server, or a firewall that inspects FTP, doesn't support EPRT. {Said(facts)}Over IPv4, PORT does the same.";
        if (!isAddress)
            return $"The server doesn't accept {facts.Verb}. Its administrator may have disabled active mode. {Said(facts)}Use passive mode.";
        return $"{facts.Verb} sent the address {facts.Announced}, but the server sees this computer at another address, because there is NAT in between. {Said(facts)}"
            + (facts.IsHidden
                ? $"A router's FTP helper could insert the right address, but it can't read {facts.Verb} because of TLS. "
                : $"No router's FTP helper has inserted the right address into {facts.Verb}. ")
            + "Use passive mode. Or connect with -ActiveAddress (the public address of this network) and -ActivePortRange, and have the router forward these ports to this computer"
            + (facts.IsHidden ? ". Or, if the server allows it, make PORT readable for the helper with -ClearCommandChannel." : ".");
    }

    private static string NotReached(DataFacts facts)
    {
        var what = facts.TimedOut
            ? FormattableString.Invariant($"There was no response from {facts.Used} within {facts.Timeout.TotalSeconds:0.#} seconds: a firewall silently drops packets to the server's passive ports.")
            : facts.Socket == SocketError.ConnectionRefused
                ? $"{facts.Used} refused the connection immediately: a firewall rejects connections to the server's passive ports, or its router doesn't forward them."
                : facts.Socket is null ? facts.Error!.Message
                : $"{facts.Used} could not be reached ({facts.Socket}): a firewall or a router in between reports that connections to it aren't allowed.";
        if (!IsElsewhere(facts))
        {
            return facts is { Mode: FtpMode.Pasv, AnnouncedAddress: { } obeyed } && !obeyed.Equals(facts.Peer)
                ? $"{what} {Announcement(facts)} This computer connected to it because of -TrustPassiveAddress. Omit this parameter."
                : $"{what} {OpenPassivePorts}, or use active mode.";
        }

        var remedy = IsPrivate(facts.AnnouncedAddress!)
            ? "Have the router in front of the server forward its range of passive ports to it, or use active mode."
            : "If the announced computer is another computer of the same service, use -TrustPassiveAddress to connect to it. Otherwise, open the server's range of passive ports in its firewall, or use active mode.";
        return $"{what} {Announcement(facts)} This computer connected to {facts.Used} instead. {remedy}";
    }

    private static string NotCalled(DataFacts facts)
    {
        var what = facts.TimedOut
            ? FormattableString.Invariant($"The server accepted {facts.Verb}, but its connection to {facts.Announced} didn't arrive within {facts.Timeout.TotalSeconds:0.#} seconds: a firewall on this computer, or in front of it, silently drops connections from outside.")
            : $"The server could not connect to {facts.Announced}: a firewall on this computer, or in front of it, rejects connections from outside. {Said(facts)}";
        var nat = facts.AnnouncedAddress is { } announced && IsPrivate(announced) && !IsPrivate(facts.Peer)
            ? $" In addition, the address {announced} is private, so the server can't reach it from the internet." : "";
        return $"{what.TrimEnd()}{nat} Use passive mode. Or connect with -ActivePortRange, for example 50000-50100, and allow connections from {facts.Peer} to that range.";
    }

    private static bool IsElsewhere(DataFacts facts) =>
        facts is { Mode: FtpMode.Pasv, AnnouncedAddress: { } announced } && facts.Used?.StartsWith($"{announced}:", StringComparison.Ordinal) != true;

    private static string Announcement(DataFacts facts) => IsPrivate(facts.AnnouncedAddress!)
        ? $"The server announced its private address {facts.AnnouncedAddress}, so it's behind NAT and isn't configured for it."
        : $"The server announced {facts.AnnouncedAddress}, which isn't the address that this computer connected to.";

    private static string Said(DataFacts facts) => facts.Reply is { } reply ? $"It replied '{$"{reply}".TrimEnd('.')}'. " : "";
}
