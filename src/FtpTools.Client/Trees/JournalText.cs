using System;
using System.Collections.Generic;
using System.Globalization;
using FtpTools.Protocol;

namespace FtpTools.Trees;

/// <summary>The lines of a journal as text.</summary>
internal static class JournalText
{
    /// <summary>What is written, and the most that is understood.</summary>
    public const int Version = 1;

    private const string Product = "FtpTools";
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    /// <summary>How each journal of ours begins.</summary>
    public const string HeaderStart = $$"""{"journal":"{{Product}}",""";

    /// <summary>The first line of a new journal, or of one that is written anew: who has read the former one reads it again.</summary>
    public static string Header(string generation) => JsonLine.Write(("journal", Product), ("version", Version), ("generation", generation));

    /// <summary>Reads the first line.</summary>
    /// <returns>The version and the generation; null when it is the first line of something else.</returns>
    public static (int Version, string Generation)? ReadHeader(string line) =>
        JsonLine.TryRead(line) is { } values && values.TryGetValue("journal", out var product) && product == Product
        && values.TryGetValue("version", out var version) && int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (number, values.TryGetValue("generation", out var generation) ? generation : "")
            : null;

    /// <summary>The line of an entry.</summary>
    public static string Write(FtpJournalEntry entry) => JsonLine.Write(
        ("state", entry.State.ToString()),
        ("run", entry.Run),
        ("time", Text(entry.TimeUtc)),
        ("direction", entry.Direction.ToString()),
        ("server", entry.Server),
        ("user", entry.UserName),
        ("remote", entry.RemotePath),
        ("local", entry.LocalPath),
        ("length", entry.Length),
        ("modified", entry.LastWriteTimeUtc is { } time ? Text(time) : null),
        ("precision", entry.LastWriteTimeUtc is null ? null : entry.TimePrecision.ToString()),
        ("hash", entry.Hash),
        ("algorithm", entry.HashAlgorithm),
        ("attempt", entry.Attempt),
        ("action", entry.SourceAction == FtpSourceAction.None ? null : entry.SourceAction.ToString()),
        ("movedTo", entry.SourceDestination),
        ("lookalike", entry.HasLookalike ? 1 : null),
        ("error", entry.ErrorId));

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="isWhole">Whether it is a whole object, if not one that is understood: a later version may know more states.</param>
    /// <returns>Null when it tells of no file that could be known again.</returns>
    public static FtpJournalEntry? Read(string line, out bool isWhole)
    {
        var values = JsonLine.TryRead(line);
        isWhole = values is not null;
        if (values is null
            || Value<FtpJournalState>(values, "state") is not { } state || Value<FtpTransferDirection>(values, "direction") is not { } direction
            || Text(values, "server") is not { } server || Text(values, "remote") is not { } remote || Text(values, "local") is not { } local)
            return null;
        return new FtpJournalEntry
        {
            State = state,
            Direction = direction,
            Server = server,
            UserName = Text(values, "user") ?? "",
            RemotePath = remote,
            LocalPath = local,
            Length = long.TryParse(Text(values, "length"), NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null,
            LastWriteTimeUtc = Time(values, "modified"),
            TimePrecision = Value<FtpTimePrecision>(values, "precision") ?? FtpTimePrecision.None,
            Hash = Text(values, "hash"),
            HashAlgorithm = Text(values, "algorithm"),
            Attempt = int.TryParse(Text(values, "attempt"), NumberStyles.None, CultureInfo.InvariantCulture, out var attempt) ? attempt : 1,
            SourceAction = Value<FtpSourceAction>(values, "action") ?? FtpSourceAction.None,
            SourceDestination = Text(values, "movedTo"),
            HasLookalike = Text(values, "lookalike") == "1",
            ErrorId = Text(values, "error"),
            TimeUtc = Time(values, "time") ?? default,
            Run = Text(values, "run") ?? "",
        };
    }

    /// <summary>By what a file is known again: the account, and the path that is read. Where it went to makes no difference, for that may be another folder each day.</summary>
    public static string Key(FtpJournalEntry entry)
    {
        var isLocal = entry.Direction == FtpTransferDirection.Upload;
        var path = isLocal && Compat.IsWindows ? entry.Source.ToUpperInvariant() : entry.Source;
        return $"{(isLocal ? '>' : '<')}{entry.Server.ToUpperInvariant()}\n{entry.UserName}\n{path}";
    }

    private static string Text(DateTime utc) => utc.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static string? Text(Dictionary<string, string> values, string name) => values.TryGetValue(name, out var value) ? value : null;

    private static DateTime? Time(Dictionary<string, string> values, string name) =>
        DateTime.TryParse(Text(values, name), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    // A number would be a state of another version, perhaps.
    private static T? Value<T>(Dictionary<string, string> values, string name) where T : struct, Enum =>
        Text(values, name) is { } text && Enum.TryParse<T>(text, out var value) && value.ToString() == text ? value : null;
}
