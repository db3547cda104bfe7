using System;
using System.Collections.Generic;
using System.Net;
using System.Threading;
using FtpTools.Connection;
using FtpTools.Listing;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <summary>What the connections of one session share: settings that may change between transfers, and what was learnt of the server.</summary>
internal sealed class SessionTraits(FtpClientOptions options)
{
    /// <summary>What the server does otherwise.</summary>
    public ServerHabits Habits { get; } = new(options);

    /// <summary>What the server's clock shows in listings by LIST.</summary>
    public ServerClock Clock { get; } = new(options.ServerTimeZone);

    /// <summary>How data connections are opened; replaced, and its memory with it, when the mode is set.</summary>
    public DataModeLadder Ladder { get; set; } = new(options.Mode);

    /// <summary>The local ports of active mode; replaced when the range is set.</summary>
    public ActivePorts ActivePorts { get; set; } = new(options.ActivePortRange);

    /// <summary>What PORT and EPRT announce; null for the control connection's own address.</summary>
    public IPAddress? ActiveAddress { get; set; } = options.ActiveAddress;

    /// <summary>What the server can do; null until the first connection has asked, so that the others need not.</summary>
    public FtpFeatures? Features { get; set; }

    /// <summary>What TLS the session's last control connection agreed on; null in clear text.</summary>
    public FtpSecurity? Security { get; set; }

    /// <summary>What the server says it runs on (SYST, RFC 959, 4.1.3); empty when it does not tell, null when nobody has asked.</summary>
    public string? System { get; set; }

    /// <summary>True when the server says it is a Unix, so that LIST takes the options of ls.</summary>
    public bool IsUnix => System?.StartsWith("UNIX", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The directory that a login begins in (PWD); null when it is not known.</summary>
    public string? LoginDirectory { get; set; }

    /// <summary>Whether PWD has told the current directory.</summary>
    public bool IsDirectoryTold { get; set; }

    /// <summary>Whether directories are listed by MLSD.</summary>
    public bool HasMlsd => Features!.HasFacts && !Habits.Has(ServerHabit.NoMlsd);

    /// <summary>Whether single items are asked for by MLST.</summary>
    public bool HasMlst => Features!.HasFacts && !Habits.Has(ServerHabit.NoMlst);

    /// <summary>Learns what the server runs on.</summary>
    public void LearnSystem(FtpReply reply)
    {
        System = reply.IsCompletion ? reply.SentText.Trim() : "";
        ListingMemory.LearnSystem(System);
    }

    /// <summary>How the server wants paths said.</summary>
    public PathStyle PathStyle { get; set; }

    /// <summary>What was learnt of the form of the server's listings.</summary>
    public ListingMemory ListingMemory { get; } = new();

    /// <summary>Whether the server took the last call within a moment.</summary>
    public bool IsNear { get; set; }

    /// <summary>The ways in which the server tells hashes, the best first; none when it tells none, or nobody has asked.</summary>
    public IReadOnlyList<FtpHash> Hashes { get; set; } = [];

    /// <summary>True once it was asked how the server tells hashes.</summary>
    public bool HasSoughtHash { get; set; }

    /// <summary>Lets one connection at a time ask for that.</summary>
    public SemaphoreSlim HashSearch { get; } = new(1, 1);

    /// <summary>True once the server was seen to set no permissions (SITE CHMOD).</summary>
    public bool HasNoPermission { get; set; }

    /// <summary>The permission of files that are new on the server; null as long as nobody has looked.</summary>
    public int? NewFilePermission { get; set; }
}
