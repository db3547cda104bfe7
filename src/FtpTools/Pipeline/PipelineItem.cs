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
    /// <summary>Why nothing is done with a session that was read back from a file or came from another process.</summary>
    public const string SessionRow = "This object was a session, but it was read from a file, or comes from a job or another computer, and has no connection. It wasn't processed. To open a session, run Connect-Ftp in this process. In a job, run it in the job.";

    private static readonly ConditionalWeakTable<FtpItem, Refusal> _refused = new();
    private static readonly ConditionalWeakTable<FtpItem, Address> _addresses = new();
    private static readonly ConditionalWeakTable<FtpItem, FtpTransferResult> _results = new();

    /// <summary>The item that a value stands for; null when it stands for none, as a text does.</summary>
    public static FtpItem? Read(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        FtpItem item => item,
        FtpTransferResult result => Of(result),
        FtpSession session => Refused(session.ItemAt(session.Location), $"The session '{session.Name}' stands for its location, {session.Location}, which this cmdlet doesn't change. Specify a path, and the session with -Session.", unlessItOnlyLooks: true),
        FileSystemInfo local => Refuse($"'{local.FullName}' is a local {(local is DirectoryInfo ? "directory" : "file")}, but this cmdlet works on remote items. It wasn't processed. To send local files, use Send-FtpItem."),
        _ when IsSessionRow(value) => Refuse(SessionRow),
        _ when value is PSObject row && Rows.Is(row) => FtpItemConverter.Of(row) ?? (FtpTransferResultConverter.Of(row) is { } result ? Of(result) : null) ?? OfPath(row),
        _ => null,
    };

    /// <summary>Whether a value was a session before it was written to a file, or left its process.</summary>
    public static bool IsSessionRow(object? value) =>
        value is PSObject { BaseObject: PSCustomObject } row && row.TypeNames.Contains("Deserialized." + typeof(FtpSession).FullName);

    /// <summary>An item that an address stands for, which tells more of the session that it is meant for than the server.</summary>
    /// <param name="item">The item.</param>
    /// <param name="user">The user's name; null for any.</param>
    /// <param name="isEncrypted">Whether it must be a session with TLS.</param>
    public static FtpItem OfAddress(FtpItem item, string? user, bool isEncrypted)
    {
        _addresses.Add(item, new Address(user, isEncrypted));
        return item;
    }

    /// <summary>Whether an address means a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="server">The address's server.</param>
    /// <param name="user">Its user; null for any.</param>
    /// <param name="isEncrypted">Whether it asks for TLS.</param>
    public static bool IsMeant(FtpSession session, string server, string? user, bool isEncrypted) =>
        session.IsOn(server) && (user is null || user == session.UserName) && (!isEncrypted || session.Security is not null);

    /// <summary>The open session that an address is meant for: the current one if it may be, or else the one that is.</summary>
    /// <param name="item">The item.</param>
    /// <param name="current">The current session.</param>
    /// <returns>Null of what is no address.</returns>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.WrongServer"/>: there is none, or there are several.</exception>
    public static FtpSession? SessionOfAddress(FtpItem item, FtpSession? current)
    {
        if (!_addresses.TryGetValue(item, out var address))
            return null;
        bool Fits(FtpSession session) => IsMeant(session, item.Server!, address.User, address.IsEncrypted);
        if (current is not null && Fits(current))
            return current;
        var others = SessionRegistry.Here.All.Where(Fits).ToArray();
        if (others.Length == 1)
            return others[0];
        var meant = $"{item.Server}{(address.User is null ? "" : $" as '{address.User}'")}{(address.IsEncrypted ? " with TLS" : "")}";
        throw new FtpException(
            FtpErrorKind.WrongServer,
            others.Length > 1
                ? $"The address of '{item.FullName}' requires a session on {meant}. {others.Length} such sessions are open, but none of them is current. The item wasn't processed. Select one of them with Select-FtpSession, or specify it with -Session."
                : $"The address of '{item.FullName}' requires a session on {meant}, but no such session is open{(current is null ? "" : $". The current session, '{current.Name}', is on {current.Server} as '{current.UserName}'{(current.Security is null ? " without TLS" : "")}")}. The item wasn't processed. Connect to this server first. To use the same path in another session, specify -Session.",
            item.FullName) { Server = item.Server };
    }

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

    /// <summary>
    /// Whether a destination is where the copy of a result is that was piped in, by its property of that name, and not one that
    /// somebody gave: it is the very same string.
    /// </summary>
    /// <param name="items">What was piped in.</param>
    /// <param name="destination">The destination.</param>
    /// <param name="direction">Which way the file was transferred; null for both.</param>
    public static bool IsCopy(FtpItem[]? items, string? destination, FtpTransferDirection? direction = null) =>
        items is { Length: 1 } && _results.TryGetValue(items[0], out var result) && ReferenceEquals(result.Destination, destination)
            && (direction is null || result.Direction == direction);

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
        _results.Add(item, result);
        return result.Status != FtpTransferStatus.Failed ? item : Refused(
            item,
            $"'{item.FullName}' wasn't {(result.Direction == FtpTransferDirection.Upload ? "sent" : "received")}, so it wasn't processed any further. The error of the transfer: {result.Error}",
            unlessItOnlyLooks: true, FtpErrorKind.TransferIncomplete);
    }

    private static FtpItem Refused(FtpItem item, string why, bool unlessItOnlyLooks, FtpErrorKind kind = FtpErrorKind.InvalidName)
    {
        _refused.Add(item, new Refusal(kind, why, unlessItOnlyLooks));
        return item;
    }

    private sealed record Address(string? User, bool IsEncrypted);

    private sealed record Refusal(FtpErrorKind Kind, string Why, bool UnlessItOnlyLooks);
}

/// <summary>Accepts whatever stands for an item.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ItemTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        PipelineItem.Replace(inputData, static one => PipelineItem.Read(one) ?? one);
}
