using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Changes the remote directory where a session's relative paths begin.</summary>
[Cmdlet(VerbsCommon.Set, "FtpLocation", DefaultParameterSetName = PathSet)]
[OutputType(typeof(FtpPathInfo))]
public sealed class SetFtpLocationCommand : FtpSessionCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    /// <summary>A remote directory; <c>*</c>, <c>?</c> and <c>[]</c> are wildcards. - goes back to the former location, and + forward again. Without it, back to where the session began.</summary>
    [Parameter(Position = 0, ParameterSetName = PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ItemPathTransformation]
    [ArgumentCompleter(typeof(RemotePathCompleter))]
    public string? Path { get; set; }

    /// <summary>A remote directory in which no character is a wildcard.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    [ValidateNotNullOrEmpty]
    [ItemPathTransformation]
    [ArgumentCompleter(typeof(RemotePathCompleter))]
    public string? LiteralPath { get; set; }

    /// <summary>Emit the new location.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool OnlyLooks => true;

    private protected override async Task ProcessRecordAsync(CancellationToken cancellationToken)
    {
        if (ParameterSetName == PathSet && Path is null)
        {
            await TryAsync(null, () => GoAsync(TheSession, LocationHistory.Of(TheSession).Beginning, cancellationToken));
            return;
        }
        foreach (var input in RemoteInput.List(null, LiteralPath is null ? null : [LiteralPath], ParameterSetName == LiteralPathSet || Path is null ? null : [Path]))
            await TryAsync(input, session => GoAsync(session, input, cancellationToken));
    }

    private async Task GoAsync(FtpSession session, RemoteInput input, CancellationToken cancellationToken)
    {
        var history = LocationHistory.Of(session);
        if (ParameterSetName == PathSet && input.Item is null && input.Given is ("-" or "+"))
        {
            var isBack = input.Given == "-";
            if ((isBack ? history.Back : history.Forward) is not { } next)
                throw new FtpException(FtpErrorKind.PathNotFound, $"There is no location to go {(isBack ? "back" : "forward")} to. The location of the session '{session.Name}' is still '{session.Location}'.") { Server = session.Server };
            var from = session.Location;
            await session.SetLocationAsync(next, cancellationToken);
            history.Step(isBack, from);
            Tell(session);
            return;
        }

        var pattern = input.On(session, PostUnread);
        if (pattern.IsLiteral)
        {
            await GoAsync(session, pattern.Root, cancellationToken);
            return;
        }
        var directories = (await pattern.ExpandAsync(includeHidden: false, cancellationToken)).Where(item => item.ItemType is FtpItemType.Directory or FtpItemType.SymbolicLink).ToArray();
        if (directories.Length != 1)
            throw new FtpException(FtpErrorKind.PathNotFound, $"'{input.Given}' matches {directories.Length} directories on {session.Server}, but must match only one. The location is still '{session.Location}'.", input.Given) { Server = session.Server };
        await GoAsync(session, directories[0].FullName, cancellationToken);
    }

    private async Task GoAsync(FtpSession session, string path, CancellationToken cancellationToken)
    {
        var history = LocationHistory.Of(session);
        var from = session.Location;
        await session.SetLocationAsync(path, cancellationToken);
        history.Leave(from);
        Tell(session);
    }

    private void Tell(FtpSession session)
    {
        if (PassThru)
            PostObject(new FtpPathInfo(session));
    }
}
