using System.IO;

namespace FtpTools.Pipeline;

/// <summary>Files that hold what is too much for the memory; nobody else can read them, and they are gone when they are closed.</summary>
internal static class TemporaryFile
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Makes one.</summary>
    public static FileStream Open() =>
        // Made so, it is the user's alone on Unix, too.
        new(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, BufferSize, FileOptions.DeleteOnClose);
}
