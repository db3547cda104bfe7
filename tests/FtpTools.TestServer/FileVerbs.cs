using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

namespace FtpTools.TestServer;

/// <summary>What asks about files or changes them without a data connection.</summary>
internal static class FileVerbs
{
    public static IReadOnlyDictionary<string, CommandScript> Table { get; } = new Dictionary<string, CommandScript>
    {
        ["SIZE"] = SizeAsync,
        ["MDTM"] = MdtmAsync,
        ["MFMT"] = MfmtAsync,
        ["MLST"] = MlstAsync,
        ["STAT"] = StatAsync,
        ["REST"] = RestAsync,
        ["DELE"] = DeleAsync,
        ["MKD"] = MkdAsync,
        ["XMKD"] = MkdAsync,
        ["RMD"] = RmdAsync,
        ["XRMD"] = RmdAsync,
        ["RNFR"] = RnfrAsync,
        ["RNTO"] = RntoAsync,
    };

    private static Task SizeAsync(LoopbackConnection c, string argument)
    {
        // The size of the converted file would have to be counted; most servers refuse (RFC 3659, 4).
        if (c.State.Ascii)
            return c.ReplyAsync("550 SIZE not allowed in ASCII mode.");
        return c.ReplyAsync($"213 {FileAt(c, argument).Entry.Length}");
    }

    private static Task MdtmAsync(LoopbackConnection c, string argument) =>
        c.ReplyAsync($"213 {ListingFormat.Time(FileAt(c, argument).Entry.ModifiedUtc)}");

    private static Task MfmtAsync(LoopbackConnection c, string argument)
    {
        if (c.Server.Habits.TimeRefusal is { } refusal)
            return c.ReplyAsync(refusal);
        var space = argument.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0 || !ListingFormat.TryTime(argument[..space], out var utc))
            return c.ReplyAsync("501 MFMT takes YYYYMMDDHHMMSS and a path.");
        var path = Verbs.PathOf(c, argument[(space + 1)..]);
        var local = c.Server.Folder.Local(path);
        if (Directory.Exists(local))
            Directory.SetLastWriteTimeUtc(local, utc);
        else
            File.SetLastWriteTimeUtc(local, utc);
        return c.ReplyAsync($"213 Modify={ListingFormat.Time(utc)}; {path}");
    }

    private static Task MlstAsync(LoopbackConnection c, string argument)
    {
        var path = argument.Length == 0 ? c.State.Directory : Verbs.PathOf(c, argument);
        var entry = c.Server.Folder.Find(path) ?? throw RefusalException.NotFound(path);
        var line = ListingFormat.MachineLine(entry with { Name = path }, c.State.Facts);
        return c.ReplyAsync($"250-Listing {path}\r\n {line}\r\n250 End");
    }

    private static Task StatAsync(LoopbackConnection c, string argument)
    {
        if (argument.Length == 0)
        {
            return c.ReplyAsync($"211-FtpTools loopback server status:\r\n Logged in as {c.State.User}\r\n"
                + $" TYPE: {(c.State.Ascii ? "ASCII" : "Binary")}\r\n211 End of status");
        }

        var (path, _) = TransferVerbs.ListArgument(c, argument);
        var folder = c.Server.Folder;
        var entry = folder.Find(path) ?? throw RefusalException.NotFound(path);
        var lines = entry.IsDirectory ? folder.List(path) : [entry];
        var text = string.Concat(lines.Select(e => ListingFormat.UnixLine(e, DateTime.UtcNow) + "\r\n"));
        return c.ReplyAsync($"213-Status follows:\r\n{text}213 End of status");
    }

    private static Task RestAsync(LoopbackConnection c, string argument)
    {
        if (!long.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out var at))
            return c.ReplyAsync("501 REST takes a number of bytes.");
        c.State.RestartAt = at;
        return c.ReplyAsync($"350 Restart position accepted ({at}).");
    }

    private static Task DeleAsync(LoopbackConnection c, string argument)
    {
        var path = Verbs.PathOf(c, argument);
        var file = new FileInfo(c.Server.Folder.Local(path));
        if (Directory.Exists(file.FullName) && file.LinkTarget is null)
            return c.ReplyAsync($"550 {path}: Is a directory");
        if (!file.Exists && file.LinkTarget is null)
            throw RefusalException.NotFound(path);
        file.Delete();
        return c.ReplyAsync("250 Delete operation successful.");
    }

    private static Task MkdAsync(LoopbackConnection c, string argument)
    {
        var path = Verbs.PathOf(c, argument);
        var local = c.Server.Folder.Local(path);
        if (Path.Exists(local))
            return c.ReplyAsync($"550 {path}: File exists");
        // CreateDirectory would make the parents too, which no FTP server does.
        if (!Directory.Exists(Path.GetDirectoryName(local)))
            throw RefusalException.NotFound(path);
        Directory.CreateDirectory(local);
        return c.ReplyAsync($"257 {ListingFormat.Quoted(path)} created");
    }

    private static Task RmdAsync(LoopbackConnection c, string argument)
    {
        var path = Verbs.PathOf(c, argument);
        if (path == "/")
            return c.ReplyAsync("550 /: Permission denied");
        var local = c.Server.Folder.Local(path);
        if (File.Exists(local))
            return c.ReplyAsync($"550 {path}: Not a directory");
        if (Directory.Exists(local) && Directory.EnumerateFileSystemEntries(local).Any())
            return c.ReplyAsync($"550 {path}: Directory not empty");
        Directory.Delete(local);
        return c.ReplyAsync("250 Remove directory operation successful.");
    }

    private static Task RnfrAsync(LoopbackConnection c, string argument)
    {
        var path = Verbs.PathOf(c, argument);
        if (c.Server.Habits.RenameRefusal is { } refusal)
            throw new RefusalException(refusal);
        if (path == "/" || !Path.Exists(c.Server.Folder.Local(path)))
            throw RefusalException.NotFound(path);
        c.State.RenameFrom = path;
        return c.ReplyAsync("350 Ready for RNTO.");
    }

    private static Task RntoAsync(LoopbackConnection c, string argument)
    {
        if (c.State.RenameFrom is not { } source)
            return c.ReplyAsync("503 RNFR required first.");
        c.State.RenameFrom = null;
        var from = c.Server.Folder.Local(source);
        var to = c.Server.Folder.Local(Verbs.PathOf(c, argument));
        if (c.Server.Habits.ReplaceRefusal is { } refusal && Path.Exists(to))
            throw new RefusalException(refusal);
        if (c.Server.Habits.DotNameRefusal is { } dotted && Path.GetFileName(to).StartsWith('.'))
            throw new RefusalException(dotted);
        if (Directory.Exists(from))
            Directory.Move(from, to);
        else
            File.Move(from, to, overwrite: true);
        return c.ReplyAsync("250 Rename successful.");
    }

    private static (string Path, ListEntry Entry) FileAt(LoopbackConnection c, string argument)
    {
        var path = Verbs.PathOf(c, argument);
        var entry = c.Server.Folder.Find(path) ?? throw RefusalException.NotFound(path);
        return entry.IsDirectory ? throw new RefusalException($"550 {path}: Not a regular file") : (path, entry);
    }
}
