using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;

namespace FtpTools.Session;

/// <content>Idle connections are kept from being closed.</content>
internal sealed partial class ConnectionPool
{
    private async Task KeepAliveAsync()
    {
        FtpConnection[] idle;
        lock (_idle)
            idle = [.. _idle];
        foreach (var connection in idle)
        {
            // It takes a place like any other work, or else a caller would open one connection more than there may be.
            // Where all places are taken there is nothing idle.
            if (!_places.Wait(0))
                return;
            try
            {
                if (TryTake(connection))
                    await SayNoopAsync(connection).ConfigureAwait(false);
            }
            finally
            {
                _places.Release();
            }
        }
    }

    private bool TryTake(FtpConnection connection)
    {
        lock (_idle)
        {
            if (_closed || connection.IsStale || !_idle.Remove(connection))
                return false;
            connection.BeginLease();
            _lent.Add(connection);
            return true;
        }
    }

    private async Task SayNoopAsync(FtpConnection connection)
    {
        try
        {
            await connection.KeepAliveAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (FtpException)
        {
            // It is closed and has logged why; the next caller gets another one.
        }
        finally
        {
            GiveBack(connection);
        }
    }
}
