using System.Collections.Generic;
using System.IO;
using System.Linq;
using FtpTools.Protocol;
using FtpTools.Transfer;

namespace FtpTools.Trees;

/// <summary>One directory of two trees that are compared, on one side or both. Compared by one thread; what it says of its own removal is read once all is.</summary>
internal sealed class ComparedFolder
{
    private readonly List<FtpSyncAction> _removals = [];

    /// <summary>The top of both trees.</summary>
    public ComparedFolder(string local, string remote) => (Local, Remote, Relative, Level, Top) = (local, remote, "", FtpTreeLevel.Top(), this);

    private ComparedFolder(ComparedFolder above, string name, string localName, string remoteName)
    {
        (Above, Top, Local, Remote) = (above, above.Top, Path.Combine(above.Local, localName), FtpPath.Child(above.Remote, remoteName));
        Relative = above.RelativeOf(name);
        // Only what is on the server can be without an end: links here are not gone through.
        Level = above.HasRemote ? above.Level.Below(Remote) : above.Level;
    }

    /// <summary>The directory that it is in; null of the top.</summary>
    public ComparedFolder? Above { get; }

    /// <summary>The top of both trees that it is in, or is.</summary>
    public ComparedFolder Top { get; }

    /// <summary>The absolute local path.</summary>
    public string Local { get; }

    /// <summary>The absolute remote path.</summary>
    public string Remote { get; }

    /// <summary>The path below the top, with <c>/</c> between its parts.</summary>
    public string Relative { get; }

    /// <summary>How far down it is.</summary>
    public FtpTreeLevel Level { get; }

    /// <summary>Whether it is here.</summary>
    public bool HasLocal { get; init; }

    /// <summary>Whether it is on the server.</summary>
    public bool HasRemote { get; init; }

    /// <summary>The step that makes it where it is missing; null where it is there, or once that step is in the plan.</summary>
    public FtpSyncAction? Making { get; set; }

    /// <summary>The step that removes it, where it is on the target alone; null otherwise.</summary>
    public FtpSyncAction? Removal { get; init; }

    /// <summary>Whether something in it stays, so that it does too.</summary>
    public bool HasKept { get; private set; }

    /// <summary>The local names that were taken in it.</summary>
    public TakenNames Taken { get; } = new();

    /// <summary>The files in it that are on the target alone.</summary>
    public IReadOnlyList<FtpSyncAction> Removals => _removals;

    /// <summary>A directory in it.</summary>
    /// <param name="localName">Its name here, or as it would be.</param>
    /// <param name="remoteName">Its name on the server, or as it would be.</param>
    /// <param name="hasLocal">Whether it is here.</param>
    /// <param name="hasRemote">Whether it is on the server.</param>
    /// <param name="removal">The step that removes it, where it is on the target alone.</param>
    /// <param name="making">The step that makes it, where it is missing.</param>
    public ComparedFolder Below(string localName, string remoteName, bool hasLocal, bool hasRemote, FtpSyncAction? removal, FtpSyncAction? making) =>
        new(this, hasRemote ? remoteName : localName, localName, remoteName) { HasLocal = hasLocal, HasRemote = hasRemote, Removal = removal, Making = making };

    /// <summary>The path of what is in it, below the top.</summary>
    public string RelativeOf(string name) => Relative.Length == 0 ? name : Relative + "/" + name;

    /// <summary>Adds a file that is on the target alone.</summary>
    public void Remove(FtpSyncAction action) => _removals.Add(action);

    /// <summary>Says that something in it stays, and so all that it is in.</summary>
    public void Keep()
    {
        for (var folder = this; folder is not null && !folder.HasKept; folder = folder.Above)
            folder.HasKept = true;
    }

    /// <summary>How many directories it is in.</summary>
    public int Depth => Relative.Length == 0 ? 0 : Relative.Count(c => c == '/') + 1;
}
