using System;
using FtpTools.Protocol;

namespace FtpTools;

/// <summary>What kind of thing a remote name stands for.</summary>
public enum FtpItemType
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link; <see cref="FtpItem.LinkTarget"/> says where to, if the server told.</summary>
    SymbolicLink,

    /// <summary>A device, a socket, a pipe, or a kind that the server did not name.</summary>
    Other,
}

/// <summary>How exact <see cref="FtpItem.LastWriteTimeUtc"/> is, and so how far it can be compared.</summary>
public enum FtpTimePrecision
{
    /// <summary>The server gave no time.</summary>
    None,

    /// <summary>Only the date is known (LIST of an item older than about half a year).</summary>
    Day,

    /// <summary>
    /// Known by the server's own clock, of which the time zone is not known (LIST of a server that does not tell UTC by MDTM):
    /// up to 14 hours off. <c>Connect-Ftp -ServerTimeZone</c> makes it exact.
    /// </summary>
    ServerTime,

    /// <summary>Known to the minute (LIST of a recent item, turned into UTC).</summary>
    Minute,

    /// <summary>Known to the second (MLSD, MLST or MDTM, RFC 3659; always UTC).</summary>
    Second,

    /// <summary>Known to a fraction of a second (RFC 3659, 2.3).</summary>
    Millisecond,
}

/// <summary>One remote file, directory or link, as a listing (MLSD, MLST, LIST) described it.</summary>
public sealed class FtpItem
{
    private DateTime? _lastWriteTimeUtc;
    private FtpTimePrecision _timePrecision;
    private bool _isTimeOfServer;
    private string? _linkTarget;
    private string? _server;

    /// <summary>The last part of <see cref="FullName"/>; <c>/</c> for the root.</summary>
    public required string Name { get; init; }

    /// <summary>The absolute remote path, with <c>/</c> between its parts.</summary>
    public required string FullName { get; init; }

    /// <summary>The absolute path of the directory that holds the item; empty for the root.</summary>
    public string DirectoryName => Protocol.FtpPath.Parent(FullName);

    /// <summary>
    /// The server that the item is on, as <c>host:port</c>: the session's, or what an item tells that was read back from a
    /// file and has none; null when that is not known.
    /// </summary>
    public string? Server { get => Session?.Server ?? _server; init => _server = value; }

    /// <summary>The name without <see cref="Extension"/>; of a directory the whole name.</summary>
    public string BaseName => IsDirectory ? Name : Name.Substring(0, Name.Length - Extension.Length);

    /// <summary>The name's end from its last dot on; empty when there is none, or nothing behind it.</summary>
    public string Extension => Name.LastIndexOf('.') is var dot && dot >= 0 && dot < Name.Length - 1 ? Name.Substring(dot) : "";

    /// <summary>File, directory, link or other.</summary>
    public FtpItemType ItemType { get; init; }

    /// <summary>
    /// The size in bytes; null when the server did not tell, and for directories. Of a server that tells blocks (OpenVMS) or
    /// kilobytes it is about so much.
    /// </summary>
    public long? Length { get; init; }

    /// <summary>Whether the server has told the size in blocks, records or kilobytes, so that it may be another by some.</summary>
    internal bool IsLengthRough { get; init; }

    /// <summary>The size, where it is to the byte; null otherwise.</summary>
    internal long? ExactLength => IsLengthRough ? null : Length;

    /// <summary>The time of the last change in the local time zone; null when the server did not tell.</summary>
    public DateTime? LastWriteTime => LastWriteTimeUtc?.ToLocalTime();

    /// <summary>The time of the last change in UTC; null when the server did not tell.</summary>
    public DateTime? LastWriteTimeUtc { get => _lastWriteTimeUtc; init => _lastWriteTimeUtc = value; }

    /// <summary>How exact the time is.</summary>
    public FtpTimePrecision TimePrecision { get => _timePrecision; init => _timePrecision = value; }

    /// <summary>
    /// The kind of item and its permissions as <c>ls</c> writes them, <c>drwxr-xr-x</c>; of a server that tells no permissions in
    /// this form the kind alone: <c>d</c>, <c>l</c>, <c>-</c>, or <c>?</c> where that is not known either.
    /// </summary>
    public string Mode => Permission is { Length: >= 10 } permission && "-dlbcps".IndexOf(permission[0]) >= 0
        ? permission
        : ItemType switch { FtpItemType.Directory => "d", FtpItemType.SymbolicLink => "l", FtpItemType.File => "-", _ => "?" };

    /// <summary>The permissions as ten characters (<c>-rw-r--r--</c>), or MLSD's perm fact; null when not told.</summary>
    public string? Permission { get; init; }

    /// <summary>The owner's name or number; null when not told.</summary>
    public string? Owner { get; init; }

    /// <summary>The group's name or number; null when not told.</summary>
    public string? Group { get; init; }

    /// <summary>Where a symbolic link leads, as the server wrote it; null otherwise.</summary>
    public string? LinkTarget
    {
        get => _linkTarget;
        init => _linkTarget = value;
    }

    /// <summary>The line of the listing that this item was read from; empty when there was none.</summary>
    public string RawLine { get; init; } = "";

    /// <summary>The session that the item was read with; null of an item that was read back from a file. It is no property, so that an item that is written to a file does not drag it along.</summary>
    public FtpSession? GetSession() => Session;

    /// <summary>The session that the item was read with, which a cmdlet takes the item from; null of an item that was read back from a file.</summary>
    internal FtpSession? Session { get; set; }

    /// <summary>True while the time is by the server's clock, in a time zone that the line did not name.</summary>
    internal bool IsTimeOfServer { get => _isTimeOfServer; init => _isTimeOfServer = value; }

    /// <summary>True for <see cref="FtpItemType.Directory"/>.</summary>
    public bool IsDirectory => ItemType == FtpItemType.Directory;

    /// <summary>The name, checked for use as the name of a local file.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>: it would lead out of its directory, or cannot be written on this platform.</exception>
    public string ToLocalName()
    {
        LocalName.Check(Name, FullName, Compat.IsWindows);
        return Name;
    }

    /// <summary>The same item under the path that it was asked for by.</summary>
    internal FtpItem Under(string path) => new()
    {
        Name = FtpPath.Name(path),
        FullName = path,
        ItemType = ItemType,
        Length = Length,
        LastWriteTimeUtc = LastWriteTimeUtc,
        TimePrecision = TimePrecision,
        IsTimeOfServer = IsTimeOfServer,
        Permission = Permission,
        Owner = Owner,
        Group = Group,
        LinkTarget = LinkTarget,
        RawLine = RawLine,
        Server = _server,
        Session = Session,
    };

    /// <summary>Replaces a time by the server's clock, before anybody has seen the item.</summary>
    internal void CorrectTime(DateTime utc, FtpTimePrecision precision) => (_lastWriteTimeUtc, _timePrecision, _isTimeOfServer) = (utc, precision, false);

    /// <summary>Takes the target of a link from a later line of the listing.</summary>
    internal void LeadTo(string target) => _linkTarget = target;

    /// <summary>The address, as <see cref="FtpAddress"/> writes it; the full name where the server is not known.</summary>
    public override string ToString() => Server is { } server ? FtpAddress.Of(server, FullName) : FullName;
}
