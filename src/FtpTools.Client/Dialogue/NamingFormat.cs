using System;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Dialogue;

/// <summary>
/// IBM i begins a session with names of its own, <c>LIBRARY/FILE.MEMBER</c>, in which no path begins with a slash, unless its
/// administrator has set it otherwise. SITE NAMEFMT 1 makes them paths, <c>/QSYS.LIB/LIBRARY.LIB/FILE.FILE/MEMBER.MBR</c>, and SITE
/// LISTFMT 1 the listings those of <c>ls -l</c>, in which a file shows as the directory of its members. Both hold for a connection.
/// </summary>
internal sealed class NamingFormat(ProtocolInterpreter pi)
{
    /// <summary>Says so to a server that is one.</summary>
    public async Task SetAsync(CancellationToken cancellationToken)
    {
        if (pi.Traits.System?.StartsWith("OS/400", StringComparison.OrdinalIgnoreCase) != true)
            return;
        pi.Habits.Learn(ServerHabit.LibraryNames, pi.Traits.System);
        var reply = await pi.ExchangeAsync("SITE", "NAMEFMT 1", cancellationToken).ConfigureAwait(false);
        if (reply.IsCompletion)
            reply = await pi.ExchangeAsync("SITE", "LISTFMT 1", cancellationToken).ConfigureAwait(false);
        if (!reply.IsCompletion)
            pi.Trace(FtpLogLevel.Warning, $"{pi.Server} is an IBM i and doesn't change its naming format ('{reply}'). Specify names as LIBRARY/FILE.MEMBER. See about_FtpServers.");
    }
}
