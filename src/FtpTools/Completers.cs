using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools;

/// <summary>What all completers have in common: they never throw, for an error while typing helps nobody.</summary>
public abstract class FtpCompleter : IArgumentCompleter
{
    private protected FtpCompleter()
    {
    }

    /// <summary>The completions of a word.</summary>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var word = Unquoted(wordToComplete);
            var results = Complete(parameterName, word, fakeBoundParameters).ToArray();
            // Where a completer finds nothing, PowerShell offers the names of local files, which are of no use here.
            return results.Length > 0 || word.Length == 0 ? results : [new CompletionResult(Quoted(word))];
        }
        catch (Exception)
        {
            return [];
        }
    }

    private protected abstract IEnumerable<CompletionResult> Complete(string parameterName, string word, IDictionary boundParameters);

    /// <summary>The text as an argument: quoted when PowerShell would take it for something else otherwise.</summary>
    private protected static string Quoted(string text) =>
        text.Length == 0 || text[0] is '-' or '@' or '#' or '<' or '>' || text.Any(IsSpecial)
            ? "'" + CodeGeneration.EscapeSingleQuotedStringContent(text) + "'"
            : text;

    private static bool IsSpecial(char c) => char.IsWhiteSpace(c) || CodeGeneration.EscapeSingleQuotedStringContent(c.ToString()).Length > 1 || "`$\"“”„{}();,|&".IndexOf(c) >= 0;

    private static string Unquoted(string? word)
    {
        if (string.IsNullOrEmpty(word))
            return "";
        if (word![0] is not ('\'' or '"'))
            return word;
        var quote = word[0];
        var text = word.Substring(1);
        if (text.Length > 0 && text[text.Length - 1] == quote)
            text = text.Substring(0, text.Length - 1);
        return quote == '\'' ? text.Replace("''", "'") : text;
    }
}

/// <summary>Completes names of open sessions.</summary>
public sealed class SessionCompleter : FtpCompleter
{
    private protected override IEnumerable<CompletionResult> Complete(string parameterName, string word, IDictionary boundParameters) =>
        from session in SessionRegistry.Here.All
        where session.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase)
        select new CompletionResult(Quoted(session.Name), session.Name, CompletionResultType.ParameterValue, $"{session.UserName}@{session.ComputerName}:{session.Port}");
}

/// <summary>Completes names of the features that the server lists.</summary>
public sealed class FeatureCompleter : FtpCompleter
{
    private protected override IEnumerable<CompletionResult> Complete(string parameterName, string word, IDictionary boundParameters) =>
        from name in (SessionRegistry.Here.Current?.Features ?? []).Select(feature => feature.Name).Distinct(StringComparer.OrdinalIgnoreCase).OrderBy(name => name, StringComparer.Ordinal)
        where name.StartsWith(word, StringComparison.OrdinalIgnoreCase)
        select new CompletionResult(Quoted(name), name, CompletionResultType.ParameterValue, name);
}

/// <summary>Completes names of encodings that legacy servers use.</summary>
public sealed class EncodingCompleter : FtpCompleter
{
    private static readonly string[] _names =
    [
        "utf-8", "us-ascii", "iso-8859-1", "iso-8859-2", "iso-8859-5", "iso-8859-15", "windows-1250", "windows-1251", "windows-1252",
        "ibm437", "ibm850", "koi8-r", "shift_jis", "euc-jp", "euc-kr", "gb18030", "big5",
    ];

    private protected override IEnumerable<CompletionResult> Complete(string parameterName, string word, IDictionary boundParameters) =>
        from name in _names
        where name.StartsWith(word, StringComparison.OrdinalIgnoreCase)
        select new CompletionResult(name);
}

/// <summary>Completes names of encodings of files, as PowerShell's own cmdlets do.</summary>
public sealed class TextEncodingCompleter : FtpCompleter
{
    private static readonly string[] _names =
        ["ansi", "ascii", "bigendianunicode", "bigendianutf32", "oem", "unicode", "utf32", "utf8", "utf8BOM", "utf8NoBOM", "windows-1252", "iso-8859-1"];

    private protected override IEnumerable<CompletionResult> Complete(string parameterName, string word, IDictionary boundParameters) =>
        from name in _names
        where name.StartsWith(word, StringComparison.OrdinalIgnoreCase)
        select new CompletionResult(name);
}

/// <summary>Completes names of time zones.</summary>
public sealed class TimeZoneCompleter : FtpCompleter
{
    private protected override IEnumerable<CompletionResult> Complete(string parameterName, string word, IDictionary boundParameters) =>
        from zone in TimeZoneInfo.GetSystemTimeZones().OrderBy(zone => zone.Id, StringComparer.Ordinal)
        where zone.Id.StartsWith(word, StringComparison.OrdinalIgnoreCase)
        select new CompletionResult(Quoted(zone.Id), zone.Id, CompletionResultType.ParameterValue, zone.DisplayName);
}

/// <summary>A completer of the forms in which something is most often given.</summary>
public abstract class FormsCompleter : FtpCompleter
{
    private protected FormsCompleter()
    {
    }

    private protected abstract IReadOnlyList<(string Text, string Meaning)> Forms { get; }

    private protected override IEnumerable<CompletionResult> Complete(string parameterName, string word, IDictionary boundParameters) =>
        from form in Forms
        where form.Text.StartsWith(word, StringComparison.OrdinalIgnoreCase)
        select new CompletionResult(form.Text, form.Text, CompletionResultType.ParameterValue, form.Meaning);
}

/// <summary>Completes times in the forms in which they are most often given.</summary>
public sealed class PointInTimeCompleter : FormsCompleter
{
    private protected override IReadOnlyList<(string Text, string Meaning)> Forms { get; } =
    [
        ("Today", "today at midnight"), ("Yesterday", "yesterday at midnight"), ("1h", "an hour ago"), ("12h", "12 hours ago"),
        ("1d", "24 hours ago"), ("7d", "7 days ago"), ("30d", "30 days ago"), ("90d", "90 days ago"), ("52w", "52 weeks ago"),
    ];
}

/// <summary>Completes times of day at which waits often end.</summary>
public sealed class TimeOfDayCompleter : FtpCompleter
{
    private static readonly string[] _times = ["00:00", "05:00", "06:00", "07:00", "08:00", "09:00", "12:00", "18:00", "20:00", "22:00", "23:30"];

    private protected override IEnumerable<CompletionResult> Complete(string parameterName, string word, IDictionary boundParameters) =>
        from time in _times
        where time.StartsWith(word, StringComparison.OrdinalIgnoreCase)
        select new CompletionResult(time, time, CompletionResultType.ParameterValue, UntilTransformationAttribute.Next(TimeSpan.Parse(time, CultureInfo.InvariantCulture)).ToString("f", CultureInfo.CurrentCulture));
}

/// <summary>Completes the new name of an item by the one that it has, which is mostly changed in part.</summary>
public sealed class NewNameCompleter : FtpCompleter
{
    private protected override IEnumerable<CompletionResult> Complete(string parameterName, string word, IDictionary boundParameters)
    {
        var path = LanguagePrimitives.ConvertTo<string[]>(boundParameters["Path"] ?? boundParameters["LiteralPath"] ?? Array.Empty<string>()).FirstOrDefault() ?? "";
        var name = path.TrimEnd('/').Substring(path.TrimEnd('/').LastIndexOf('/') + 1);
        var isName = name.Length > 0 && name.StartsWith(word, StringComparison.OrdinalIgnoreCase) && (boundParameters["Path"] is null || !WildcardPattern.ContainsWildcardCharacters(name));
        // Something there must be, or else PowerShell offers the names of local files.
        return [isName ? new CompletionResult(Quoted(name), FtpVisibleText.Of(name), CompletionResultType.ParameterValue, FtpVisibleText.Of(name)) : new CompletionResult(Quoted(word))];
    }
}

/// <summary>Completes permissions in the forms in which they are most often given.</summary>
public sealed class PermissionCompleter : FormsCompleter
{
    private protected override IReadOnlyList<(string Text, string Meaning)> Forms { get; } =
    [
        ("644", "rw-r--r--: everyone can read the file"), ("640", "rw-r-----: the group can read the file"), ("600", "rw-------: only the owner can read and write the file"), ("664", "rw-rw-r--: the group can write the file"),
        ("755", "rwxr-xr-x: everyone can open the directory, or run the file"), ("750", "rwxr-x---: the group can open the directory, or run the file"), ("700", "rwx------: only the owner can open the directory, or run the file"), ("775", "rwxrwxr-x: the group can also write in the directory"),
        ("u+x", "the owner can run it"), ("g+w", "the group can write"), ("go-w", "only the owner can write"), ("o-rwx", "others have no access"), ("a+r", "everyone can read"),
        ("u=rwX,go=rX", "only the owner can write; directories, and what anyone can run, stay so for everyone"),
    ];
}

/// <summary>Completes remote paths, by a listing of the directory that has been typed so far.</summary>
public sealed class RemotePathCompleter : FtpCompleter
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _fresh = TimeSpan.FromSeconds(5);
    // The Tab key is pressed again and again, and each time asks anew.
    private static readonly ConditionalWeakTable<FtpSession, Seen> _seen = new();

    private protected override IEnumerable<CompletionResult> Complete(string parameterName, string word, IDictionary boundParameters)
    {
        if (word.IndexOf("://", StringComparison.Ordinal) > 0)
            return CompleteAddress(parameterName, word, boundParameters);
        var isPattern = parameterName == "Path";
        var slash = word.LastIndexOf('/') + 1;
        // What is typed behind a wildcard is in no one directory.
        if (isPattern && WildcardPattern.ContainsWildcardCharacters(word.Substring(0, slash)))
            return [new CompletionResult(Quoted(word))];
        var directory = word.Substring(0, slash);
        var start = isPattern ? WildcardPattern.Unescape(word.Substring(slash)) : word.Substring(slash);
        var results = (
            from item in List(Session(parameterName, boundParameters), isPattern ? WildcardPattern.Unescape(directory) : directory, start.StartsWith(".", StringComparison.Ordinal))
                .OrderBy(item => item.Name, StringComparer.CurrentCulture)
            where item.Name.StartsWith(start, StringComparison.OrdinalIgnoreCase)
            let name = (isPattern ? WildcardPattern.Escape(item.Name) : item.Name) + (item.IsDirectory ? "/" : "")
            // Of the type ParameterValue: to a ProviderContainer, PSReadLine adds the local system's separator.
            select new CompletionResult(Quoted(directory + name), FtpVisibleText.Of(item.IsDirectory ? item.Name + "/" : item.Name), CompletionResultType.ParameterValue, FtpVisibleText.Of(item.FullName))).ToArray();

        return results.Length > 0 ? results : [new CompletionResult(word.Length == 0 ? "." : Quoted(word))];
    }

    /// <summary>Completes the path in an address of a session that is open.</summary>
    private static IEnumerable<CompletionResult> CompleteAddress(string parameterName, string word, IDictionary boundParameters)
    {
        var begin = word.IndexOf('/', word.IndexOf("://", StringComparison.Ordinal) + 3);
        if (begin < 0 || !FtpAddress.TryRead(word, out var server, out var path, out var user, out var isEncrypted))
            return [];
        bool Fits(FtpSession session) => PipelineItem.IsMeant(session, server, user, isEncrypted);
        var given = Session(parameterName, boundParameters);
        var session = given is not null && Fits(given) ? given : SessionRegistry.Here.All.FirstOrDefault(Fits);
        var slash = path.LastIndexOf('/') + 1;
        var (directory, start) = (path.Substring(0, slash), path.Substring(slash));
        const string Server = "x:21";
        return
            from item in List(session, directory, start.StartsWith(".", StringComparison.Ordinal)).OrderBy(item => item.Name, StringComparer.CurrentCulture)
            where item.Name.StartsWith(start, StringComparison.OrdinalIgnoreCase)
            let text = word.Substring(0, begin) + FtpAddress.Of(Server, directory + item.Name).Substring("ftp://x".Length) + (item.IsDirectory ? "/" : "")
            select new CompletionResult(Quoted(text), FtpVisibleText.Of(item.Name), CompletionResultType.ParameterValue, FtpVisibleText.Of(item.FullName));
    }

    private static FtpSession? Session(string parameterName, IDictionary boundParameters)
    {
        var bound = (parameterName == "Destination" ? boundParameters["DestinationSession"] : null) ?? boundParameters["Session"];
        var given = bound is PSObject wrapped ? wrapped.BaseObject : bound;
        return given switch
        {
            FtpSession session => session,
            string or int => SessionRegistry.Here.Find(given.ToString()!),
            _ => SessionRegistry.Here.Current,
        };
    }

    private static IReadOnlyList<FtpItem> List(FtpSession? session, string directory, bool includeHidden)
    {
        if (session is null)
            return [];
        var path = session.ResolvePath(directory.Length == 0 ? session.Location : directory);
        if (_seen.TryGetValue(session, out var seen) && seen.Path == path && seen.HasHidden == includeHidden && seen.Age.Elapsed < _fresh)
            return seen.Items;
        var items = new List<FtpItem>();
        var isWhole = false;
        using var patience = new CancellationTokenSource(_patience);
        try
        {
            // On the thread pool, for the prompt's thread waits here and can take no continuation.
            var listing = Task.Run(() => session.ListAsync(path, includeHidden, item =>
            {
                lock (items)
                    items.Add(item);
            }, patience.Token));
#pragma warning disable VSTHRD002 // A completer is called synchronously, and waits with a bound.
            isWhole = listing.Wait(_patience);
#pragma warning restore VSTHRD002
        }
        catch (AggregateException)
        {
            // What has arrived until then is offered.
        }
        FtpItem[] found;
        lock (items)
            found = items.Where(item => includeHidden || !item.Name.StartsWith(".", StringComparison.Ordinal)).ToArray();
        _seen.Remove(session);
        if (isWhole)
            _seen.GetValue(session, _ => new Seen(path, includeHidden, found));
        return found;
    }

    private sealed class Seen(string path, bool hasHidden, IReadOnlyList<FtpItem> items)
    {
        public string Path => path;

        public bool HasHidden => hasHidden;

        public IReadOnlyList<FtpItem> Items => items;

        public Stopwatch Age { get; } = Stopwatch.StartNew();
    }
}

/// <summary>Completes names of profiles, of the file that -ProfilePath names or of the user's own.</summary>
public sealed class ProfileCompleter : FtpCompleter
{
    private protected override IEnumerable<CompletionResult> Complete(string parameterName, string word, IDictionary boundParameters)
    {
        var path = (boundParameters["ProfilePath"] ?? boundParameters["Path"])?.ToString();
        if (path is not null)
            path = (string)ScriptBlock.Create("param($path) $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($path)").Invoke(path)[0].BaseObject;
        return from profile in FtpProfileStore.At(path).Read()
               where profile.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase)
               select new CompletionResult(Quoted(profile.Name), profile.Name, CompletionResultType.ParameterValue, $"{profile.UserName ?? "anonymous"} on {profile.Uri ?? profile.ComputerName}");
    }
}
