namespace FtpTools;

/// <summary>Whether round trips are saved by sending commands ahead of their time.</summary>
public enum FtpSendAhead
{
    /// <summary>Where the server has shown that it takes them so.</summary>
    Auto,

    /// <summary>Never: each command waits for the reply to the one before.</summary>
    Never,

    /// <summary>Always, until a transfer fails over it.</summary>
    Always,
}

/// <summary>Something that a server does otherwise than others, and that a session has learnt.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Evidence">The reply or the event that told.</param>
/// <param name="Instead">What the session does about it.</param>
public sealed record FtpServerHabit(string Name, string Evidence, string Instead)
{
    /// <summary>What it does, in one line.</summary>
    public override string ToString() => Name;
}
