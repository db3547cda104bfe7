using System;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools;

/// <summary>Looks for files once.</summary>
/// <param name="onItem">Takes each item there, and whether it is one of those that are waited for; the others may be markers.</param>
/// <param name="cancellationToken">Ends the look.</param>
public delegate Task FtpLook(Action<FtpItem, bool> onItem, CancellationToken cancellationToken);

/// <summary>A place where files are waited for.</summary>
public sealed class FtpWaitPath
{
    /// <summary>A place.</summary>
    /// <param name="given">The path as the caller gave it, for messages.</param>
    /// <param name="look">Looks what is there.</param>
    public FtpWaitPath(string given, FtpLook look)
    {
        Given = given;
        Look = look;
    }

    internal string Given { get; }

    internal FtpLook Look { get; }
}
