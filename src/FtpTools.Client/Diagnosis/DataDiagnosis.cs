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
        "Open the server's range of passive ports in the firewall there (vsftpd: pasv_min_port and pasv_max_port; ProFTPD: PassivePorts; Pure-FTPd: -p; IIS: Data Channel Port Range)";

    private const string Inspection =
        "A firewall on the way that inspects FTP (it calls that an FTP helper, ALG, fixup or inspection) may have cut it. Turn the inspection off, or hide the control connection from it by TLS (-Tls Explicit).";

    /// <summary>What it means.</summary>
    public static string Of(DataFacts facts) => facts switch
    {
        { Error: null } => Success(facts),
        { IsCutOff: true } => $"The connection could not be made again, so that {facts.Verb} was not tried. {facts.Error!.Message}",
        { LacksReuse: true } =>
            $"The server refused the data connection ('{facts.Reply}'), for it wants the TLS session of the control connection resumed there and this platform did not. Try -TlsVersion Tls12, or PowerShell 7; or have the server not demand it (vsftpd: require_ssl_reuse=NO; ProFTPD: TLSOptions NoSessionReuseRequired).",
        { IsRefusedForAnotherReason: true } => "The data connection is not what failed: "
            + (facts.IsUpload
                ? $"the server would not take the file. {Said(facts)}Name a directory that the account may write to with -Path."
                : $"the server would not list the directory. {Said(facts)}With -Path and a directory that the account may write to, an upload tests it."),
        { Reply.Code: 521 or 522 or 533 or 534, TlsVersion: null, Stage: FtpDataStage.Open or FtpDataStage.Transfer } =>
            $"The server wants data connections to be encrypted. {Said(facts)}Use TLS, and leave out -DataProtection Clear.",
        { CostConnection: true, Stage: FtpDataStage.Announce } => $"The control connection was lost when {facts.Verb} was sent. {Inspection}",
        // Not the server's "no": no local port is free, say, or what it named cannot be read.
        { Stage: FtpDataStage.Announce, Reply: null or { IsNegative: false } } => facts.Error!.Message,
        { Stage: FtpDataStage.Announce } => facts.IsActive ? ActiveRefused(facts) : PassiveRefused(facts),
        { Stage: FtpDataStage.Open } => facts.IsActive ? NotCalled(facts) : NotReached(facts),
        { Stage: FtpDataStage.Secure } =>
            $"The data connection was opened, and TLS on it failed. {Said(facts)}{facts.Error!.Message}",
        _ => $"The data connection was opened and then broke. {facts.Error!.Message} A firewall on the way may be cutting connections that it does not know to be FTP's.",
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
            facts.Used is null ? "Works, without a data connection: there was nothing to list."
            : facts.IsActive ? $"Works: the server can dial this computer ({facts.Used} to {facts.Announced})."
            : $"Works: this computer can dial the server ({facts.Used}).";
        if (facts.TlsVersion is not null)
            text += $" Secured by {facts.TlsVersion}{(facts.Resumed switch { true => ", the control connection's session resumed", false => ", in a session of its own (this server does not mind)", _ => "" })}.";
        if (IsElsewhere(facts))
            text += $" {Announcement(facts)} The address it was reached at was dialled instead. Clients that believe the announcement fail here; the server's administrator can set the address to announce.";
        return text;
    }

    private static string PassiveRefused(DataFacts facts) => facts.Mode == FtpMode.Epsv
        ? $"The server, or a firewall that inspects FTP, does not know EPSV. {Said(facts)}Over IPv4 PASV does the same; Auto goes on to it by itself."
        : $"The server offers no passive mode by PASV. {Said(facts)}Use EPSV or active mode.";

    private static string ActiveRefused(DataFacts facts)
    {
        // 500 "Illegal PORT command." (vsftpd, ProFTPD), "I won't open a connection to 10.0.0.2 (only to 192.0.2.1)" (Pure-FTPd).
        var text = facts.Reply?.Text ?? "";
        var isAddress = text.IndexOf("illegal", StringComparison.OrdinalIgnoreCase) >= 0 || text.IndexOf("won't", StringComparison.OrdinalIgnoreCase) >= 0;
        if (!isAddress && facts.Mode == FtpMode.Eprt && facts.Reply is { } reply && FtpRefusal.IsUnknown(reply))
            return $"The server, or a firewall that inspects FTP, does not know EPRT. {Said(facts)}Over IPv4 PORT does the same.";
        if (!isAddress)
            return $"The server does not take {facts.Verb}: its administrator may have turned active mode off. {Said(facts)}Use passive mode.";
        return $"{facts.Verb} told the server {facts.Announced}, and the server sees this computer at another address: NAT stands between. {Said(facts)}"
            + (facts.IsHidden
                ? $"A router's FTP helper could put the right address into {facts.Verb}, but TLS hides {facts.Verb} from it. "
                : $"No FTP helper of a router has put the right address into {facts.Verb}. ")
            + "Use passive mode; or connect with -ActiveAddress, this side's public address, and -ActivePortRange, and have the router forward these ports to this computer"
            + (facts.IsHidden ? "; or, where the server allows it, show the helper PORT again with -ClearCommandChannel." : ".");
    }

    private static string NotReached(DataFacts facts)
    {
        var what = facts.TimedOut
            ? FormattableString.Invariant($"Nothing answered at {facts.Used} within {facts.Timeout.TotalSeconds:0.#} seconds: something silently drops what goes to the server's passive ports.")
            : facts.Socket == SocketError.ConnectionRefused
                ? $"{facts.Used} refused the connection at once: a firewall rejects what goes to the server's passive ports, or its router does not forward them."
                : facts.Socket is null ? facts.Error!.Message
                : $"{facts.Used} could not be reached ({facts.Socket}): a firewall or a router on the way says that it is out of bounds.";
        if (!IsElsewhere(facts))
        {
            return facts is { Mode: FtpMode.Pasv, AnnouncedAddress: { } obeyed } && !obeyed.Equals(facts.Peer)
                ? $"{what} {Announcement(facts)} -TrustPassiveAddress had this computer dial it; leave that out."
                : $"{what} {OpenPassivePorts}, or use active mode.";
        }

        var remedy = IsPrivate(facts.AnnouncedAddress!)
            ? "Have the router in front of the server forward the server's range of passive ports to it, or use active mode."
            : "If the announced computer is another one of the same service, -TrustPassiveAddress dials it; else open the server's range of passive ports in the firewall there, or use active mode.";
        return $"{what} {Announcement(facts)} This computer dialled {facts.Used} instead. {remedy}";
    }

    private static string NotCalled(DataFacts facts)
    {
        var what = facts.TimedOut
            ? FormattableString.Invariant($"The server took {facts.Verb}, and its call to {facts.Announced} did not arrive within {facts.Timeout.TotalSeconds:0.#} seconds: a firewall on this computer, or in front of it, silently drops connections from outside.")
            : $"The server dialled {facts.Announced} and did not get through: a firewall on this computer, or in front of it, rejects connections from outside. {Said(facts)}";
        var nat = facts.AnnouncedAddress is { } announced && IsPrivate(announced) && !IsPrivate(facts.Peer)
            ? $" The address {announced} is private besides, so that the server could not reach it from the internet." : "";
        return $"{what.TrimEnd()}{nat} Use passive mode; or connect with -ActivePortRange 50000-50100, say, and let that range in from {facts.Peer}.";
    }

    private static bool IsElsewhere(DataFacts facts) =>
        facts is { Mode: FtpMode.Pasv, AnnouncedAddress: { } announced } && facts.Used?.StartsWith($"{announced}:", StringComparison.Ordinal) != true;

    private static string Announcement(DataFacts facts) => IsPrivate(facts.AnnouncedAddress!)
        ? $"The server announced its private address {facts.AnnouncedAddress}, so it stands behind NAT and does not know it."
        : $"The server announced {facts.AnnouncedAddress}, which is not the address it was reached at.";

    private static string Said(DataFacts facts) => facts.Reply is { } reply ? $"It said '{$"{reply}".TrimEnd('.')}'. " : "";
}
