using System;

namespace FtpTools;

/// <summary>How far a file has come that is taken once.</summary>
public enum FtpJournalState
{
    /// <summary>A run transfers it, or has been broken off while it did.</summary>
    Begun,

    /// <summary>The copy has its name. Where the original was to be moved away, that is still to be done.</summary>
    Taken,

    /// <summary>
    /// The original is being removed, moved or renamed, or a run was broken off while it did that: then it is not known whether what
    /// is there under its name is another file.
    /// </summary>
    Leaving,

    /// <summary>The original has been removed, moved or renamed: what is there under its name is another file.</summary>
    Away,

    /// <summary>It was not taken: the transfer failed, or the target was newer.</summary>
    Left,
}

/// <summary>What a journal tells of a file: texts, numbers and times.</summary>
public sealed record FtpJournalEntry
{
    /// <summary>How far it has come.</summary>
    public required FtpJournalState State { get; init; }

    /// <summary>Up or down.</summary>
    public required FtpTransferDirection Direction { get; init; }

    /// <summary>The server, as <c>host:port</c>.</summary>
    public required string Server { get; init; }

    /// <summary>The account's name.</summary>
    public required string UserName { get; init; }

    /// <summary>The absolute remote path.</summary>
    public required string RemotePath { get; init; }

    /// <summary>The absolute local path.</summary>
    public required string LocalPath { get; init; }

    /// <summary>The original's length in bytes; null when the server did not tell.</summary>
    public long? Length { get; init; }

    /// <summary>The time of the original's last change in UTC; null when the server did not tell.</summary>
    public DateTime? LastWriteTimeUtc { get; init; }

    /// <summary>How exact that time is.</summary>
    public FtpTimePrecision TimePrecision { get; init; }

    /// <summary>The hash that both sides have, in capital hexadecimal digits; null unless they were compared by it.</summary>
    public string? Hash { get; init; }

    /// <summary>The algorithm of <see cref="Hash"/>; null where that is.</summary>
    public string? HashAlgorithm { get; init; }

    /// <summary>Which transfer of the file as it is it was, from 1: more where others were broken off.</summary>
    public int Attempt { get; init; }

    /// <summary>What is to become of the original, or has become of it; None where it stays.</summary>
    public FtpSourceAction SourceAction { get; init; }

    /// <summary>Where the original is now, or where it was to go while it is <see cref="FtpJournalState.Leaving"/>; null unless it was moved or renamed.</summary>
    public string? SourceDestination { get; init; }

    /// <summary>Why it was left, or not moved away, as the stable id of the error; null otherwise.</summary>
    public string? ErrorId { get; init; }

    /// <summary>When this was written, in UTC.</summary>
    public DateTime TimeUtc { get; init; }

    /// <summary>The run that has written it.</summary>
    public string Run { get; init; } = "";

    /// <summary>Whether the copy of a former file may look like the one that is being made, so that a copy which looks right is no proof that it was made.</summary>
    internal bool HasLookalike { get; init; }

    /// <summary>The path that is read.</summary>
    internal string Source => Direction == FtpTransferDirection.Upload ? LocalPath : RemotePath;

    /// <summary>The state, and the address of the remote file.</summary>
    public override string ToString() => $"{State} {FtpAddress.Of(Server, RemotePath)}";
}
