using System;
using System.Threading.Tasks;

namespace FtpTools.Trees;

/// <summary>What came of moving an original away.</summary>
internal enum AwayOutcome
{
    /// <summary>It is away.</summary>
    Done,

    /// <summary>It was gone before.</summary>
    Gone,

    /// <summary>It is another one by now, and was left.</summary>
    Changed,

    /// <summary>Something has the name that it was to get.</summary>
    NameTaken,
}

/// <summary>An original that is taken once, on whichever side it is, and what is done with it there.</summary>
internal abstract class PickedSource
{
    /// <summary>Its absolute path.</summary>
    public abstract string Path { get; }

    /// <summary>What it is, as exactly as can be told; of one that is gone, what it was when it was found.</summary>
    public abstract Task<SourceState> SeeAsync();

    /// <summary>Whether it is there still.</summary>
    public abstract Task<bool> IsThereAsync();

    /// <summary>Whether a copy is whole and of the original as it is.</summary>
    /// <param name="target">The absolute path on the other side.</param>
    /// <param name="seen">The original.</param>
    public abstract Task<bool> IsCopiedAsync(string target, SourceState seen);

    /// <summary>Deletes it, if it is what it was.</summary>
    public abstract Task<AwayOutcome> DeleteAsync(SourceState seen);

    /// <summary>Makes a directory and its missing parents, once a call.</summary>
    public abstract Task MakeDirectoryAsync(string directory);

    /// <summary>Whether there is something of a name.</summary>
    public abstract Task<bool> IsTakenAsync(string path);

    /// <summary>Gives it a name that nothing has, if it is what it was.</summary>
    public abstract Task<AwayOutcome> MoveAsync(string path, SourceState seen);

    /// <summary>Whether two times are one as far as a copy keeps them: FAT knows every other second alone.</summary>
    protected static bool IsSameTime(DateTime? time, DateTime? other) => time is not null && other is not null && (time.Value - other.Value).Duration() <= TimeSpan.FromSeconds(2);
}
