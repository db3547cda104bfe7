namespace FtpTools.Transfer;

/// <summary>What the name of a part looks like.</summary>
internal enum PartForm
{
    /// <summary>It begins with a dot.</summary>
    Hidden,

    /// <summary>The same without the dot.</summary>
    Plain,

    /// <summary>
    /// Eight letters and three, as FAT has them: file systems of devices take no more, or 31 (SPIFFS) or 42 (FATX) in all. It
    /// does not tell what it is a part of, so that nobody but who made it goes on with it.
    /// </summary>
    Short,
}
