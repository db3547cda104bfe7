using System;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;
using FtpTools.Transfer;

namespace FtpTools;

/// <content>What is asked of single files beside their bytes: hashes and times.</content>
internal sealed partial class FtpConnection
{
    private const string TimeFormat = "yyyyMMddHHmmss";
    private string? _hashAlgorithm;

    /// <summary>The algorithm of the hash that the server can tell; null when it can tell none.</summary>
    public string? HashAlgorithm => FtpHash.Choose(_traits.Features!)?.Algorithm;

    /// <summary>The hash of a file's content, by <see cref="HashAlgorithm"/>, in capital hexadecimal digits.</summary>
    public async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        var (verb, algorithm, isToBeChosen) = FtpHash.Choose(_traits.Features!)!.Value;
        var task = $"ask for the hash of '{path}'";
        await TypeAsync(FtpTransferType.Binary, cancellationToken).ConfigureAwait(false);
        if (isToBeChosen && _hashAlgorithm != algorithm)
        {
            await CommandAsync("OPTS", "HASH " + algorithm, task, path, cancellationToken).ConfigureAwait(false);
            _hashAlgorithm = algorithm;
        }

        var reply = await CommandAsync(verb, path, task, path, cancellationToken).ConfigureAwait(false);
        return FtpHash.Find(reply.Text, ContentHash.Digits(algorithm), algorithm != "CRC32")
            ?? throw new FtpCommandException(FtpErrorKind.VerificationFailed, $"Could not {task} on {Server}: no {algorithm} can be read from the reply '{reply}' to {verb}.", reply, path);
    }

    /// <summary>Sets the time of a file's last change: MFMT (draft-somers-ftp-mfxx), or the forms of MDTM and SITE UTIME that older servers have.</summary>
    /// <returns>False when the server knows none of them, or refuses.</returns>
    public async Task<bool> TrySetModificationTimeAsync(string path, DateTime utc, CancellationToken cancellationToken)
    {
        var time = utc.ToString(TimeFormat, CultureInfo.InvariantCulture);
        while (_traits.TimeVerb is { } verb)
        {
            var argument = verb == "SITE" ? $"UTIME {time} {path}" : $"{time} {path}";
            var reply = await ExchangeAsync(verb, argument, cancellationToken).ConfigureAwait(false);
            if (reply.IsCompletion)
                return true;
            // 550 may be about this file; anything else says that this is not the way.
            if (reply.Code == 550 && verb == "MFMT")
                return false;
            _traits.TimeVerb = verb switch { "MFMT" => "MDTM", "MDTM" => "SITE", _ => null };
        }

        return false;
    }
}
