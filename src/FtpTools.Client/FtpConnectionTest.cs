using System;

namespace FtpTools;

/// <summary>The steps from a server's name to a file that moves.</summary>
public enum FtpTestStep
{
    /// <summary>The name is looked up.</summary>
    Resolve,

    /// <summary>The control connection is opened.</summary>
    Connect,

    /// <summary>The server greets.</summary>
    Greeting,

    /// <summary>TLS is put around the control connection, and the certificate judged.</summary>
    Tls,

    /// <summary>The account logs in.</summary>
    Login,

    /// <summary>The server tells what it can do.</summary>
    Features,

    /// <summary>A directory is listed over a data connection of one mode.</summary>
    Listing,

    /// <summary>A small file is sent over a data connection of one mode, and deleted again.</summary>
    Upload,

    /// <summary>What to do: the line to connect with, or what has to change.</summary>
    Recommendation,
}

/// <summary>What came of one step of a test.</summary>
public sealed record FtpConnectionTest
{
    /// <summary>The server's name or address.</summary>
    public required string ComputerName { get; init; }

    /// <summary>The control connection's port.</summary>
    public required int Port { get; init; }

    /// <summary>The step.</summary>
    public required FtpTestStep Step { get; init; }

    /// <summary>How the data connection was opened: Epsv, Pasv, Port or Eprt; null for a step without one.</summary>
    public FtpMode? Mode { get; init; }

    /// <summary>The FTP command that the step is about; of the recommendation, the line to type. Null when there is none.</summary>
    public string? Command { get; init; }

    /// <summary>Whether it worked; null when it was not tried.</summary>
    public bool? Succeeded { get; init; }

    /// <summary>How far a data connection came; null for a step without one.</summary>
    public FtpDataStage? Stage { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The address and port that the server announced, or was told; null for a step without one.</summary>
    public string? Announced { get; init; }

    /// <summary>The address and port that were really used; null when it did not come to that.</summary>
    public string? Used { get; init; }

    /// <summary>Whether TLS on the data connection resumed the control connection's session; null when there was none, or it is not known.</summary>
    public bool? Resumed { get; init; }

    /// <summary>The server's last words on it; null when it said nothing.</summary>
    public string? Reply { get; init; }

    /// <summary>What it means, in plain words, and what can be done.</summary>
    public string Diagnosis { get; init; } = "";

    /// <summary>What failed; null when nothing did.</summary>
    public string? Error => Failure?.Message;

    /// <summary>The stable id of the error; null when nothing failed.</summary>
    public string? ErrorId => Failure?.ErrorId;

    /// <summary>What failed; null when nothing did.</summary>
    internal FtpException? Failure { get; init; }

    /// <summary>What failed; null when nothing did. It is no property, so that a test that is written to a file does not drag it along.</summary>
    public FtpException? GetException() => Failure;
}
