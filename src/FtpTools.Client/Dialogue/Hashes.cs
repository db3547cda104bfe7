using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <summary>What is said about the hashes of files.</summary>
internal sealed class Hashes(ProtocolInterpreter pi)
{
    /// <summary>The algorithm of the hash that the server can tell; null when it can tell none, or <see cref="FindHashAsync"/> has not asked yet.</summary>
    public string? HashAlgorithm => pi.Traits.Hash?.Algorithm;

    /// <summary>Finds out how the server tells hashes: by what FEAT has listed, or else by SITE HELP, which is asked for once a session.</summary>
    /// <returns>False when it tells none.</returns>
    public async Task<bool> FindHashAsync(CancellationToken cancellationToken)
    {
        await pi.Traits.HashSearch.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!pi.Traits.HasSoughtHash)
            {
                pi.Traits.Hash = FtpHash.Find(pi.Traits.Features!);
                if (pi.Traits.Hash is null && await pi.ExchangeAsync("SITE", "HELP", cancellationToken).ConfigureAwait(false) is { IsCompletion: true } help)
                    pi.Traits.Hash = FtpHash.FindInSiteHelp(help.SentText);
                pi.Traits.HasSoughtHash = true;
            }

            return pi.Traits.Hash is not null;
        }
        finally
        {
            pi.Traits.HashSearch.Release();
        }
    }

    /// <summary>The hash of a file's content, by <see cref="HashAlgorithm"/>, in capital hexadecimal digits.</summary>
    public async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        var task = $"ask for the hash of '{path}'";
        if (!await FindHashAsync(cancellationToken).ConfigureAwait(false))
            throw new FtpException(FtpErrorKind.CommandNotSupported, $"Could not {task} on {pi.Server}: the server tells none.", path);
        var hash = pi.Traits.Hash!;
        await pi.TypeAsync(FtpTransferType.Binary, cancellationToken).ConfigureAwait(false);
        if (hash.Choice is { } choice && !pi.Said.IsHashChosen)
        {
            await pi.CommandAsync(choice.Verb, choice.Argument, task, path, cancellationToken).ConfigureAwait(false);
            pi.Said.IsHashChosen = true;
        }

        var command = hash.Of(path);
        var reply = await pi.CommandAsync(command.Verb, command.Argument, task, path, cancellationToken).ConfigureAwait(false);
        return hash.Read(reply.SentText, path)
            ?? throw new FtpCommandException(FtpErrorKind.VerificationFailed, $"Could not {task} on {pi.Server}: no {hash.Algorithm} can be read from the reply '{reply}' to {command.Redacted}.", reply, path);
    }
}
