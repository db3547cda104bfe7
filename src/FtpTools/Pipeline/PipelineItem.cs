using System;
using System.Collections;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace FtpTools.Pipeline;

/// <summary>
/// What comes down the pipeline and stands for something on a server: an item, a result of a transfer, a session, which stands
/// for its location, and each of them as it comes back from a file. What stands for nothing there, or for something that
/// is better left alone, is taken too, with the reason why nothing is done with it.
/// </summary>
internal static class PipelineItem
{
    private static readonly ConditionalWeakTable<FtpItem, Refusal> _refused = new();

    /// <summary>The item that a value stands for; null when it stands for none, as a text does.</summary>
    public static FtpItem? Read(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        FtpItem item => item,
        FtpTransferResult result => Of(result),
        FtpSession session => Refused(session.ItemAt(session.Location), $"The session '{session.Name}' stands for its location, {session.Location}, and nothing was done with that. Name what is meant, and the session with -Session.", unlessItOnlyLooks: true),
        FileSystemInfo local => Refuse($"'{local.FullName}' is a local {(local is DirectoryInfo ? "directory" : "file")}, and here remote ones are asked for: nothing was done with it. Send-FtpItem takes local ones."),
        _ when value is PSObject row && Rows.Is(row) => FtpItemConverter.Of(row) ?? (FtpTransferResultConverter.Of(row) is { } result ? Of(result) : null) ?? OfPath(row),
        _ => null,
    };

    /// <summary>A value with something else in place of each item in it; the value itself where there is none.</summary>
    /// <param name="value">The value: one, or a list of them.</param>
    /// <param name="replace">Gives what takes the place of one, or the same again.</param>
    public static object? Replace(object? value, Func<object?, object?> replace)
    {
        if ((value is PSObject wrapped ? wrapped.BaseObject : value) is not IList list || list is byte[])
            return replace(value);
        var after = list.Cast<object?>().Select(replace).ToArray();
        return Enumerable.Range(0, after.Length).All(i => ReferenceEquals(after[i], list[i])) ? value : after;
    }

    /// <summary>What stands for an object with which nothing is done.</summary>
    public static FtpItem Refuse(string why) => Refused(new FtpItem { Name = "", FullName = "" }, why, unlessItOnlyLooks: false);

    /// <summary>Why nothing is to be done with an item; null when it may be done.</summary>
    /// <param name="item">The item.</param>
    /// <param name="onlyLooks">Whether nothing there would change by it.</param>
    public static FtpException? WhyNot(FtpItem item, bool onlyLooks) =>
        _refused.TryGetValue(item, out var refusal) && !(onlyLooks && refusal.UnlessItOnlyLooks)
            ? new FtpException(refusal.Kind, refusal.Why, item.FullName.Length > 0 ? item.FullName : null) { Server = item.Server }
            : null;

    // What somebody wrote into a table: a path and its server.
    private static FtpItem? OfPath(PSObject row) =>
        Rows.Text(row, nameof(FtpItem.Server)) is { } server && Rows.Text(row, "Path") is { } path && path[0] == '/'
            ? new FtpItem { Name = path.Substring(path.LastIndexOf('/') + 1), FullName = path, Server = server }
            : null;

    private static FtpItem Of(FtpTransferResult result)
    {
        var item = result.ToItem();
        return result.Status != FtpTransferStatus.Failed ? item : Refused(
            item,
            $"'{item.FullName}' was not {(result.Direction == FtpTransferDirection.Upload ? "sent" : "received")}, so that nothing was done with it after that. The error of the transfer was: {result.Error}",
            unlessItOnlyLooks: true, FtpErrorKind.TransferIncomplete);
    }

    private static FtpItem Refused(FtpItem item, string why, bool unlessItOnlyLooks, FtpErrorKind kind = FtpErrorKind.InvalidName)
    {
        _refused.Add(item, new Refusal(kind, why, unlessItOnlyLooks));
        return item;
    }

    private sealed record Refusal(FtpErrorKind Kind, string Why, bool UnlessItOnlyLooks);
}

/// <summary>Accepts whatever stands for an item.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ItemTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        PipelineItem.Replace(inputData, static one => PipelineItem.Read(one) ?? one);
}
