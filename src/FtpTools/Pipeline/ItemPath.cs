using System;
using System.Collections;
using System.Linq;
using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace FtpTools.Pipeline;

/// <summary>
/// An item that was given where a path is asked for, as in <c>Remove-FtpItem $item</c>. PowerShell makes a string of it, the
/// full name; which server that name is of, and that no character of it is a wildcard, is kept beside the string.
/// </summary>
internal sealed class ItemPath(FtpItem item)
{
    private static readonly ConditionalWeakTable<string, FtpItem> _items = new();

    private string? _path;

    /// <summary>The item that a string was made of; null when it is a path that somebody wrote.</summary>
    public static FtpItem? Find(string path) => _items.TryGetValue(path, out var item) ? item : null;

    /// <summary>The string that <see cref="Find"/> knows again.</summary>
    public override string ToString()
    {
        if (_path is null)
        {
            // A string of its own, so that the same text from elsewhere is not taken for it.
            _path = new string(item.FullName.ToCharArray());
            _items.Add(_path, item);
        }
        return _path;
    }

    /// <summary>
    /// The item that a value is, or was before it was written to a file: CLIXML, CSV and JSON give rows back, which tell the
    /// server and the full name. Null when it is none.
    /// </summary>
    public static FtpItem? Read(object? value)
    {
        if (value is not PSObject row)
            return value as FtpItem;
        if (row.BaseObject is FtpItem live)
            return live;
        // What else the row tells, as its length, may be long out of date.
        return row.BaseObject is not string && Text(row, nameof(FtpItem.Server)) is { } server && Text(row, nameof(FtpItem.FullName)) is { } path
            ? new FtpItem { Name = path.Substring(path.LastIndexOf('/') + 1), FullName = path, Server = server }
            : null;
    }

    private static string? Text(PSObject row, string property) =>
        row.Properties[property]?.Value is { } value && (value is PSObject wrapped ? wrapped.BaseObject : value) is string { Length: > 0 } text ? text : null;

    /// <summary>The same value with something else in place of each item in it.</summary>
    public static object? Replace(object? value, Func<FtpItem, object> replace)
    {
        if ((value is PSObject wrapped ? wrapped.BaseObject : value) is not (IList and not byte[]) and not string)
            return Read(value) is { } item ? replace(item) : value;
        var list = (value is PSObject several ? several.BaseObject : value) as IList;
        return list is null || !list.Cast<object?>().Any(one => Read(one) is not null)
            ? value
            : list.Cast<object?>().Select(one => Read(one) is { } item ? replace(item) : one).ToArray();
    }
}

/// <summary>Accepts items where paths are asked for, each with the server that it is of.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ItemPathTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => ItemPath.Replace(inputData, static item => new ItemPath(item));
}

/// <summary>Accepts items that were read back from a file.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ItemTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => ItemPath.Replace(inputData, static item => item);
}
