using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Pipeline;

/// <summary>Whether a remote name is a directory's.</summary>
internal static class RemoteDirectories
{
    /// <summary>True when there is a directory of that name.</summary>
    public static async Task<bool> ExistsAsync(FtpSession session, string path, CancellationToken cancellationToken) =>
        await session.FindItemAsync(path, cancellationToken) is { IsDirectory: true };
}
