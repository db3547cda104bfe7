using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <summary>What is said about the hashes of files.</summary>
internal sealed class Hashes(ProtocolInterpreter pi)
{
    /// <summary>The algorithm of the best hash that the server can tell; null when it can tell none, or <see cref="FindHashAsync"/> has not asked yet.</summary>
    public string? HashAlgorithm => pi.Traits.Hashes.FirstOrDefault()?.Algorithm;

    /// <summary>Finds out how the server tells hashes: by what FEAT has listed, or else by SITE HELP, which is asked for once a session.</summary>
    /// <returns>False when it tells none.</returns>
    public async Task<bool> FindHashAsync(CancellationToken cancellationToken)
    {
        await pi.Traits.HashSearch.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!pi.Traits.HasSoughtHash)
            {
                pi.Traits.Hashes = FtpHash.Find(pi.Traits.Features!);
                if (pi.Traits.Hashes.Count == 0 && await pi.ExchangeAsync("SITE", "HELP", cancellationToken).ConfigureAwait(false) is { IsCompletion: true } help)
                    pi.Traits.Hashes = FtpHash.FindInSiteHelp(help.SentText);
                pi.Traits.HasSoughtHash = true;
            }

            return pi.Traits.Hashes.Count > 0;
        }
        finally
        {
            pi.Traits.HashSearch.Release();
        }
    }

    /// <summary>The hash of a file's content in capital hexadecimal digits.</summary>
    /// <param name="path">The file.</param>
    /// <param name="algorithm">The algorithm, as HASH names it; null for <see cref="HashAlgorithm"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<string> HashAsync(string path, string? algorithm, CancellationToken cancellationToken)
    {
        var task = $"get the {(algorithm is null ? "" : algorithm + " ")}hash of '{path}'";
        var hasAny = await FindHashAsync(cancellationToken).ConfigureAwait(false);
        if (pi.Traits.Hashes.FirstOrDefault(one => algorithm is null || one.Algorithm == algorithm) is not { } hash)
        {
            var has = hasAny ? $"the server supports only {string.Join(", ", pi.Traits.Hashes.Select(one => one.Algorithm).Distinct(StringComparer.Ordinal))}" : "the server doesn't support hashes";
            throw new FtpException(FtpErrorKind.CommandNotSupported, $"Could not {task} on {pi.Server}: {has}.", path);
        }

        await pi.TypeAsync(FtpTransferType.Binary, cancellationToken).ConfigureAwait(false);
        if (hash.Choice is { } choice && pi.Said.HashChoice != choice.Argument && !(hash.IsInForce && pi.Said.HashChoice is null))
        {
            await pi.CommandAsync(choice.Verb, choice.Argument, task, path, cancellationToken).ConfigureAwait(false);
            pi.Said.HashChoice = choice.Argument;
        }

        var command = hash.Of(path);
        var reply = await pi.CommandAsync(command.Verb, command.Argument, task, path, cancellationToken).ConfigureAwait(false);
        return hash.Read(reply.SentText, path)
            ?? throw new FtpCommandException(FtpErrorKind.VerificationFailed, $"Could not {task} on {pi.Server}: the reply '{reply}' to {command.Redacted} doesn't contain a valid {hash.Algorithm} hash.", reply, path);
    }
}
