namespace FtpTools;

/// <summary>A feature that a server lists (FEAT, RFC 2389).</summary>
public sealed class FtpFeature
{
    /// <summary>Its name, as MLST.</summary>
    public required string Name { get; init; }

    /// <summary>What stands behind the name, as <c>size*;modify*;type*;</c>; empty for nothing.</summary>
    public string Value { get; init; } = "";

    /// <summary>The server, as <c>host:port</c>.</summary>
    public required string Server { get; init; }

    /// <summary>The line, as FEAT has it.</summary>
    public override string ToString() => Value.Length == 0 ? Name : $"{Name} {Value}";
}

/// <summary>How much room a server says that there is.</summary>
public sealed class FtpFreeSpace
{
    /// <summary>The server, as <c>host:port</c>.</summary>
    public required string Server { get; init; }

    /// <summary>The directory that it was asked of.</summary>
    public required string Path { get; init; }

    /// <summary>The bytes that can be written yet; null where the server sets no limit, or does not tell.</summary>
    public long? Free { get; init; }

    /// <summary>The bytes that are taken; null where the server does not tell.</summary>
    public long? Used { get; init; }

    /// <summary>The bytes that may be taken; null where the server sets no limit, or does not tell.</summary>
    public long? Limit { get; init; }

    /// <summary>The command that told it: AVBL, XQUOTA or SITE QUOTA.</summary>
    public required string Command { get; init; }

    /// <summary>The server's own words.</summary>
    public string Reply { get; init; } = "";
}
