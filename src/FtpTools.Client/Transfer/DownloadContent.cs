using System;
using System.Threading;
using FtpTools.Dialogue;

namespace FtpTools.Transfer;

/// <summary>What a download receives: written, counted and held to the rate on its way.</summary>
/// <param name="isText">Whether its line ends become those of this system.</param>
/// <param name="limiter">The rate limit of the call; null for none.</param>
internal sealed class DownloadContent(bool isText, RateLimiter? limiter)
{
    /// <summary>
    /// So many bytes more than it had when it was listed a file may have grown by without more ado; what sends more than
    /// that is asked again how much there is.
    /// </summary>
    private const long MostGrowth = 1 << 20;

    /// <summary>Counts what is written.</summary>
    public required TransferMeter Meter { get; init; }

    /// <summary>How many bytes of the remote file have come, with those that were here.</summary>
    public long Received { get; set; }

    /// <summary>True once the file was written to, or would have been: a former one under the same name is lost by then, and never for a refusal.</summary>
    public bool IsBegun { get; private set; }

    /// <summary>True when more came than there can be, and the rest was not waited for.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>Begins, again perhaps, behind what is here.</summary>
    public void Begin(long offset)
    {
        Received = offset;
        IsCutOff = false;
        Meter.Begin(offset);
    }

    /// <summary>Where received bytes go to.</summary>
    /// <param name="file">Takes them.</param>
    /// <param name="overlap">What has come before comes once more, to be compared; null for nothing.</param>
    /// <param name="most">How many bytes the remote file has; null when that is not known.</param>
    /// <param name="isBound">Whether much more than that is given up.</param>
    /// <param name="cancellationToken">Ends the wait for the rate limit.</param>
    /// <returns>What takes a buffer, and what ends it.</returns>
    public (Action<byte[], int> Take, Action Complete) Into(WrittenFile file, Overlap? overlap, long? most, bool isBound, CancellationToken cancellationToken)
    {
        var offset = Received;
        var isPlaced = false;
        void Place()
        {
            if (!isPlaced)
                file.Keep(offset);
            isPlaced = IsBegun = true;
        }

        void Write(byte[] buffer, int count)
        {
            Place();
            file.Write(buffer, count);
            Meter.Add(count);
        }

        var text = isText ? AsciiText.FromWire(Write, Compat.IsWindows) : null;
        var isCompared = overlap is null;
        void Take(byte[] buffer, int count)
        {
            count = overlap?.Take(buffer, count) ?? count;
            if (!isCompared && overlap!.IsComplete)
                isCompared = overlap.IsAsIn(file) ? true : throw new RestartIgnoredException();
            if (count == 0)
                return;
            Received += count;
            // A file of zeros looks alike everywhere. (One that has grown meanwhile is longer, too.)
            if (overlap is not null && Received > most && overlap.IsBeginningOf(file))
                throw new RestartIgnoredException();
            if (text is null)
                Write(buffer, count);
            else
                text.Feed(buffer, count);
            limiter?.Take(count, cancellationToken);
            // In the ASCII type more come than there are.
            IsCutOff = isBound && !isText && Received - MostGrowth > most;
            if (IsCutOff)
                throw new RangeEndException();
        }

        void Complete()
        {
            Place(); // of an empty file, too
            text?.Complete();
        }

        return (Take, Complete);
    }

    /// <summary>The failure of a file of which more comes than there can be.</summary>
    /// <param name="path">The remote file.</param>
    /// <param name="size">How many bytes it has.</param>
    public FtpException TooMuch(string path, long? size) => new(
        FtpErrorKind.VerificationFailed,
        FormattableString.Invariant($"The transfer of '{path}' was stopped: the server reports {size} bytes, but {Received} bytes were received without an end. To receive all of them, use -Verify None."), path);
}
