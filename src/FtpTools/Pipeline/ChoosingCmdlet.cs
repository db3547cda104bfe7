using System;
using System.IO;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Pipeline;

/// <summary>A cmdlet that works on many items and is told which: by name, time and size.</summary>
public abstract class ChoosingCmdlet : FtpSessionCmdlet
{
    private FtpItemFilter? _chosen;
    private bool _isDoubtWanted;

    private protected ChoosingCmdlet()
    {
    }

    /// <summary>A pattern that an item's name must fit, as <c>*.csv</c>; with a <c>/</c> in it, its path.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public virtual string? Filter { get; set; }

    /// <summary>Patterns of which an item's name, or path, must fit at least one.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Include { get; set; }

    /// <summary>Patterns of which an item's name, or path, must fit none; directories that fit are left out with all that is in them.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Exclude { get; set; }

    /// <summary>Items changed at this time or later: a date, how long ago as <c>30d</c>, a TimeSpan, Today or Yesterday.</summary>
    [Parameter]
    [PointInTimeTransformation]
    [ArgumentCompleter(typeof(PointInTimeCompleter))]
    public DateTime? NewerThan { get; set; }

    /// <summary>Items changed before this time.</summary>
    [Parameter]
    [PointInTimeTransformation]
    [ArgumentCompleter(typeof(PointInTimeCompleter))]
    public DateTime? OlderThan { get; set; }

    /// <summary>Files of this many bytes or more.</summary>
    [Parameter]
    [SizeTransformation]
    [ValidateRange(0, long.MaxValue)]
    public long? MinimumSize { get; set; }

    /// <summary>Files of this many bytes or less.</summary>
    [Parameter]
    [SizeTransformation]
    [ValidateRange(0, long.MaxValue)]
    public long? MaximumSize { get; set; }

    /// <summary>So many of all the files that fit, the newest ones.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Newest { get; set; }

    /// <summary>So many of all the files that fit, the oldest ones.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Oldest { get; set; }

    /// <summary>Which items are chosen; null for all.</summary>
    private protected FtpItemFilter? Chosen => _chosen;

    private protected override Task BeginProcessingAsync(CancellationToken cancellationToken)
    {
        var filter = new FtpItemFilter
        {
            Filter = Filter is null ? null : Pattern(WithoutBrackets(Filter)),
            Include = Array.ConvertAll(Include ?? [], Pattern),
            Exclude = Array.ConvertAll(Exclude ?? [], Pattern),
            NewerThan = NewerThan,
            OlderThan = OlderThan,
            MinimumSize = MinimumSize,
            MaximumSize = MaximumSize,
            Newest = Newest,
            Oldest = Oldest,
        };
        filter.Check();
        _chosen = filter.ChoosesFiles || filter.Exclude.Count > 0 ? filter : null;
        _isDoubtWanted = IsWanted("Verbose", "VerbosePreference");
        return Task.CompletedTask;
    }

    /// <summary>Whether an item is taken; what could not be told of one is said on the verbose stream. May be called on any thread.</summary>
    /// <param name="item">The item.</param>
    /// <param name="top">The directory that paths begin below; null for the item's own.</param>
    private protected bool Takes(FtpItem item, string? top = null) => Said(Chosen?.Takes(item, top, out var doubt) ?? Any(out doubt), doubt);

    /// <summary>Whether a local file or directory is taken; what could not be told of one is said on the verbose stream.</summary>
    private protected bool Takes(FileSystemInfo item) => Said(Chosen?.Takes(item, null, out var doubt) ?? Any(out doubt), doubt);

    /// <summary>A pattern with <c>/</c> between its names, where another separator may have been written.</summary>
    private protected virtual string WithSlashes(string pattern) => pattern;

    private static bool Any(out string? doubt)
    {
        doubt = null;
        return true;
    }

    /// <summary>A -Filter as a pattern: Get-ChildItem takes *.* for all names, as DOS did, and knows no wildcards but * and ?.</summary>
    private static string WithoutBrackets(string filter) =>
        filter == "*.*" ? "*" : filter.Replace("`", "``").Replace("[", "`[").Replace("]", "`]");

    // Get-ChildItem and Copy-Item ignore case here on every platform.
    private FtpNamePattern Pattern(string pattern) =>
        new(WithSlashes(pattern), name => RemotePattern.Matcher(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant));

    private bool Said(bool takes, string? doubt)
    {
        if (doubt is not null && _isDoubtWanted)
            Post(() => WriteVerbose(FtpVisibleText.Of(doubt)));
        return takes;
    }
}
