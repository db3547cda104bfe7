using System;
using System.Collections.Generic;
using System.Threading;

namespace FtpTools.TestServer;

/// <summary>What one control connection has agreed on so far.</summary>
internal sealed class SessionState : IDisposable
{
    private DataChannel? _data;

    public string? User { get; set; }

    public bool PasswordGiven { get; set; }

    public bool LoggedIn { get; set; }

    public string Directory { get; set; } = "/";

    public bool Ascii { get; set; } = true;

    /// <summary>Whether TLS has been agreed on, which PBSZ and PROT need; it stays agreed on after CCC.</summary>
    public bool TlsAgreed { get; private set; }

    public bool BufferSizeGiven { get; set; }

    /// <summary>PROT P: data connections are under TLS.</summary>
    public bool ProtectsData { get; set; }

    /// <summary>SSCN ON: the server takes the client's part in TLS on data connections.</summary>
    public bool IsTlsClient { get; set; }

    public bool EpsvAll { get; set; }

    public long RestartAt { get; set; }

    public string? RenameFrom { get; set; }

    public IReadOnlyCollection<string> Facts { get; set; } = ListingFormat.Facts;

    /// <summary>Whoever spoke before may have been another: login and protection begin anew (RFC 2228, 3).</summary>
    public void AgreeOnTls()
    {
        (User, PasswordGiven, LoggedIn) = (null, false, false);
        (TlsAgreed, BufferSizeGiven, ProtectsData, IsTlsClient) = (true, false, false, false);
    }

    public void SetData(DataChannel channel) => Interlocked.Exchange(ref _data, channel)?.Dispose();

    /// <summary>The data connection agreed on, which is good for this once.</summary>
    public DataChannel TakeData() =>
        Interlocked.Exchange(ref _data, null) ?? throw new RefusalException("425 Use PASV, EPSV, PORT or EPRT first.");

    public void DropData() => Interlocked.Exchange(ref _data, null)?.Dispose();

    public long TakeRestart()
    {
        var at = RestartAt;
        RestartAt = 0;
        return at;
    }

    public void Dispose() => DropData();
}
