using System;
using System.Collections.Generic;
using System.Linq;

namespace FtpTools.Protocol;

/// <summary>The ways in which servers tell a file's hash: HASH (draft-bryan-ftpext-hash), the X commands, and MD5.</summary>
internal static class FtpHash
{
    // The strongest first. GlobalSCAPE and ProFTPD's mod_digest have XSHA and XSHA1 for the same.
    private static readonly (string Verb, string Algorithm)[] _commands =
    [
        ("XSHA512", "SHA-512"), ("XSHA256", "SHA-256"), ("XSHA1", "SHA-1"), ("XSHA", "SHA-1"), ("XMD5", "MD5"), ("MD5", "MD5"), ("XCRC", "CRC32"),
    ];

    private static readonly string[] _algorithms = ["SHA-512", "SHA-256", "SHA-1", "MD5", "CRC32"];

    /// <summary>The best way that a server offers; null when it offers none.</summary>
    /// <returns>The verb, the algorithm, and whether HASH must be told of it by OPTS first.</returns>
    public static (string Verb, string Algorithm, bool IsToBeChosen)? Choose(FtpFeatures features)
    {
        if (features.Parameters("HASH") is { Length: > 0 } offered)
        {
            // "SHA-256*;SHA-1;MD5": the star marks the one in force.
            var names = offered.Split(';').Select(name => name.Trim()).ToArray();
            foreach (var algorithm in _algorithms)
            {
                if (names.Contains(algorithm + "*", StringComparer.OrdinalIgnoreCase))
                    return ("HASH", algorithm, false);
                if (names.Contains(algorithm, StringComparer.OrdinalIgnoreCase))
                    return ("HASH", algorithm, true);
            }
        }

        foreach (var (verb, algorithm) in _commands)
        {
            if (features.Has(verb))
                return (verb, algorithm, false);
        }

        return null;
    }

    /// <summary>Finds the hash in a reply: "213 SHA-256 0-49 169CD2...", "250 3D1F...", "251 /a 9E107D...".</summary>
    /// <param name="text">The reply's text.</param>
    /// <param name="digits">How many hexadecimal digits it has.</param>
    /// <param name="isPadded">False where leading zeros may be missing, as in CRCs.</param>
    /// <returns>Capital digits; null when there is none.</returns>
    public static string? Find(string text, int digits, bool isPadded)
    {
        IEnumerable<string> words = text.Split([' ', '\n', '"'], StringSplitOptions.RemoveEmptyEntries);
        var found = words.LastOrDefault(word => (word.Length == digits || (!isPadded && word.Length is > 0 and < 9 && word.Length >= digits - 4)) && word.All(Uri.IsHexDigit));
        return found?.ToUpperInvariant().PadLeft(digits, '0');
    }
}
