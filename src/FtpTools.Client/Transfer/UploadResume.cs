using System;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;

namespace FtpTools.Transfer;

/// <summary>
/// How an upload goes on behind what the server has. APPE does it by itself, so it goes first: some servers ignore REST
/// before STOR, and the size may be right all the same.
/// </summary>
/// <param name="content">What is sent.</param>
/// <param name="back">Reads back what cannot be trusted.</param>
internal sealed class UploadResume(UploadContent content, ReadBack back)
{
    /// <summary>Sends the rest.</summary>
    /// <param name="connection">To the server.</param>
    /// <param name="path">What is gone on with.</param>
    /// <param name="offset">How many bytes are there.</param>
    /// <param name="sendAsync">Sends it, by APPE or by REST and STOR.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null when the server cannot go on with it, or there is no telling whether it did.</returns>
    public async Task<DataOutcome?> TryAsync(FtpConnection connection, string path, long offset, Func<bool, Task<DataOutcome>> sendAsync, CancellationToken cancellationToken)
    {
        FtpReply? refusal = null;
        if (!connection.Habits.Has(ServerHabit.NoAppend))
        {
            try
            {
                return await sendAsync(true).ConfigureAwait(false);
            }
            catch (FtpCommandException e) when (IsRefusal(e))
            {
                refusal = e.Reply;
                // Anything else may be about this file.
                if (e.Kind == FtpErrorKind.CommandNotSupported)
                    connection.Habits.Learn(ServerHabit.NoAppend, refusal.ToString());
            }
        }

        if (connection.Habits.Has(ServerHabit.NoRestartOfUploads) || !await back.CanTellAsync(connection, path, offset, cancellationToken).ConfigureAwait(false))
            return null;
        try
        {
            var outcome = await sendAsync(false).ConfigureAwait(false);
            if (await back.IsWholeAsync(connection, path, offset, content.Meter.Count, cancellationToken).ConfigureAwait(false))
            {
                if (refusal is not null)
                    connection.Habits.Learn(ServerHabit.NoAppend, refusal.ToString());
                return outcome;
            }

            connection.Habits.Learn(ServerHabit.NoRestartOfUploads, $"the content of '{path}' after REST {offset} and STOR differs from what was sent");
        }
        catch (FtpCommandException e) when (IsRefusal(e))
        {
            connection.Habits.Learn(ServerHabit.NoRestartOfUploads, e.Reply.ToString());
        }

        return null;
    }

    private static bool IsRefusal(FtpCommandException e) => e.Reply.IsPermanentNegative && !e.HasBegun && e.Kind != FtpErrorKind.DiskFull;
}
