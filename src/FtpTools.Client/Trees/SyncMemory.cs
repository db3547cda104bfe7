using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;
using FtpTools.Protocol;

namespace FtpTools.Trees;

/// <summary>What is remembered of two directories. Safe to use from several threads at once.</summary>
internal sealed class SyncMemory : FtpSyncState
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly object _lock = new();
    private readonly SyncEnds _ends;
    private readonly Dictionary<string, SyncRecord> _former;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SyncRecord> _new = new(StringComparer.Ordinal);
    private bool _isWhole;

    private SyncMemory(string? path, SyncEnds ends)
    {
        (Path, _ends) = (path, ends);
        _former = Read(path is null ? null : FtpPrivateFile.Read(path));
    }

    /// <inheritdoc/>
    public override string? Path { get; }

    /// <summary>Reads what is remembered, which may be nothing yet.</summary>
    /// <param name="path">The file; null for the account's own.</param>
    /// <param name="ends">The directories.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>: there is another file, or it cannot be read.</exception>
    public static SyncMemory Open(string? path, SyncEnds ends)
    {
        var local = System.IO.Path.GetPathRoot(ends.Local) == ends.Local ? ends.Local : ends.Local.TrimEnd(System.IO.Path.DirectorySeparatorChar);
        ends = ends with { Local = local };
        return new SyncMemory(path ?? OwnPath(ends), ends);
    }

    /// <summary>The directories that a step is of.</summary>
    public static (string Local, string Remote) Tops(FtpSyncAction action)
    {
        var (local, remote) = (action.LocalPath, action.RemotePath);
        for (var depth = action.RelativePath.Length == 0 ? 0 : action.RelativePath.Count(c => c == '/') + 1; depth > 0; depth--)
            (local, remote) = (System.IO.Path.GetDirectoryName(local) ?? local, FtpPath.Parent(remote));
        return (local, remote);
    }

    /// <summary>What a file was; null when it is not known. It is noted that something is there on one side or both.</summary>
    public SyncRecord? Recall(string relativePath)
    {
        if (!_former.TryGetValue(relativePath, out var record))
            return null;
        lock (_lock)
            _seen.Add(relativePath);
        return record;
    }

    /// <summary>Notes what a file is on both sides, which are alike; nothing when their times are not known, for no change could be seen.</summary>
    public void Note(string relativePath, SyncFacts here, SyncFacts there)
    {
        var record = new SyncRecord(here, there);
        if (!here.IsFile || !there.IsFile || here.Time is null || there.Time is null || here.HasLengthOf(there) == false)
            return;
        if (_former.TryGetValue(relativePath, out var former) && (record == former || former.Changes(here, there) == (false, false)))
            return; // what was known may be more exact
        lock (_lock)
            _new[relativePath] = record;
    }

    /// <summary>Notes that all of both sides was looked at: what was on neither is forgotten.</summary>
    public void NoteWhole() => _isWhole = true;

    /// <summary>Notes what a step has made. To know less is no failure.</summary>
    public async Task NoteMadeAsync(BatchContext context, FtpSyncAction action)
    {
        if (action.Kind is not (FtpSyncKind.Upload or FtpSyncKind.Download) || Tops(action) != (_ends.Local, _ends.Remote))
            return;
        try
        {
            if (action.Kind == FtpSyncKind.Upload)
                Note(action.RelativePath, SeenHere(action), await context.PersistAsync($"to access '{action.RemotePath}'", connection => MadeThereAsync(context, connection, action)).ConfigureAwait(false));
            else
                Note(action.RelativePath, SyncFacts.OfLocal(action.LocalPath), new(FtpItemType.File, action.RemoteLength, action.RemoteTimeUtc, action.RemoteTimePrecision));
        }
        catch (Exception e) when (e is FtpException or OperationCanceledException)
        {
            context.Trace(FtpLogLevel.Information, $"The state of '{action.RelativePath}' isn't saved. {e.Message}");
        }
    }

    /// <inheritdoc/>
    public override async Task SaveAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_new.Count == 0 && !(_isWhole && _seen.Count < _former.Count))
                return;
        }

        if (Path is null)
            throw new FtpException(FtpErrorKind.LocalFileError, "This account has no folder for application settings; for example, HOME isn't set. Specify a file with -StatePath.");
        await FtpPrivateFile.ChangeAsync(Path, content => Write(Merge(_former, Read(content))), _patience, cancellationToken).ConfigureAwait(false);
    }

    private static SyncFacts SeenHere(FtpSyncAction action) => action.LocalTicks is { } ticks
        ? new(FtpItemType.File, action.LocalLength, new DateTime(ticks, DateTimeKind.Utc), FtpTimePrecision.Millisecond)
        : new(FtpItemType.File, action.LocalLength, action.LocalTimeUtc, FtpTimePrecision.Second);

    // At once, so that nobody else's change is taken for ours; where the server sets times, another time tells of one.
    private static async Task<SyncFacts> MadeThereAsync(BatchContext context, FtpConnection connection, FtpSyncAction action)
    {
        var stop = context.CancellationToken;
        var made = connection.Listings.TellsSingleItems
            ? SyncFacts.Of(await connection.Listings.FindAsync(action.RemotePath, stop).ConfigureAwait(false))
            : new(FtpItemType.File, action.LocalLength, await connection.Files.ModificationTimeAsync(action.RemotePath, stop).ConfigureAwait(false), FtpTimePrecision.Second);
        return connection.Facts.SetsTimes && made.CompareTime(SeenHere(action)) is not 0 ? default : made;
    }

    // Another run may have written meanwhile: what it knows and this one does not is kept.
    private Dictionary<string, SyncRecord> Merge(IReadOnlyDictionary<string, SyncRecord> former, Dictionary<string, SyncRecord> now)
    {
        lock (_lock)
        {
            if (_isWhole)
            {
                foreach (var path in former.Keys)
                {
                    if (!_seen.Contains(path) && now.TryGetValue(path, out var record) && record == former[path])
                        now.Remove(path);
                }
            }

            foreach (var pair in _new)
                now[pair.Key] = pair.Value;
        }

        return now;
    }

    private Dictionary<string, SyncRecord> Read(byte[]? content)
    {
        if (content is null)
            return new Dictionary<string, SyncRecord>(StringComparer.Ordinal);
        try
        {
            return SyncMemoryText.Read(new StreamReader(new MemoryStream(content)), _ends);
        }
        catch (FormatException e)
        {
            throw new FtpException(FtpErrorKind.LocalFileError, $"'{Path}' can't be used to save the state of the files. {e.Message} Specify another file with -StatePath, or delete this one. The next run then uses the newer one of two different files.", null, e);
        }
    }

    private byte[] Write(Dictionary<string, SyncRecord> records)
    {
        using var content = new MemoryStream();
        using (var text = new StreamWriter(content, new UTF8Encoding(false), 64 * 1024, leaveOpen: true) { NewLine = "\n" })
            SyncMemoryText.Write(text, _ends, records);
        return content.ToArray();
    }

    private static string? OwnPath(SyncEnds ends)
    {
        var folder = Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        if (folder.Length == 0)
            return null;
        var local = Compat.IsWindows ? ends.Local.ToUpper(CultureInfo.InvariantCulture) : ends.Local;
        using var sha = SHA256.Create();
        var hash = sha.ComputeHash(Encoding.UTF8.GetBytes($"{ends.Server}\n{ends.UserName}\n{ends.Remote}\n{local}"));
        return System.IO.Path.Combine(folder, "FtpTools", "sync", BitConverter.ToString(hash, 0, 16).Replace("-", "").ToLowerInvariant() + ".jsonl");
    }
}
