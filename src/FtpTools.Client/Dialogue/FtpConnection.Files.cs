using System;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <content>What is asked of single files beside their bytes: hashes and times.</content>
internal sealed partial class FtpConnection
{
    private const string TimeFormat = "yyyyMMddHHmmss";
    private bool _isHashChosen;

    /// <summary>The algorithm of the hash that the server can tell; null when it can tell none, or <see cref="FindHashAsync"/> has not asked yet.</summary>
    public string? HashAlgorithm => _traits.Hash?.Algorithm;

    /// <summary>Finds out how the server tells hashes: by what FEAT has listed, or else by SITE HELP, which is asked for once a session.</summary>
    /// <returns>False when it tells none.</returns>
    public async Task<bool> FindHashAsync(CancellationToken cancellationToken)
    {
        await _traits.HashSearch.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_traits.HasSoughtHash)
            {
                _traits.Hash = FtpHash.Find(_traits.Features!);
                if (_traits.Hash is null && await ExchangeAsync("SITE", "HELP", cancellationToken).ConfigureAwait(false) is { IsCompletion: true } help)
                    _traits.Hash = FtpHash.FindInSiteHelp(help.Text);
                _traits.HasSoughtHash = true;
            }

            return _traits.Hash is not null;
        }
        finally
        {
            _traits.HashSearch.Release();
        }
    }

    /// <summary>The hash of a file's content, by <see cref="HashAlgorithm"/>, in capital hexadecimal digits.</summary>
    public async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        var task = $"ask for the hash of '{path}'";
        if (!await FindHashAsync(cancellationToken).ConfigureAwait(false))
            throw new FtpException(FtpErrorKind.CommandNotSupported, $"Could not {task} on {Server}: the server tells none.", path);
        var hash = _traits.Hash!;
        await TypeAsync(FtpTransferType.Binary, cancellationToken).ConfigureAwait(false);
        if (hash.Choice is { } choice && !_isHashChosen)
        {
            await CommandAsync(choice.Verb, choice.Argument, task, path, cancellationToken).ConfigureAwait(false);
            _isHashChosen = true;
        }

        var command = hash.Of(path);
        var reply = await CommandAsync(command.Verb, command.Argument, task, path, cancellationToken).ConfigureAwait(false);
        return hash.Read(reply.Text, path)
            ?? throw new FtpCommandException(FtpErrorKind.VerificationFailed, $"Could not {task} on {Server}: no {hash.Algorithm} can be read from the reply '{reply}' to {command.Redacted}.", reply, path);
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
