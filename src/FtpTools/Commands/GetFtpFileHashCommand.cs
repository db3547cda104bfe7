using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Tells the hashes of remote files: the server's own, or computed here.</summary>
[Cmdlet(VerbsCommon.Get, "FtpFileHash", DefaultParameterSetName = PathSet)]
[OutputType(typeof(FtpFileHash))]
public sealed class GetFtpFileHashCommand : RemoteFileCmdlet
{
    /// <summary>The algorithm; SHA256 by default.</summary>
    [Parameter]
    [ValidateSet("SHA256", "SHA1", "SHA384", "SHA512", "MD5", "CRC32")]
    public string Algorithm { get; set; } = "SHA256";

    /// <summary>Receive each file, without writing it anywhere, and compute its hash here.</summary>
    [Parameter]
    public SwitchParameter Local { get; set; }

    private protected override bool OnlyLooks => true;

    private protected override Task ProcessRecordAsync(CancellationToken cancellationToken) => ForEachFileAsync(
        async (session, item) =>
        {
            try
            {
                FtpFileHash hash;
                using (Local ? null : Waiting("waiting for the server to compute the hash", item.FullName))
                    hash = await session.GetHashAsync(item, Algorithm.ToUpperInvariant(), Local, Progress, cancellationToken);
                WriteObject(hash);
            }
            catch (FtpException e) when (!Local && e.Kind == FtpErrorKind.CommandNotSupported)
            {
                throw e.Adding("To receive the file and compute the hash on this computer, use -Local.");
            }
        },
        cancellationToken);
}
