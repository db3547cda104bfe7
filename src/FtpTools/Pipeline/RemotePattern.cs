using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Pipeline;

/// <summary>
/// A remote path as a user gives it: literal, or with wildcards in any of its parts. FTP knows no wildcards of its own
/// that all servers share, so they are resolved here, a directory at a time. Case counts, as it does on most servers.
/// </summary>
internal sealed class RemotePattern
{
    private readonly string[] _rest;
    private readonly Action<FtpException> _onUnread;

    private RemotePattern(FtpSession session, string given, string root, string[] rest, Action<FtpException> onUnread)
    {
        Session = session;
        Given = given;
        Root = root;
        _rest = rest;
        _onUnread = onUnread;
    }

    /// <summary>The session to look on.</summary>
    public FtpSession Session { get; }

    /// <summary>The path as it was given.</summary>
    public string Given { get; }

    /// <summary>The absolute path of all that comes before the first part with a wildcard.</summary>
    public string Root { get; }

    /// <summary>True when there is none.</summary>
    public bool IsLiteral => _rest.Length == 0;

    /// <summary>The last part when it has a wildcard; null otherwise.</summary>
    public string? Leaf => _rest.Length > 0 && IsWildcard(_rest[_rest.Length - 1]) ? _rest[_rest.Length - 1] : null;

    /// <summary>A path in which no character is a wildcard.</summary>
    /// <param name="session">The session to look on.</param>
    /// <param name="path">The path.</param>
    /// <param name="onUnread">Takes the error of a listing that could not be read in full; all else of it is looked at. On whatever thread reads the wire.</param>
    public static RemotePattern Literal(FtpSession session, string path, Action<FtpException> onUnread) => new(session, path, session.ResolvePath(path), [], onUnread);

    /// <summary>A path in which <c>*</c>, <c>?</c> and <c>[]</c> are wildcards and a backtick takes that from them.</summary>
    /// <param name="session">The session to look on.</param>
    /// <param name="path">The path.</param>
    /// <param name="onUnread">Takes the error of a listing that could not be read in full; all else of it is looked at. On whatever thread reads the wire.</param>
    public static RemotePattern Parse(FtpSession session, string path, Action<FtpException> onUnread)
    {
        // The location may have a name with brackets itself, so that the parts are added to it one by one.
        var root = path.StartsWith("/", StringComparison.Ordinal) ? "/" : session.Location;
        var parts = path.Split(['/'], StringSplitOptions.RemoveEmptyEntries);
        var literal = parts.TakeWhile(part => !IsWildcard(part)).Select(WildcardPattern.Unescape).ToArray();
        return new RemotePattern(session, path, session.ResolvePath(root + "/" + string.Join("/", literal)), parts.Skip(literal.Length).ToArray(), onUnread);
    }

    /// <summary>Makes the test whether a name fits a pattern.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="options">Whether case counts.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>: it is no pattern.</exception>
    public static Func<string, bool> Matcher(string pattern, WildcardOptions options = WildcardOptions.None)
    {
        var wildcard = new WildcardPattern(pattern, options);
        try
        {
            // A pattern is looked at when it is first used, which otherwise were in the middle of a listing.
            wildcard.IsMatch("");
        }
        catch (WildcardPatternException e)
        {
            throw new FtpException(FtpErrorKind.InvalidName, $"'{pattern}' isn't a valid wildcard pattern; for example, a bracket isn't closed. To specify a name that contains a bracket, use -LiteralPath.", null, e);
        }
        return wildcard.IsMatch;
    }

    /// <summary>Whether a listing without <c>-Force</c> leaves the name out, as it does on Unix.</summary>
    public static bool IsHidden(FtpItem item) => item.Name.StartsWith(".", StringComparison.Ordinal);

    /// <summary>The pattern without its last part, which has a wildcard.</summary>
    public RemotePattern WithoutLeaf() => new(Session, Given, Root, _rest.Take(_rest.Length - 1).ToArray(), _onUnread);

    /// <summary>Finds the items; a pattern that fits nothing gives none.</summary>
    /// <param name="includeHidden">Let wildcards stand for a leading dot.</param>
    /// <param name="onItem">Takes an item, on whatever thread reads the wire.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="FtpException">There is nothing at a literal path, or before the first wildcard.</exception>
    public async Task ExpandAsync(bool includeHidden, Action<FtpItem> onItem, CancellationToken cancellationToken)
    {
        if (IsLiteral)
        {
            onItem(await Session.GetItemAsync(Root, cancellationToken).ConfigureAwait(false));
            return;
        }

        var isAny = false;
        await ExpandAsync(Root, 0, includeHidden, item =>
        {
            isAny = true;
            onItem(item);
        }, cancellationToken).ConfigureAwait(false);
        if (!isAny)
            await RequireNoneAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sees, where nothing fits, that the text is not the name of something: it may have brackets that nobody meant as wildcards.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.PathNotFound"/>: it is.</exception>
    public async Task RequireNoneAsync(CancellationToken cancellationToken)
    {
        if (Given.IndexOf('[') >= 0 && await Session.FindItemAsync(Given, cancellationToken).ConfigureAwait(false) is { } item)
            throw new FtpException(FtpErrorKind.PathNotFound, $"Nothing matches '{Given}', in which [ and ] are wildcard characters. On {Session.Server}, there is an item with exactly this name. To specify it, use -LiteralPath.", item.FullName) { Server = Session.Server };
    }

    /// <summary>
    /// Finds the items to do something with that needs no listing: where none can tell of a literal path, a file of that name
    /// is taken to be there.
    /// </summary>
    public async Task<IReadOnlyList<FtpItem>> ExpandNamedAsync(bool includeHidden, CancellationToken cancellationToken) =>
        IsLiteral ? [await Session.GetNamedItemAsync(Root, cancellationToken).ConfigureAwait(false)] : await ExpandAsync(includeHidden, cancellationToken).ConfigureAwait(false);

    /// <summary>Finds the items and returns them together.</summary>
    public async Task<IReadOnlyList<FtpItem>> ExpandAsync(bool includeHidden, CancellationToken cancellationToken)
    {
        var items = new List<FtpItem>();
        await ExpandAsync(includeHidden, items.Add, cancellationToken).ConfigureAwait(false);
        return items;
    }

    private static bool IsWildcard(string part) => WildcardPattern.ContainsWildcardCharacters(part);

    private async Task ExpandAsync(string directory, int index, bool includeHidden, Action<FtpItem> onItem, CancellationToken cancellationToken)
    {
        var part = _rest[index];
        var isLast = index == _rest.Length - 1;
        if (!IsWildcard(part))
        {
            var path = Session.ResolvePath(directory + "/" + WildcardPattern.Unescape(part));
            if (!isLast)
                await ExpandAsync(path, index + 1, includeHidden, onItem, cancellationToken).ConfigureAwait(false);
            else if (await Session.FindItemAsync(path, cancellationToken).ConfigureAwait(false) is { } item)
                onItem(item);
            return;
        }

        var fits = Matcher(part);
        var showsHidden = includeHidden || part[0] == '.';
        var directories = new List<string>();
        try
        {
            await Session.ListAsync(directory, showsHidden, item =>
            {
                if (!fits(item.Name) || (!showsHidden && IsHidden(item)))
                    return;
                if (isLast)
                    onItem(item);
                else if (item.ItemType is FtpItemType.Directory or FtpItemType.SymbolicLink)
                    directories.Add(item.FullName);
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpException e) when (e.IsUnreadListing)
        {
            _onUnread(e);
        }
        catch (FtpCommandException) when (index > 0)
        {
            // Found by a wildcard, and no directory (a link to a file) or none that may be read: nothing fits there.
        }
        foreach (var path in directories)
            await ExpandAsync(path, index + 1, includeHidden, onItem, cancellationToken).ConfigureAwait(false);
    }
}
