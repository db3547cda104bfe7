using System;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Session;
using FtpTools.Transfer;
using FtpTools.Trees;

namespace FtpTools;

/// <summary>
/// The steps of a plan that are carried out on a session: directories before what goes into them, files over several
/// connections, deletions in the end. Each step looks first whether the world is still what it was made for.
/// </summary>
public sealed class FtpSyncBatch
{
    private readonly FtpSession _session;
    private readonly Action<FtpTransferResult> _onResult;
    private readonly SyncRun _run;

    internal FtpSyncBatch(
        FtpSession session, ConnectionPool pool, FtpTransferOptions options, FtpSyncOptions sync, int limit,
        Action<FtpTransferResult> onResult, IProgress<FtpProgress>? progress, CancellationToken cancellationToken)
    {
        _session = session;
        _onResult = result =>
        {
            result.Failure?.At(session.Server);
            onResult(result with { Server = session.Server, Session = session });
        };
        var context = new BatchContext(pool, options, RateLimiter.Of(options), progress, session.Trace, cancellationToken);
        _run = new SyncRun(context, sync, limit, _onResult);
    }

    /// <summary>How many steps have been added that are no directories.</summary>
    public int FileCount => _run.FileCount;

    /// <summary>How many bytes they move in all, as far as that is known.</summary>
    public long ByteCount => _run.ByteCount;

    /// <summary>Adds a step; from one thread.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.WrongServer"/>: it is of another server or account.</exception>
    public void Add(FtpSyncAction action)
    {
        var isOther = action.Server is { } server && !_session.IsOn(server);
        if (isOther || (action.UserName is { } user && user != _session.UserName))
        {
            throw new FtpException(
                FtpErrorKind.WrongServer,
                $"'{action.TargetPath}' was left unchanged, because the plan was made for {action.UserName}@{action.Server}, but the session '{_session.Name}' is {_session.UserName}@{_session.Server}.", action.RemotePath) { Server = _session.Server };
        }

        _run.Add(action);
    }

    /// <summary>Says that no more will be added, waits until all is done, and deletes in the end.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.TooManyDeletes"/>, after all else; or something that no step could be done after.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; all work has ended.</exception>
    public Task CompleteAsync() => _run.CompleteAsync();
}
