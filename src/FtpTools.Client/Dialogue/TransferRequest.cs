using System;

namespace FtpTools.Dialogue;

/// <summary>What is to be transferred.</summary>
/// <param name="Verb">The command.</param>
/// <param name="Argument">Its argument; null for none.</param>
/// <param name="Type">The transfer type; null where that does not matter, as for most listings.</param>
/// <param name="Task">What it is for, as in "Could not <c>list '/in'</c>".</param>
/// <param name="Path">The remote path that it is about.</param>
internal sealed record TransferRequest(string Verb, string? Argument, FtpTransferType? Type, string Task, string Path)
{
    /// <summary>The directory to be in; null when that does not matter.</summary>
    public string? Directory { get; init; }

    /// <summary>True for a listing: of nothing, it may need no data connection.</summary>
    public bool IsListing => Verb is "LIST" or "MLSD" or "NLST";

    /// <summary>Whether another transfer over the same connection is to follow at once; null for no.</summary>
    public Func<bool>? IsFollowed { get; init; }

    /// <summary>Ask for the time of the file's last change along with it.</summary>
    public bool IsTimeWanted { get; init; }

    /// <summary>How many bytes are not to be transferred again.</summary>
    public long RestartAt { get; init; }

    /// <summary>How many bytes are to be received; null when that is not known.</summary>
    public long? Expected { get; init; }
}
