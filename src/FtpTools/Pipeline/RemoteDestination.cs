using System;

namespace FtpTools.Pipeline;

/// <summary>What is given for a destination on the server.</summary>
internal static class RemoteDestination
{
    /// <summary>Refuses what was meant for a directory and would be a name.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>: it begins or ends with a backslash.</exception>
    public static void Require(string destination)
    {
        if (destination.StartsWith("\\", StringComparison.Ordinal) || destination.EndsWith("\\", StringComparison.Ordinal))
        {
            throw new FtpException(
                FtpErrorKind.InvalidName,
                $"The destination '{destination}' has backslashes, which are characters of names on most servers: nothing was done. Remote paths have / between their parts: '{destination.Replace('\\', '/')}'.",
                destination);
        }
    }
}
