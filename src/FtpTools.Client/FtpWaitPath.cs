using System;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools;

/// <summary>A place where files are waited for.</summary>
public sealed class FtpWaitPath
{
    /// <summary>A place.</summary>
    /// <param name="given">The path as the caller gave it, for messages.</param>
    /// <param name="look">
    /// Looks what is there, once: tells of each item, and whether it is one of those that are waited for; the others may be
    /// markers.
    /// </param>
    public FtpWaitPath(string given, Func<Action<FtpItem, bool>, CancellationToken, Task> look)
    {
        Given = given;
        Look = look;
    }

    internal string Given { get; }

    internal Func<Action<FtpItem, bool>, CancellationToken, Task> Look { get; }
}
