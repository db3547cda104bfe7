using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using FtpTools.Protocol;

namespace FtpTools.Trees;

/// <summary>Which two directories are meant.</summary>
/// <param name="Server">The server, as <c>host:port</c>.</param>
/// <param name="UserName">The account on it.</param>
/// <param name="Remote">The remote directory.</param>
/// <param name="Local">The local one.</param>
internal sealed record SyncEnds(string Server, string UserName, string Remote, string Local);

/// <summary>What is remembered of two directories as text: a line that says of which, and a line a file, each an object of JSON.</summary>
internal static class SyncMemoryText
{
    private const int Version = 1;
    private const string Product = "FtpTools";

    /// <summary>Writes it, in the order of the paths.</summary>
    public static void Write(TextWriter text, SyncEnds ends, IReadOnlyDictionary<string, SyncRecord> records)
    {
        text.Write(JsonLine.Write(("syncState", Product), ("version", Version), ("server", ends.Server), ("user", ends.UserName), ("remote", ends.Remote), ("local", ends.Local)));
        text.Write('\n');
        var paths = new List<string>(records.Keys);
        paths.Sort(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            var (here, there) = records[path];
            text.Write(JsonLine.Write(
                ("path", path), ("localLength", here.Length), ("localTicks", here.Time?.Ticks),
                ("remoteLength", there.Length), ("remoteTicks", there.Time?.Ticks), ("remotePrecision", there.Precision.ToString())));
            text.Write('\n');
        }
    }

    /// <summary>Reads it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="ends">The directories that it has to be of.</param>
    /// <exception cref="FormatException">It is something else, of others, of a later version, or not whole.</exception>
    public static Dictionary<string, SyncRecord> Read(TextReader text, SyncEnds ends)
    {
        var header = text.ReadLine() is { } first ? JsonLine.TryRead(first) : null;
        if (header is null || Text(header, "syncState") != Product)
            throw new FormatException("It wasn't written by a comparison with -Newer.");
        if (Text(header, "version") is var version && version != Version.ToString(CultureInfo.InvariantCulture))
            throw new FormatException($"It has the version {version}, but this version of FtpTools supports only {Version}.");
        var of = new SyncEnds(Text(header, "server"), Text(header, "user"), Text(header, "remote"), Text(header, "local"));
        if (of with { Local = ends.Local } != ends || !of.Local.Equals(ends.Local, Compat.PathComparison))
            throw new FormatException($"It belongs to '{of.Local}' and '{of.Remote}' on {of.Server} as {of.UserName}, not to '{ends.Local}' and '{ends.Remote}' on {ends.Server} as {ends.UserName}.");
        var records = new Dictionary<string, SyncRecord>(StringComparer.Ordinal);
        for (var number = 2; text.ReadLine() is { } line; number++)
        {
            if (JsonLine.TryRead(line) is not { } values || Text(values, "path") is not { Length: > 0 } path)
                throw new FormatException(FormattableString.Invariant($"Its line {number} is incomplete."));
            var precision = Enum.TryParse<FtpTimePrecision>(Text(values, "remotePrecision"), out var known) ? known : FtpTimePrecision.None;
            records[path] = new SyncRecord(
                new(FtpItemType.File, Number(values, "localLength"), Time(values, "localTicks"), FtpTimePrecision.Millisecond),
                new(FtpItemType.File, Number(values, "remoteLength"), Time(values, "remoteTicks"), precision));
        }

        return records;
    }

    private static string Text(Dictionary<string, string> values, string name) => values.TryGetValue(name, out var value) ? value : "";

    private static long? Number(Dictionary<string, string> values, string name) =>
        long.TryParse(Text(values, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static DateTime? Time(Dictionary<string, string> values, string name) =>
        Number(values, name) is { } ticks && ticks <= DateTime.MaxValue.Ticks ? new DateTime(ticks, DateTimeKind.Utc) : null;
}
