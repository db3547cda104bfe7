using System;
using System.Collections.Generic;
using System.Linq;

namespace FtpTools.Protocol;

/// <summary>
/// A way in which a server tells a file's hash: HASH (draft-bryan-ftpext-hash), the X commands, the same behind SITE, or
/// SITE CHECKSUM, which WU-FTPD and its kin have.
/// </summary>
internal sealed class FtpHash
{
    // The strongest first. GlobalSCAPE and ProFTPD's mod_digest have XSHA and XSHA1 for the same.
    private static readonly (string Verb, string Algorithm)[] _commands =
    [
        ("XSHA512", "SHA-512"), ("XSHA256", "SHA-256"), ("XSHA1", "SHA-1"), ("XSHA", "SHA-1"), ("XMD5", "MD5"), ("MD5", "MD5"), ("XCRC", "CRC32"),
    ];

    private static readonly string[] _algorithms = ["SHA-512", "SHA-384", "SHA-256", "SHA-1", "MD5", "CRC32"];

    private readonly string _verb;
    private readonly string _prefix;

    private FtpHash(string algorithm, string verb, string prefix = "", FtpCommand? choice = null, bool isInForce = false)
    {
        Algorithm = algorithm;
        _verb = verb;
        _prefix = prefix;
        Choice = choice;
        IsInForce = isInForce;
    }

    /// <summary>The algorithm, as HASH names it.</summary>
    public string Algorithm { get; }

    /// <summary>The command that the server is told the algorithm by, once a connection; null when the command that asks says it itself.</summary>
    public FtpCommand? Choice { get; }

    /// <summary>True when the server takes this algorithm as long as it is not told another one.</summary>
    public bool IsInForce { get; }

    /// <summary>The ways that a server offers in its reply to FEAT, the best first.</summary>
    public static IReadOnlyList<FtpHash> Find(FtpFeatures features)
    {
        var found = new List<FtpHash>();
        if (features.Parameters("HASH") is { Length: > 0 } offered)
        {
            // "SHA-256*;SHA-1;MD5": the star marks the one in force.
            var names = offered.Split(';').Select(name => name.Trim()).ToArray();
            foreach (var algorithm in _algorithms)
            {
                var isInForce = names.Contains(algorithm + "*", StringComparer.OrdinalIgnoreCase);
                if (isInForce || names.Contains(algorithm, StringComparer.OrdinalIgnoreCase))
                    found.Add(new FtpHash(algorithm, "HASH", choice: new FtpCommand("OPTS", "HASH " + algorithm), isInForce: isInForce));
            }
        }

        found.AddRange(from command in _commands where features.Has(command.Verb) select new FtpHash(command.Algorithm, command.Verb));
        found.AddRange(FindBehindSite(features.SiteCommands));
        return found;
    }

    /// <summary>The ways that a server offers in its reply to SITE HELP, the best first.</summary>
    /// <param name="text">The reply's text. A command with a star at its end is one that the server does not have.</param>
    public static IReadOnlyList<FtpHash> FindInSiteHelp(string text) => FindBehindSite(text.Split([' ', '\t', '\n', ',', ';'], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>An algorithm as HASH names it, given as PowerShell does: SHA256 is SHA-256.</summary>
    public static string NameOf(string algorithm) =>
        algorithm.StartsWith("SHA", StringComparison.OrdinalIgnoreCase) ? "SHA-" + algorithm.Substring(3) : algorithm.ToUpperInvariant();

    /// <summary>The command that asks for the hash of a file.</summary>
    public FtpCommand Of(string path) => new(_verb, _prefix + path);

    /// <summary>Reads the hash from a reply: "213 SHA-256 0-49 169CD2... /a", "250 3D1F...", "251 /a 9E107D...", "200 9e107d... a".</summary>
    /// <param name="text">The reply's text.</param>
    /// <param name="path">The file, whose name may look like a hash itself.</param>
    /// <returns>Capital digits; null when there is none.</returns>
    public string? Read(string text, string path)
    {
        text = text.TrimEnd();
        foreach (var name in new[] { path, FtpPath.Name(path) })
        {
            if (text.EndsWith(" " + name, StringComparison.Ordinal) && Last(text.Substring(0, text.Length - name.Length)) is { } found)
                return found;
        }

        return Last(text);
    }

    private static List<FtpHash> FindBehindSite(IEnumerable<string> commands)
    {
        var names = new HashSet<string>(commands, StringComparer.OrdinalIgnoreCase);
        var hasChecksum = names.Contains("CHECKSUM");
        // In help, MD5 alone may be said of CHECKMETHOD.
        var found = (from command in _commands
                     where names.Contains(command.Verb) && !(command.Verb == "MD5" && hasChecksum)
                     select new FtpHash(command.Algorithm, "SITE", command.Verb + " ")).ToList();
        // Until it is told otherwise, WU-FTPD counts by a CRC of its own (that of POSIX's cksum).
        if (hasChecksum && names.Contains("CHECKMETHOD"))
            found.Add(new FtpHash("MD5", "SITE", "CHECKSUM ", new FtpCommand("SITE", "CHECKMETHOD MD5")));
        return found;
    }

    private string? Last(string text)
    {
        var digits = Algorithm switch { "SHA-512" => 128, "SHA-384" => 96, "SHA-256" => 64, "SHA-1" => 40, "MD5" => 32, _ => 8 };
        // Of a CRC leading zeros may be missing.
        var least = Algorithm == "CRC32" ? digits - 4 : digits;
        IEnumerable<string> words = text.Split([' ', '\n', '"'], StringSplitOptions.RemoveEmptyEntries);
        return words.LastOrDefault(word => word.Length >= least && word.Length <= digits && word.All(Uri.IsHexDigit))?.ToUpperInvariant().PadLeft(digits, '0');
    }
}
