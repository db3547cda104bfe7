using System;
using FtpTools.Protocol;

namespace FtpTools;

/// <summary>Which way a transfer goes.</summary>
public enum FtpTransferDirection
{
    /// <summary>To the server (STOR).</summary>
    Upload,

    /// <summary>From the server (RETR).</summary>
    Download,
}

/// <summary>How a transfer ended.</summary>
public enum FtpTransferStatus
{
    /// <summary>The whole file is in its place.</summary>
    Succeeded,

    /// <summary>Nothing was to be done.</summary>
    Skipped,

    /// <summary>It failed; the former file, if there was one, is untouched unless the transfer was direct.</summary>
    Failed,
}

/// <summary>How the copy was compared with the original.</summary>
public enum FtpVerification
{
    /// <summary>Not at all: the server tells no size, or the ASCII type changes it.</summary>
    None,

    /// <summary>By its size in bytes.</summary>
    Size,

    /// <summary>By a hash of its content.</summary>
    Hash,
}

/// <summary>What became of one file: texts, numbers and times, so that it can be written to a file and read later.</summary>
public sealed record FtpTransferResult
{
    private readonly string? _error;
    private readonly string? _errorId;
    private readonly string? _sourceError;
    private readonly string? _sourceErrorId;
    private readonly double? _bytesPerSecond;

    /// <summary>The remote file's name.</summary>
    public string Name => FtpPath.Name(RemotePath);

    /// <summary>The name without <see cref="Extension"/>.</summary>
    public string BaseName => ToItem().BaseName;

    /// <summary>The end of the name, from its last dot; empty when it has none.</summary>
    public string Extension => ToItem().Extension;

    /// <summary>Up or down.</summary>
    public required FtpTransferDirection Direction { get; init; }

    /// <summary>The absolute path that was read: local for an upload, remote for a download.</summary>
    public required string Source { get; init; }

    /// <summary>The absolute path that was written.</summary>
    public required string Destination { get; init; }

    /// <summary>The server, as <c>host:port</c>.</summary>
    public string? Server { get; init; }

    /// <summary>When its first command was sent, in the local time zone; of a file that was not tried, when that was told.</summary>
    public DateTime StartTime { get; init; } = DateTime.Now;

    /// <summary>The local file's length in bytes; of what was skipped, the source's.</summary>
    public long Length { get; init; }

    /// <summary>The time from the first command to the last reply.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>What was moved over <see cref="Elapsed"/>, in bytes a second; what was there to be resumed does not count.</summary>
    public double BytesPerSecond
    {
        get => _bytesPerSecond ?? (Elapsed > TimeSpan.Zero ? Moved / Elapsed.TotalSeconds : 0);
        init => _bytesPerSecond = value;
    }

    /// <summary>How many bytes were moved, in all tries.</summary>
    internal long Moved { get; init; }

    /// <summary>The command that opened the data connection: Pasv, Epsv, Port or Eprt; null when none was opened.</summary>
    public FtpMode? Mode { get; init; }

    /// <summary>The type it was transferred in.</summary>
    public FtpTransferType TransferType { get; init; }

    /// <summary>True when it went on from a part that was there.</summary>
    public bool Resumed { get; init; }

    /// <summary>How many times it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>How the copy was compared with the original.</summary>
    public FtpVerification Verification { get; init; }

    /// <summary>The hash that both sides have, in capital hexadecimal digits; null unless they were compared by it.</summary>
    public string? Hash { get; init; }

    /// <summary>The algorithm of <see cref="Hash"/>, as <c>SHA-256</c>; null where that is.</summary>
    public string? HashAlgorithm { get; init; }

    /// <summary>What step of a plan it was; null of a file that was sent or received for its own sake.</summary>
    public FtpSyncKind? Step { get; init; }

    /// <summary>The id of that step; null where there is none.</summary>
    public string? ActionId { get; init; }

    /// <summary>How it ended.</summary>
    public FtpTransferStatus Status { get; init; }

    /// <summary>Why it failed, in one line; null otherwise.</summary>
    public string? Error { get => Failure is null ? _error : OneLine(Failure.Message); init => _error = value; }

    /// <summary>The stable id of the error; null when it did not fail.</summary>
    public string? ErrorId { get => Failure?.ErrorId ?? _errorId; init => _errorId = value; }

    /// <summary>What became of the original: None where it stays, also because it could not be moved away.</summary>
    public FtpSourceAction SourceAction { get; init; }

    /// <summary>Where the original is now, when it was moved or renamed; null otherwise.</summary>
    public string? SourceDestination { get; init; }

    /// <summary>Why the original was not moved away, or the journal could not be written, though the copy is in its place; in one line. Null otherwise.</summary>
    public string? SourceError { get => SourceFailure is null ? _sourceError : OneLine(SourceFailure.Message); init => _sourceError = value; }

    /// <summary>The stable id of that error; null where there is none.</summary>
    public string? SourceErrorId { get => SourceFailure?.ErrorId ?? _sourceErrorId; init => _sourceErrorId = value; }

    /// <summary>Why the original was not moved away; null otherwise, and of a result that was read back from a file.</summary>
    internal FtpException? SourceFailure { get; init; }

    /// <summary>Why it failed; null otherwise, and of a result that was read back from a file.</summary>
    internal FtpException? Failure { get; init; }

    /// <summary>The session that it was transferred with; null of a result that was read back from a file.</summary>
    internal FtpSession? Session { get; init; }

    /// <summary>The absolute remote path.</summary>
    internal string RemotePath => Direction == FtpTransferDirection.Upload ? Destination : Source;

    /// <summary>Why it failed; null otherwise, and of a result that was read back from a file. It is no property, so that a result that is written to a file does not drag it along.</summary>
    public FtpException? GetException() => Failure;

    /// <summary>Why the original was not moved away; null otherwise, and of a result that was read back from a file.</summary>
    public FtpException? GetSourceException() => SourceFailure;

    /// <summary>The same of a file that was not transferred.</summary>
    /// <param name="error">Why.</param>
    /// <param name="session">The session that it was to be transferred with; null where it did not come to one.</param>
    public FtpTransferResult Failed(FtpException error, FtpSession? session) =>
        this with { Status = FtpTransferStatus.Failed, Failure = error, Session = session, Server = session?.Server ?? error.Server };

    /// <summary>The remote file, as an item that has not been looked for.</summary>
    public FtpItem ToItem() => new() { Name = Name, FullName = RemotePath, Server = Server, Session = Session };

    /// <summary>
    /// Where the copy is: the address of what was sent, the local path of what was received. Of what failed, the address of
    /// the remote file: a local file of that path would be a former one, or another one.
    /// </summary>
    public override string ToString() =>
        Direction == FtpTransferDirection.Download && Status != FtpTransferStatus.Failed ? Destination : FtpAddress.Of(Server ?? "", "/" + RemotePath.TrimStart('/'));

    private static string OneLine(string text) => text.Replace("\r\n", " ").Replace('\n', ' ').Replace('\r', ' ');
}

/// <summary>How files are transferred.</summary>
public sealed record FtpTransferOptions
{
    private readonly string? _temporaryName;

    /// <summary>The type; null for the session's.</summary>
    public FtpTransferType? TransferType { get; init; }

    /// <summary>Write the target in place instead of a temporary file beside it that is renamed when complete.</summary>
    public bool Direct { get; init; }

    /// <summary>
    /// The name that an upload has until it is complete: a pattern whose one <c>*</c> stands for the file's name, as
    /// <c>*.tmp</c>; null for a name that is found nowhere else. Not with <see cref="Direct"/>, which has none.
    /// </summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>: it makes no names.</exception>
    public string? TemporaryName
    {
        get => _temporaryName;
        init => _temporaryName = value is null || Protocol.TemporaryName.WhyNot(value) is not { } reason
            ? value
            : throw new FtpException(FtpErrorKind.InvalidName, $"'{value}' isn't a valid pattern for temporary names, because {reason}. Specify a pattern such as '*.tmp'.");
    }

    /// <summary>Refuse a target that is there already with <see cref="FtpErrorKind.AlreadyExists"/>.</summary>
    public bool NoClobber { get; init; }

    /// <summary>The permission, as a listing tells it, of the file that an upload replaces, for the new one; null when not known.</summary>
    public string? FormerPermission { get; init; }

    /// <summary>Skip a file whose target has the same size and time, or is newer.</summary>
    public bool Update { get; init; }

    /// <summary>Go on with the part that an earlier transfer of the same file has left, if there is one. Not in the ASCII type, whose bytes cannot be counted.</summary>
    public bool Resume { get; init; }

    /// <summary>Add to the end of the remote file (APPE); uploads alone, and implies <see cref="Direct"/>.</summary>
    public bool Append { get; init; }

    /// <summary>Give the copy the original's time; null for downloads alone.</summary>
    public bool? PreserveTime { get; init; }

    /// <summary>Make the target's missing parent directories.</summary>
    public bool CreateParents { get; init; }

    /// <summary>Replace local files that are read-only, too; without it they are left as they are.</summary>
    public bool ReplaceReadOnly { get; init; }

    /// <summary>How the copy is compared with the original before it is put in its place; <see cref="FtpVerification.Hash"/> falls back to nothing: a server that tells no hash is an error.</summary>
    public FtpVerification Verify { get; init; } = FtpVerification.Size;

    /// <summary>Go through links to directories in trees that are received: those on the server, and those here below the destination, which may lead out of it. Downloads alone.</summary>
    public bool FollowSymlink { get; init; }

    /// <summary>
    /// Leave a file that was received to the system to write to the disk when it will, instead of waiting for that before the
    /// file takes its name: a power cut soon after may leave a target that is empty or short. Downloads alone.
    /// </summary>
    public bool SkipFlush { get; init; }

    /// <summary>Where a former file is moved to that is replaced: a path on the target's side, in a directory that is there; null when it is not kept.</summary>
    internal string? BackupPath { get; init; }

    /// <summary>How many times a transfer that failed for a passing reason is tried again, 0 or more; null for 3, or for no bound where <see cref="RetryFor"/> is one.</summary>
    public int? RetryCount { get; init; }

    /// <summary>
    /// For how long what failed for a passing reason is tried again, a server that is away for a while included; zero for
    /// no such bound. The time counts from the first failure, and anew from one before which the transfer had got on.
    /// </summary>
    public TimeSpan RetryFor { get; init; }

    /// <summary>The most files at a time, 1 or more; 0 for as many as the session may have connections.</summary>
    public int ThrottleLimit { get; init; }

    /// <summary>Into how many segments a large file is divided that is received over several connections at once; 1 for none. Downloads alone, and not in the ASCII type.</summary>
    public int Segments { get; init; } = 1;

    /// <summary>Bytes a second of all transfers of the call together; 0 for no limit.</summary>
    public long RateLimit { get; init; }

    /// <summary>What becomes of each original once its copy has been compared with it and has its name. Batches alone.</summary>
    public FtpSourceAction SourceAction { get; init; }

    /// <summary>
    /// For <see cref="FtpSourceAction.Move"/> the directory, made if missing; a relative one is seen from the file's own, of a tree
    /// from its top, whose directories are kept below it. For <see cref="FtpSourceAction.Rename"/> a pattern whose one <c>*</c>
    /// stands for the file's name.
    /// </summary>
    public string? SourceDestination { get; init; }

    /// <summary>The absolute path of a journal: what it tells to have been taken is skipped, and what is taken is written there. Batches alone.</summary>
    public string? Journal { get; init; }

    /// <summary>Refuses what cannot be done together, before anything is done.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.CommandRefused"/>.</exception>
    public void Check()
    {
        if (SourcePlan.WhyNot(this) is { } reason)
            throw new FtpException(FtpErrorKind.CommandRefused, $"Nothing was transferred. {reason}.");
    }
}

/// <summary>How far a transfer is.</summary>
/// <param name="Source">The path that is read.</param>
/// <param name="Destination">The path that is written.</param>
/// <param name="Transferred">Bytes so far.</param>
/// <param name="Length">Bytes in all; null when not known.</param>
public sealed record FtpProgress(string Source, string Destination, long Transferred, long? Length)
{
    /// <summary>The bytes among <see cref="Transferred"/> that were moved, in all tries: those that were there to be resumed are not.</summary>
    public long Moved { get; init; }

    /// <summary>What is waited for, as "waiting, try 2 of 4", while nothing moves between two tries; null otherwise.</summary>
    public string? Waiting { get; init; }
}
