namespace FtpTools.TestServer;

/// <summary>What becomes of REST before STOR.</summary>
public enum UploadRestart
{
    /// <summary>The upload begins there.</summary>
    Done,

    /// <summary>It is taken and forgotten: the upload replaces the file.</summary>
    Forgotten,

    /// <summary>The upload begins there, in a new file: what comes before is zeros.</summary>
    Zeros,

    /// <summary>The upload begins there, and its first bytes stand at the beginning of the file, too.</summary>
    Doubled,
}

/// <summary>What servers of other kinds do otherwise with files and their names. A refusal is the reply itself; null does as most do.</summary>
public sealed class FileHabits
{
    /// <summary>Refuses a rename onto a name that is taken, as IIS and FileZilla Server do.</summary>
    public string? ReplaceRefusal { get; set; }

    /// <summary>Refuses RNFR.</summary>
    public string? RenameRefusal { get; set; }

    /// <summary>Refuses uploads to names that begin with a dot, and renames to them, as Pure-FTPd can.</summary>
    public string? DotNameRefusal { get; set; }

    /// <summary>Refuses uploads to names that are not there yet.</summary>
    public string? NewFileRefusal { get; set; }

    /// <summary>Refuses APPE.</summary>
    public string? AppendRefusal { get; set; }

    /// <summary>Refuses to set times.</summary>
    public string? TimeRefusal { get; set; }

    /// <summary>What becomes of REST before STOR.</summary>
    public UploadRestart UploadRestart { get; set; }

    /// <summary>Whether an upload does not use up the REST before it, so that the next download begins there.</summary>
    public bool KeepsRestart { get; set; }

    /// <summary>Whether downloads begin at their beginning whatever REST said.</summary>
    public bool IgnoresDownloadRestart { get; set; }

    /// <summary>Whether a file is gone when its upload has ended, unless its name ends so; null leaves files.</summary>
    public string? TakesAwayUnless { get; set; }
}
