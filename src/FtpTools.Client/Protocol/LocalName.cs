using System;
using System.Linq;

namespace FtpTools.Protocol;

/// <summary>Which names that a server tells can be those of local files.</summary>
internal static class LocalName
{
    private static readonly string[] _devices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

    /// <summary>Checks that a remote name can be the name of a local file. It is never changed: two names could become one.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>: it would leave its directory, or cannot be written here.</exception>
    public static void Check(string name, string remotePath, bool windows)
    {
        var reason =
            name is "" or "." or ".." || name.IndexOfAny(['/', '\0']) >= 0 ? "it would lead out of the destination directory"
            : FtpUtf8Encoding.HasEscapes(name) ? "its bytes aren't valid UTF-8; specify the server's encoding (such as windows-1252) with Connect-Ftp -Encoding"
            : !windows ? null
            : name.Any(c => c < ' ' || "<>:\"\\|?*".IndexOf(c) >= 0) ? "it contains a character that isn't allowed in Windows file names"
            : name[name.Length - 1] is '.' or ' ' ? "Windows removes the dot or space at its end"
            : IsDevice(name) ? "it's the name of a device"
            : null;
        if (reason is not null)
            throw new FtpException(FtpErrorKind.InvalidName, $"'{remotePath}' wasn't received under the name '{name}', because {reason}. Specify another name with -Destination or -NameMap.", remotePath);
    }

    private static bool IsDevice(string name)
    {
        var stem = name.Split('.')[0].TrimEnd(' ');
        return _devices.Contains(stem, StringComparer.OrdinalIgnoreCase)
            // Windows takes the digits of ISO 8859-1 that are written above the line for digits.
            || (stem.Length == 4 && (char.IsDigit(stem[3]) || stem[3] is '\u00B9' or '\u00B2' or '\u00B3')
                && (stem.StartsWith("COM", StringComparison.OrdinalIgnoreCase) || stem.StartsWith("LPT", StringComparison.OrdinalIgnoreCase)));
    }
}
