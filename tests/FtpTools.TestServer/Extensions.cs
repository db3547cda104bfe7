using System;
using System.IO;
using System.Security.Cryptography;
using System.Threading.Tasks;

namespace FtpTools.TestServer;

/// <summary>What some servers can do beyond the standard: hashes, free space, the permission of a file, SITE HELP, CHMOD and UMASK.</summary>
internal static class Extensions
{
    private static readonly string[] _facts = [.. ListingFormat.Facts, ListingFormat.ModeFact];

    /// <summary>Makes a server offer them.</summary>
    public static void AddTo(LoopbackServer server)
    {
        var features = server.Features;
        for (var i = 0; i < features.Count; i++)
        {
            if (features[i].StartsWith("MLST", StringComparison.Ordinal))
                features[i] += ListingFormat.ModeFact + "*;";
        }

        server.On("USER", (c, argument) =>
        {
            c.State.Facts = _facts;
            return c.HandleAsync("USER", argument);
        });
        foreach (var (verb, hash) in new (string, Func<byte[], byte[]>)[] { ("XSHA256", SHA256.HashData), ("XSHA1", Sha1), ("XMD5", Md5) })
        {
            features.Add(verb);
            server.On(verb, (c, argument) => HashAsync(c, argument, hash));
        }

        features.Add("AVBL");
        server.On("AVBL", (c, argument) => c.ReplyAsync(argument.Length == 0 || c.Server.Folder.IsFolder(Verbs.PathOf(c, argument))
            ? "213 1073741824" : "550 No such directory."));
        server.On("SITE", SiteAsync);
    }

    private static async Task HashAsync(LoopbackConnection c, string argument, Func<byte[], byte[]> hash)
    {
        var local = c.Server.Folder.Local(Verbs.PathOf(c, argument));
        var reply = !c.State.LoggedIn ? "530 Please log in with USER and PASS."
            : !File.Exists(local) ? "550 No such file."
            : "250 " + Convert.ToHexString(hash(await File.ReadAllBytesAsync(local).ConfigureAwait(false)));
        await c.ReplyAsync(reply).ConfigureAwait(false);
    }

    private static Task SiteAsync(LoopbackConnection c, string argument)
    {
        var words = argument.Split(' ', 3);
        if (!c.State.LoggedIn)
            return c.ReplyAsync("530 Please log in with USER and PASS.");
        switch (words[0].ToUpperInvariant())
        {
            case "HELP":
                return c.ReplyAsync("214-The following SITE commands are recognized:\r\n CHMOD HELP UMASK\r\n214 End");
            case "UMASK" when words.Length == 2:
                return c.ReplyAsync($"200 UMASK set to {words[1]}.");
            case "CHMOD" when words.Length == 3:
                var local = c.Server.Folder.Local(Verbs.PathOf(c, words[2]));
                if (!Path.Exists(local))
                    return c.ReplyAsync("550 No such file or directory.");
                // Windows has no such modes; there it is a yes and no more.
                if (!OperatingSystem.IsWindows())
                    File.SetUnixFileMode(local, (UnixFileMode)Convert.ToInt32(words[1], 8));
                return c.ReplyAsync("200 SITE CHMOD command ok.");
            default:
                return c.ReplyAsync("500 Unknown SITE command.");
        }
    }

    // What old servers offer is what is wanted here.
#pragma warning disable CA5350, CA5351
    private static byte[] Sha1(byte[] content) => SHA1.HashData(content);

    private static byte[] Md5(byte[] content) => MD5.HashData(content);
#pragma warning restore CA5350, CA5351
}
