namespace FtpTools;

/// <summary>What becomes of the original once its copy is compared with it and has its name.</summary>
public enum FtpSourceAction
{
    /// <summary>It stays.</summary>
    None,

    /// <summary>It is deleted.</summary>
    Remove,

    /// <summary>It goes to another directory.</summary>
    Move,

    /// <summary>It gets another name in its own directory.</summary>
    Rename,
}
