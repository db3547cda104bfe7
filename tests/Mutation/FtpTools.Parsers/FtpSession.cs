namespace FtpTools;

/// <summary>In the place of the session that an item names, which is the whole engine.</summary>
public sealed class FtpSession
{
    /// <summary>What an item asks its session for.</summary>
    public string? Server { get; init; }
}
