using System.Collections.Generic;
using System.Linq;
using System.Net.Sockets;

namespace FtpTools;

/// <summary>
/// The commands that may open a data connection in one <see cref="FtpMode"/>, best first, and the memory of those that
/// did not work, so that a session pays for each failure once. Shared by the connections of a session.
/// </summary>
internal sealed class DataModeLadder(FtpMode mode)
{
    private readonly HashSet<FtpMode> _failed = [];

    /// <summary>The mode that was asked for.</summary>
    public FtpMode Mode => mode;

    /// <summary>
    /// The exact commands to try now: those not known to fail, or all of them again when every one has failed. PASV and
    /// PORT can only name IPv4 addresses (RFC 2428, 1). No server can dial through a proxy, so that there it is the
    /// passive ones alone, or none.
    /// </summary>
    /// <param name="family">The control connection's addresses; through a proxy those of the server are not known.</param>
    /// <param name="throughProxy">Whether the server is behind a proxy.</param>
    public IReadOnlyList<FtpMode> Rungs(AddressFamily family, bool throughProxy)
    {
        var all = throughProxy ? Proxied() : All(family);
        lock (_failed)
        {
            var left = all.Where(rung => !_failed.Contains(rung)).ToArray();
            return left.Length > 0 ? left : all;
        }
    }

    /// <summary>Remembers that a command does not work here.</summary>
    public void StepDown(FtpMode rung)
    {
        lock (_failed)
            _failed.Add(rung);
    }

    private FtpMode[] All(AddressFamily family)
    {
        var six = family == AddressFamily.InterNetworkV6;
        return mode switch
        {
            FtpMode.Auto => six ? [FtpMode.Epsv, FtpMode.Eprt] : [FtpMode.Epsv, FtpMode.Pasv, FtpMode.Port, FtpMode.Eprt],
            FtpMode.Passive => six ? [FtpMode.Epsv] : [FtpMode.Epsv, FtpMode.Pasv],
            FtpMode.Active => six ? [FtpMode.Eprt] : [FtpMode.Port, FtpMode.Eprt],
            _ => [mode],
        };
    }

    private FtpMode[] Proxied() => mode switch
    {
        FtpMode.Auto or FtpMode.Passive => [FtpMode.Epsv, FtpMode.Pasv],
        FtpMode.Epsv or FtpMode.Pasv => [mode],
        _ => [],
    };
}
