using System;
using System.IO;
using System.Threading;
using FtpTools.Dialogue;

namespace FtpTools.Transfer;

/// <summary>What a download receives: written, counted, hashed and held to the rate on its way.</summary>
/// <param name="isHashed">Whether its hash will be asked for.</param>
/// <param name="isText">Whether its line ends become those of this system.</param>
/// <param name="limiter">The rate limit of the call; null for none.</param>
internal sealed class DownloadContent(bool isHashed, bool isText, RateLimiter? limiter) : IDisposable
{
    /// <summary>
    /// So many bytes more than it had when it was listed a file may have grown by without more ado; what sends more than
    /// that is asked again how much there is.
    /// </summary>
    private const long MostGrowth = 1 << 20;

    private ContentHash? _hash;

    /// <summary>Counts what is written.</summary>
    public required TransferMeter Meter { get; init; }

    /// <summary>How many bytes of the remote file have come, with those that were here.</summary>
    public long Received { get; set; }

    /// <summary>True when more came than there can be, and the rest was not waited for.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>Begins, again perhaps, behind what is here.</summary>
    public void Begin(FtpConnection connection, string written, long offset)
    {
        Received = offset;
        IsCutOff = false;
        Meter.Begin(offset);
        Dispose();
        if (!isHashed)
            return;
        _hash = new ContentHash(connection.Hashes.HashAlgorithm!);
        if (offset > 0)
            _hash.AddFile(written, offset);
    }

    /// <summary>Where received bytes go to.</summary>
    /// <param name="file">Takes them.</param>
    /// <param name="written">Its path.</param>
    /// <param name="overlap">What has come before comes once more, to be compared; null for nothing.</param>
    /// <param name="most">How many bytes the remote file has; null when that is not known.</param>
    /// <param name="isBound">Whether much more than that is given up.</param>
    /// <param name="cancellationToken">Ends the wait for the rate limit.</param>
    /// <returns>What takes a buffer, and what ends it.</returns>
    public (Action<byte[], int> Take, Action Complete) Into(FileStream file, string written, Overlap? overlap, long? most, bool isBound, CancellationToken cancellationToken)
    {
        void Write(byte[] buffer, int count)
        {
            LocalFile.Guard(written, "write", () => file.Write(buffer, 0, count));
            Meter.Add(count);
        }

        var text = isText ? AsciiText.FromWire(Write, Compat.IsWindows) : null;
        var isCompared = overlap is null;
        void Take(byte[] buffer, int count)
        {
            count = overlap?.Take(buffer, count) ?? count;
            if (!isCompared && overlap!.IsComplete)
                isCompared = overlap.IsAsIn(written) ? true : throw new RestartIgnoredException();
            if (count == 0)
                return;
            Received += count;
            // A file of zeros looks alike everywhere. (One that has grown meanwhile is longer, too.)
            if (overlap is not null && Received > most && overlap.IsBeginningOf(written))
                throw new RestartIgnoredException();
            if (text is null)
                Write(buffer, count);
            else
                text.Feed(buffer, count);
            _hash?.Add(buffer, count);
            limiter?.Take(count, cancellationToken);
            // In the ASCII type more come than there are.
            IsCutOff = isBound && !isText && Received - MostGrowth > most;
            if (IsCutOff)
                throw new RangeEndException();
        }

        return (Take, () => text?.Complete());
    }

    /// <summary>The hash of all that came, or was here.</summary>
    public string Hash() => _hash!.Finish();

    /// <summary>The failure of a file of which more comes than there can be.</summary>
    /// <param name="path">The remote file.</param>
    /// <param name="size">How many bytes it has.</param>
    public FtpException TooMuch(string path, long? size) => new(
        FtpErrorKind.VerificationFailed,
        FormattableString.Invariant($"'{path}' was given up: the server has {size} bytes of it, and {Received} came without an end. -Verify None takes what comes."), path);

    /// <summary>Forgets the hash of a try.</summary>
    public void Dispose()
    {
        _hash?.Dispose();
        _hash = null;
    }
}
