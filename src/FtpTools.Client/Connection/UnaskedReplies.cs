using System;

namespace FtpTools.Connection;

/// <summary>What has come over a control connection that nothing was asked of.</summary>
internal static class UnaskedReplies
{
    /// <summary>So many replies are heard; a server that goes on is heard as one that is out of step.</summary>
    private const int Most = 8;

    /// <summary>Hears what has come, without waiting.</summary>
    /// <param name="stream">The bytes.</param>
    /// <param name="ledger">What was owed.</param>
    /// <param name="onRepetition">Hears of a reply that repeats the last one.</param>
    /// <returns>True when it was such replies, and lines that are none. What else there is, is still to be taken.</returns>
    public static bool AreOfNoAccount(ControlStream stream, ReplyLedger ledger, Action<FtpReply>? onRepetition)
    {
        for (var left = Most; left > 0; left--)
        {
            if (!stream.TryPeek(out var reply))
            {
                if (!stream.TryFetch())
                    break;
                continue;
            }

            if (!ledger.TryPutDown(reply, out _))
                return false;
            stream.Drop();
            onRepetition?.Invoke(reply);
        }

        return !stream.HasInput;
    }
}
