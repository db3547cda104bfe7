using System.Collections.Generic;
using System.Linq;

namespace FtpTools.Trees;

/// <summary>
/// The work that waits for a worker. Directories wait while many files do, and of directories the lowest is listed first: of
/// a tree without an end, what waits would fill the memory. Used under its owner's lock.
/// </summary>
internal sealed class WaitingJobs
{
    /// <summary>So many files are enough for all connections to go on with, and few enough to be held.</summary>
    private const int MostFiles = 5000;

    private readonly Queue<(long Number, TransferJob Job)> _files = new();
    private readonly List<Queue<(long Number, TransferJob Job)>> _directories = [];
    private long _number;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Adds one.</summary>
    public void Add(TransferJob job)
    {
        var queue = _files;
        if (job.IsDirectory)
        {
            while (_directories.Count <= job.Depth)
                _directories.Add(new Queue<(long, TransferJob)>());
            queue = _directories[job.Depth];
        }

        queue.Enqueue((++_number, job));
        Count++;
    }

    /// <summary>Takes the one that is next: in the order in which they were added, but for lower directories, and for all of them where files have piled up.</summary>
    public TransferJob Take()
    {
        Count--;
        var directories = _directories.LastOrDefault(queue => queue.Count > 0);
        var isFile = directories is null || (_files.Count > 0 && (_files.Count >= MostFiles || _files.Peek().Number < directories.Peek().Number));
        return (isFile ? _files : directories!).Dequeue().Job;
    }

    /// <summary>Takes all that there are, in the order of <see cref="Take"/>.</summary>
    public IReadOnlyList<TransferJob> TakeAll()
    {
        var jobs = new List<TransferJob>(Count);
        while (Count > 0)
            jobs.Add(Take());
        return jobs;
    }
}
