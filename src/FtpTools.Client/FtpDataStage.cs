namespace FtpTools;

/// <summary>How far a data connection came.</summary>
public enum FtpDataStage
{
    /// <summary>EPSV, PASV, PORT or EPRT: the server was to name a port or to learn of one.</summary>
    Announce,

    /// <summary>The connection was to be opened, by the client in passive mode and by the server in active mode.</summary>
    Open,

    /// <summary>TLS was to be put around it.</summary>
    Secure,

    /// <summary>Bytes were to move.</summary>
    Transfer,

    /// <summary>All went well.</summary>
    Done,
}
