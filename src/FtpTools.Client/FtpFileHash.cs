namespace FtpTools;

/// <summary>The hash of a file, as Get-FileHash tells it.</summary>
public sealed record FtpFileHash
{
    /// <summary>The algorithm: SHA256, SHA1, SHA384, SHA512, MD5 or CRC32.</summary>
    public required string Algorithm { get; init; }

    /// <summary>The hash in capital hexadecimal digits.</summary>
    public required string Hash { get; init; }

    /// <summary>The absolute remote path.</summary>
    public required string Path { get; init; }

    /// <summary>The server, as <c>host:port</c>.</summary>
    public string? Server { get; init; }
}
