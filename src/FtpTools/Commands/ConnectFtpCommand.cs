using System;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Connects to an FTP server and logs in. The session becomes the runspace's current one.</summary>
[Cmdlet(VerbsCommunications.Connect, "Ftp", DefaultParameterSetName = ComputerNameSet)]
[OutputType(typeof(FtpSession))]
public sealed class ConnectFtpCommand : ConnectionCmdlet, IDisposable
{
    private bool _isConnected;

    /// <summary>Binary or Ascii; Binary by default.</summary>
    [Parameter]
    public FtpTransferType TransferType { get; set; }

    /// <summary>
    /// The time zone in which listings by LIST tell time: a time zone, its name or an offset such as +02:00; measured by MDTM
    /// by default, as long as the server has it.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [TimeZoneTransformation]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    public TimeZoneInfo? ServerTimeZone { get; set; }

    /// <summary>After how many silent seconds to send NOOP, in transfers too; 0, the default, for never.</summary>
    [Parameter]
    [ValidateRange(0, DaySeconds)]
    public int KeepAliveSec { get; set; }

    /// <summary>Whether round trips are saved by sending commands ahead of their time; by default where the server has shown that it takes them so.</summary>
    [Parameter]
    public FtpSendAhead SendAhead { get; set; }

    /// <summary>The most control connections that the session opens at a time; 4 by default.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int MaxConnection { get; set; } = 4;

    /// <summary>The most items of one listing, and for each 215 bytes of it; 1,000,000 by default.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxListingItem { get; set; } = 1_000_000;

    /// <summary>The session's name, to choose it by; made up by default.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>From which level on to log, to standard error or to -LogPath; Debug, which is every command and reply, by default with -LogPath.</summary>
    [Parameter]
    public FtpLogLevel LogLevel { get; set; } = FtpLogLevel.Debug;

    /// <summary>The file to append the log to.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    private protected override Task ProcessRecordAsync(CancellationToken cancellationToken) =>
        TryServerAsync(async () =>
        {
            _isConnected = false;
            try
            {
                await ConnectAsync(cancellationToken);
            }
            catch (FtpException e) when (!_isConnected)
            {
                SessionRegistry.ChooseNone();
                if (SessionRegistry.Here.Choices() is { } choices)
                    throw e.Adding("No session is current any more. " + choices);
                throw;
            }
        });

    /// <summary>
    /// Leaves no session current where it did not connect, also where it was stopped, or where PowerShell did not even run it
    /// for a parameter that it does not take: the next line means another server than the former one.
    /// </summary>
    public void Dispose()
    {
        if (!_isConnected)
            SessionRegistry.ChooseNone();
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        // Of a profile, the parameters below are told too.
        var options = await ReadOptionsAsync(cancellationToken);
        var session = await FtpSession.ConnectAsync(options with
        {
            TransferType = TransferType,
            ServerTimeZone = ServerTimeZone,
            KeepAlive = TimeSpan.FromSeconds(KeepAliveSec),
            SendAhead = SendAhead,
            MaxConnection = MaxConnection,
            MaxListingLines = MaxListingItem,
            // As many as an ordinary line has at the most, but never less than a block of the data connection.
            MaxListingBytes = Math.Max(1 << 20, 215L * MaxListingItem),
            Name = Name ?? Profile?.Name,
            Log = OpenLog(),
        }, cancellationToken);
        SessionRegistry.Here.Add(session);
        _isConnected = true;
        WriteObject(session);
    }

    private FtpLog? OpenLog()
    {
        if (LogPath is not null)
            return FtpFileLog.Open(LocalPaths.Resolve(this, LogPath), LogLevel);
        return IsGiven(nameof(LogLevel)) && LogLevel != FtpLogLevel.None ? new ConsoleFtpLog(LogLevel) : null;
    }
}
