namespace FtpTools;

/// <summary>Where relative paths of a session begin.</summary>
public sealed class FtpPathInfo
{
    /// <summary>The location of a session.</summary>
    /// <param name="session">The session.</param>
    public FtpPathInfo(FtpSession session)
    {
        Path = session.Location;
        Server = session.Server;
        SessionName = session.Name;
    }

    /// <summary>The absolute path.</summary>
    public string Path { get; }

    /// <summary>The server, as <c>host:port</c>.</summary>
    public string Server { get; }

    /// <summary>The session's name.</summary>
    public string SessionName { get; }

    /// <summary>The path.</summary>
    public override string ToString() => Path;
}
