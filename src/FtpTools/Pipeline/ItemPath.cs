using System;
using System.Linq;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

namespace FtpTools.Pipeline;

/// <summary>
/// An item that was given where a path is asked for, as in <c>Remove-FtpItem $item</c>. PowerShell makes a string of it, the
/// full name; which server that name is of, and that no character of it is a wildcard, is kept beside the string.
/// </summary>
internal sealed class ItemPath
{
    private static readonly ConditionalWeakTable<string, ItemPath> _paths = new();

    // Of a letter alone, it might be the name of a drive.
    private static readonly Regex _scheme = new("^[A-Za-z][A-Za-z0-9+.-]+://", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private readonly string _path;

    private ItemPath(FtpItem item, string? pattern = null)
    {
        Item = item;
        IsPattern = pattern is not null;
        // A string of its own, so that the same text from elsewhere is not taken for it.
        // An empty one there is but once.
        _path = new string((pattern ?? (item.FullName.Length > 0 ? item.FullName : " ")).ToCharArray());
        _paths.Add(_path, this);
    }

    /// <summary>The item.</summary>
    public FtpItem Item { get; }

    /// <summary>Whether the string is a pattern, with wildcards in it, on the item's server.</summary>
    public bool IsPattern { get; }

    /// <summary>What a string was made of; null when it is a path that somebody wrote.</summary>
    public static ItemPath? Find(string path) => _paths.TryGetValue(path, out var found) ? found : null;

    /// <summary>The string that <see cref="Find"/> knows again.</summary>
    public override string ToString() => _path;

    /// <summary>A value with such paths in place of what is in it: items, addresses, and what is no path at all.</summary>
    public static object? Replace(object? value) => PipelineItem.Replace(value, static one => Of(one) ?? one);

    private static ItemPath? Of(object? value)
    {
        if (PipelineItem.Read(value) is { } item)
            return new ItemPath(item);
        switch (value is PSObject wrapped ? wrapped.BaseObject : value)
        {
            case string text when FtpAddress.TryRead(text, out var server, out var path, out var user, out var isEncrypted):
                return new ItemPath(PipelineItem.OfAddress(new FtpItem { Name = path.Substring(path.LastIndexOf('/') + 1), FullName = path, Server = server }, user, isEncrypted), Pattern(text));
            case string text when _scheme.IsMatch(text):
                return new ItemPath(PipelineItem.Refuse(FtpAddress.IsAddress(text)
                    ? $"'{text}' doesn't contain the name of a server. It wasn't processed. Write an address as ftp://host/path, and a path as /path."
                    : $"'{text}' isn't the address of an FTP server. It wasn't processed. Specify a remote path, or an address such as ftp://host/path. If it's a path, write ./ before it."));
            case null or string or char or ItemPath or IConvertible or Uri:
                return null;
            case var other when PipelineItem.IsSessionRow(other):
                return new ItemPath(PipelineItem.Refuse(PipelineItem.SessionRow));
            case var other:
                return new ItemPath(PipelineItem.Refuse($"An object of the type {other.GetType().FullName} is neither a remote item nor a path. It wasn't processed. Pipe the output of Get-FtpChildItem, or strings."));
        }
    }

    // What is escaped in an address is no wildcard; what is not is one, as in any other path.
    private static string? Pattern(string address)
    {
        var start = address.IndexOf('/', address.IndexOf("://", StringComparison.Ordinal) + 3);
        var path = start < 0 ? "/" : address.Substring(start);
        return WildcardPattern.ContainsWildcardCharacters(path)
            ? string.Join("/", path.Split('/').Select(part => WildcardPattern.ContainsWildcardCharacters(part) ? EscapeEscaped(part) : WildcardPattern.Escape(Uri.UnescapeDataString(part))))
            : null;
    }

    private static string EscapeEscaped(string part)
    {
        var pattern = new StringBuilder();
        for (var i = 0; i < part.Length;)
        {
            var end = i;
            while (end + 2 < part.Length && part[end] == '%' && Uri.IsHexDigit(part[end + 1]) && Uri.IsHexDigit(part[end + 2]))
                end += 3;
            pattern.Append(end > i ? WildcardPattern.Escape(Uri.UnescapeDataString(part.Substring(i, end - i))) : part[i].ToString());
            i = Math.Max(end, i + 1);
        }
        return pattern.ToString();
    }
}

/// <summary>Accepts items where paths are asked for, each with the server that it is of.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ItemPathTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => ItemPath.Replace(inputData);
}
