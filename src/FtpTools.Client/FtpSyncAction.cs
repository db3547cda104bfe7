using System;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FtpTools;

/// <summary>What one step of a plan does.</summary>
public enum FtpSyncKind
{
    /// <summary>Send a file.</summary>
    Upload,

    /// <summary>Receive a file.</summary>
    Download,

    /// <summary>Make a directory.</summary>
    MakeDirectory,

    /// <summary>Delete a file.</summary>
    RemoveFile,

    /// <summary>Delete a directory, which is empty by then.</summary>
    RemoveDirectory,

    /// <summary>Give a file the time of its like on the other side.</summary>
    SetTime,

    /// <summary>Nothing is done: both sides differ, and which one is right is for somebody to say.</summary>
    Conflict,
}

/// <summary>
/// One step of a plan that makes two directories alike, with what was seen on each side when it was made: texts, numbers and
/// times in UTC alone, so that a plan can be written to a file, looked through, and carried out later or elsewhere.
/// </summary>
public sealed record FtpSyncAction
{
    private readonly string? _id;

    /// <summary>What is done.</summary>
    public required FtpSyncKind Kind { get; init; }

    /// <summary>The side that is changed: Upload for the server, Download for this computer. Of a conflict, the way it would have gone.</summary>
    public required FtpTransferDirection Direction { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>The path below both directories, with <c>/</c> between its parts; empty for the directories themselves.</summary>
    public required string RelativePath { get; init; }

    /// <summary>The absolute local path.</summary>
    public required string LocalPath { get; init; }

    /// <summary>The absolute remote path.</summary>
    public required string RemotePath { get; init; }

    /// <summary>The server, as <c>host:port</c>.</summary>
    public string? Server { get; init; }

    /// <summary>The account on the server.</summary>
    public string? UserName { get; init; }

    /// <summary>What was seen here; null when there was nothing.</summary>
    public FtpItemType? LocalType { get; init; }

    /// <summary>The local file's length in bytes; null when there was no file.</summary>
    public long? LocalLength { get; init; }

    /// <summary>The time of the local file's last change, in UTC, to the second; null when there was no file.</summary>
    public DateTime? LocalTimeUtc { get; init; }

    /// <summary>The same time to the tick (100 ns since the year 1), which not every file format keeps of a time.</summary>
    public long? LocalTicks { get; init; }

    /// <summary>The local file's hash in capital hexadecimal digits; null when it was not asked for.</summary>
    public string? LocalHash { get; init; }

    /// <summary>What was seen on the server; null when there was nothing.</summary>
    public FtpItemType? RemoteType { get; init; }

    /// <summary>The remote file's length in bytes; null when there was no file, or the server does not tell.</summary>
    public long? RemoteLength { get; init; }

    /// <summary>The time of the remote file's last change, in UTC; null when there was no file, or the server does not tell.</summary>
    public DateTime? RemoteTimeUtc { get; init; }

    /// <summary>The same time to the tick, for formats that keep less of a time, or write it as only one culture reads it.</summary>
    public long? RemoteTicks { get; init; }

    /// <summary>How exact that time is.</summary>
    public FtpTimePrecision RemoteTimePrecision { get; init; }

    /// <summary>The remote file's hash in capital hexadecimal digits; null when it was not asked for.</summary>
    public string? RemoteHash { get; init; }

    /// <summary>The algorithm of both hashes, as <c>SHA-256</c>; null when they were not asked for.</summary>
    public string? HashAlgorithm { get; init; }

    /// <summary>How many files and directories the changed side has in all, of which a deletion is one; null of other steps.</summary>
    public int? TargetCount { get; init; }

    /// <summary>Which shard of a plan that was cut it is in, from 1; 0 of one that was not.</summary>
    public int Shard { get; init; }

    /// <summary>The most connections that its shard may use; 0 for the session's own limit.</summary>
    public int MaxConnection { get; init; }

    /// <summary>The most bytes a second that its shard may move; 0 for no limit.</summary>
    public long RateLimit { get; init; }

    /// <summary>The bytes that are moved: those of the file that is copied; 0 of other steps, and where they are not known.</summary>
    public long Length => (Kind switch { FtpSyncKind.Upload => LocalLength, FtpSyncKind.Download => RemoteLength, _ => null }) ?? 0;

    /// <summary>The path that is changed: a remote one of an upload, a local one of a download.</summary>
    public string TargetPath => Direction == FtpTransferDirection.Upload ? RemotePath : LocalPath;

    /// <summary>True when it deletes something.</summary>
    public bool IsRemoval => Kind is FtpSyncKind.RemoveFile or FtpSyncKind.RemoveDirectory;

    /// <summary>The same for the same step: made of what is done, the paths, and what was seen on both sides.</summary>
    public string Id { get => _id ?? Hash(); init => _id = value is { Length: > 0 } ? value : null; }

    /// <summary>In a line.</summary>
    public override string ToString() => $"{Kind} {TargetPath}: {Reason}";

    private string Hash()
    {
        var text = string.Format(
            CultureInfo.InvariantCulture, "{0}|{1}|{2}|{3}|{4}|{5}|{6}|{7}|{8}|{9}|{10:yyyyMMddHHmmss}", Kind, Direction, Server, UserName, LocalPath, RemotePath, LocalType, LocalLength, LocalTicks, RemoteLength, RemoteTimeUtc);
        using var sha = SHA256.Create();
        return BitConverter.ToString(sha.ComputeHash(Encoding.UTF8.GetBytes(text)), 0, 8).Replace("-", "").ToLowerInvariant();
    }
}
