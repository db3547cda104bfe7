using System.Threading;
using System.Threading.Tasks;

namespace FtpTools;

/// <summary>
/// What is remembered of two directories between one comparison both ways and the next: what each file was on both sides when
/// both were alike. By it one can tell which side has changed since. <see cref="FtpSession.OpenSyncState(string?, string, string)"/> makes it.
/// </summary>
public abstract class FtpSyncState
{
    private protected FtpSyncState()
    {
    }

    /// <summary>The file that it is kept in; null where the account has no folder for such.</summary>
    public abstract string? Path { get; }

    /// <summary>Writes it, with what another run has written meanwhile. At once when nothing has changed.</summary>
    /// <param name="cancellationToken">Ends the wait for another run that is writing it.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>: it cannot be written; <see cref="FtpErrorKind.Timeout"/>: another one is at it for too long.</exception>
    public abstract Task SaveAsync(CancellationToken cancellationToken = default);
}
