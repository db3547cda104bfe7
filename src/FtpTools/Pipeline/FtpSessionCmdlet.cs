using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Pipeline;

/// <summary>A cmdlet that works on a session: the one given, the one that an item brings, or the current one.</summary>
public abstract class FtpSessionCmdlet : FtpCmdlet
{
    // Sessions of items on which nothing can be done any more, with what became of them and how many items were left out since.
    private readonly Dictionary<FtpSession, (FtpException Error, int Untried)> _ended = [];

    private protected FtpSessionCmdlet()
    {
    }

    /// <summary>The session, its name or its id; the runspace's current session by default.</summary>
    [Parameter]
    [ValidateNotNull]
    [SessionTransformation]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public virtual FtpSession? Session { get; set; }

    /// <summary>The session to work on.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.NoSession"/>.</exception>
    private protected FtpSession TheSession => Session ?? SessionRegistry.Here.Current ?? throw SessionRegistry.Here.NoSession();

    /// <summary>True of a cmdlet that changes nothing on the server, so that it may take what was not transferred, or a session's location.</summary>
    private protected virtual bool OnlyLooks => false;

    /// <summary>The session to work on an item with: the one given, or else the one that the item was read with.</summary>
    /// <param name="item">The item; null of a path that somebody wrote.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.WrongServer"/>, or <see cref="FtpErrorKind.NoSession"/>.</exception>
    private protected FtpSession SessionOf(FtpItem? item)
    {
        if (item is not null && PipelineItem.WhyNot(item, OnlyLooks) is { } refusal)
            throw refusal;
        if ((Session ?? item?.GetSession()) is { } session)
            return session;
        if (item is not null && PipelineItem.SessionOfAddress(item, SessionRegistry.Here.Current) is { } meant)
            return meant;
        var current = TheSession;
        if (item?.Server is not { } server || current.IsOn(server))
            return current;
        throw new FtpException(
            FtpErrorKind.WrongServer,
            $"'{item.FullName}' is an item of {server}, but the current session '{current.Name}' is on {current.Server}. The item wasn't processed. Connect to {server}, or select a session on it with Select-FtpSession. To use the same path on another server, specify -Session.",
            item.FullName) { Server = server };
    }

    /// <summary>Does the work for one input. Its failure is written as an error and the next input can go on, unless nothing can.</summary>
    /// <param name="input">The input.</param>
    /// <param name="work">The work on the input's session.</param>
    private protected async Task TryAsync(RemoteInput input, Func<FtpSession, Task> work)
    {
        FtpSession? session = null;
        try
        {
            await TryAsync(input.Given, async () =>
            {
                session = SessionOf(input.Item);
                if (_ended.TryGetValue(session, out var end))
                    _ended[session] = (end.Error, end.Untried + 1);
                else
                    await work(session);
            });
        }
        // The next item may bring another session.
        catch (FtpException e) when (Session is null && input.Item is not null && session is not null)
        {
            _ended[session] = (e, 0);
            WriteError(ErrorRecords.From(e, input.Given));
        }
    }

    /// <summary>Writes to a remote path; where its parent directory is missing, the error names what makes it.</summary>
    /// <param name="target">The path.</param>
    /// <param name="isForced">Whether missing directories are made.</param>
    /// <param name="work">The work.</param>
    private protected static async Task NamingForceAsync(string target, bool isForced, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (FtpException e) when (e.NamingForce(target, isForced) != e)
        {
            throw e.NamingForce(target, isForced);
        }
    }

    /// <summary>Has the pipeline thread write the error of a listing that could not be read in full; may be called on any thread, and does not wait.</summary>
    /// <remarks>Names that would lead elsewhere are nobody's files: to look at the others they are worth a warning. To whoever does something with all, what was left out was not done.</remarks>
    private protected virtual void PostUnread(FtpException error)
    {
        if (OnlyLooks && error.Kind == FtpErrorKind.InvalidName)
            Post(() => WriteWarning(error.Message));
        else
            PostError(error, error.Path);
    }

    /// <summary>Tells what was left out.</summary>
    private protected override Task EndProcessingAsync(CancellationToken cancellationToken)
    {
        foreach (var (error, untried) in _ended.Values.Where(end => end.Untried > 0))
            WriteError(ErrorRecords.From(new FtpException(error.Kind, $"{untried} more items of {error.Server} weren't tried, because of the error {error.ErrorId}.") { Server = error.Server }, error.Server));
        return Task.CompletedTask;
    }
}
