using System;
using System.Collections.Generic;
using System.Linq;

namespace FtpTools.Pipeline;

/// <summary>One thing on a server that the caller gave: a path, or an item.</summary>
internal sealed class RemoteInput
{
    private readonly bool _isLiteral;

    private RemoteInput(string given, FtpItem? item, bool isLiteral)
    {
        Given = given;
        Item = item;
        _isLiteral = isLiteral;
    }

    private RemoteInput(string path, bool isLiteral)
        : this(path, ItemPath.Find(path)?.Item, isLiteral || ItemPath.Find(path) is { IsPattern: false })
    {
    }

    /// <summary>The path as it was given; of an item its full name.</summary>
    public string Given { get; }

    /// <summary>The item; null when a path was given.</summary>
    public FtpItem? Item { get; }

    /// <summary>The item, when it was read from a listing with the session and so need not be looked for; null otherwise.</summary>
    public FtpItem? ReadWith(FtpSession session) => Item?.GetSession() == session && Item.RawLine.Length > 0 ? Item : null;

    /// <summary>What a cmdlet was given, in whichever of its parameters.</summary>
    /// <param name="items">Items; null for none.</param>
    /// <param name="literalPaths">Paths in which no character is a wildcard; null for none.</param>
    /// <param name="paths">Paths; null for none.</param>
    public static IEnumerable<RemoteInput> List(FtpItem[]? items, string[]? literalPaths, string[]? paths) =>
        (items ?? []).Select(item => new RemoteInput(item.FullName, item, isLiteral: true))
            .Concat((literalPaths ?? []).Select(path => new RemoteInput(path, isLiteral: true)))
            .Concat((paths ?? []).Select(path => new RemoteInput(path, isLiteral: false)));

    /// <summary>What a cmdlet was given in the parameter that its set is called by: Item, LiteralPath or Path.</summary>
    public static IEnumerable<RemoteInput> List(string parameterSet, FtpItem[]? items, string[]? literalPaths, string[]? paths) =>
        List(parameterSet == "Item" ? items : null, parameterSet == "LiteralPath" ? literalPaths : null, parameterSet == "Path" ? paths : null);

    /// <summary>Where to look for it.</summary>
    /// <param name="session">The session to look on.</param>
    /// <param name="onUnread">Takes the error of a listing that could not be read in full.</param>
    public RemotePattern On(FtpSession session, Action<FtpException> onUnread) =>
        _isLiteral ? RemotePattern.Literal(session, Given, onUnread) : RemotePattern.Parse(session, Given, onUnread);
}
