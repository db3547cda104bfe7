using System;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <summary>
/// How a file of a transfer is named: by its path, or where the server takes none, by its name in its directory, which is gone
/// to first. Small servers take what is in the current directory alone, and most clients with windows never ask for more.
/// </summary>
internal sealed class PathWay
{
    private readonly ProtocolInterpreter _pi;
    private readonly TransferRequest _byPath;
    private FtpCommandException? _refusal;

    /// <summary>The way that the server is known to take.</summary>
    public PathWay(ProtocolInterpreter pi, TransferRequest request)
    {
        _pi = pi;
        _byPath = request;
        Request = pi.Habits.Has(ServerHabit.NamesAlone) && IsOfPath ? ByName : request;
    }

    /// <summary>What is to be said.</summary>
    public TransferRequest Request { get; private set; }

    private bool IsOfPath => _byPath is { IsListing: false, Directory: null, Argument: { } argument } && argument.StartsWith("/", StringComparison.Ordinal);

    private TransferRequest ByName => _byPath with { Directory = FtpPath.Parent(_byPath.Argument!), Argument = FtpPath.Name(_byPath.Argument!) };

    /// <summary>Whether the name may be taken where the path was refused.</summary>
    public bool IsAlternativeTo(FtpCommandException e) =>
        IsOfPath && _refusal is null && e.Verb == Request.Verb && _pi.MayBeOfPath(e.Reply);

    /// <summary>Goes on by the name.</summary>
    /// <param name="refusal">The refusal of the path, which is thrown where there is no such way.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<TransferRequest> TakeNameAsync(FtpCommandException refusal, CancellationToken cancellationToken)
    {
        _refusal = refusal;
        Request = ByName;
        return FtpRefusal.IsRefusal("CWD", await _pi.TryEnterAsync(Request.Directory!, cancellationToken).ConfigureAwait(false)) ? throw refusal : Request;
    }

    /// <summary>Learns from a transfer that has ended well.</summary>
    public void Learn()
    {
        if (_refusal is not null)
            _pi.Habits.Learn(ServerHabit.NamesAlone, _refusal.Reply.ToString());
        else if (Request == _byPath && IsOfPath)
            _pi.Habits.LearnToTakePaths();
    }
}
