using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Pipeline;

/// <summary>
/// How many objects wait to be written. One listing is read at full speed, for the wire never waits for the pipeline; but of
/// a recursion the next directory does, or a tree without an end would fill the memory.
/// </summary>
internal sealed class Backlog
{
    private const int Most = 5000;

    private readonly object _lock = new();
    private int _count;
    private TaskCompletionSource<bool>? _room;

    /// <summary>Counts one that waits.</summary>
    public void Add()
    {
        lock (_lock)
            _count++;
    }

    /// <summary>Counts one that was written.</summary>
    public void Remove()
    {
        lock (_lock)
        {
            if (--_count < Most)
                _room?.TrySetResult(true);
        }
    }

    /// <summary>Waits until there are not too many.</summary>
    /// <param name="cancellationToken">Ends the wait, also when what waits will never be written, for the pipeline has stopped.</param>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource<bool> room;
        lock (_lock)
        {
            if (_count < Most)
                return;
            _room = room = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        using (cancellationToken.Register(() => room.TrySetCanceled(cancellationToken)))
            await room.Task.ConfigureAwait(false);
    }
}
