using System;
using System.Collections.Generic;
using FtpTools.Trees;

namespace FtpTools;

/// <summary>The journal of what was taken: a text file of JSON lines, which several runs may share.</summary>
public static class FtpJournal
{
    /// <summary>Sees that a file can be used as a journal, or is not there yet.</summary>
    /// <param name="path">An absolute path.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>: it is something else, or of a later version, or cannot be read.</exception>
    public static void Check(string path) => JournalReader.Check(path);

    /// <summary>Reads a journal. It changes nothing, and no run has to wait for it.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="all">Take every line, and not of each file the last one alone.</param>
    /// <param name="warn">Told of lines that cannot be read.</param>
    /// <returns>What it tells, in the order in which it was written.</returns>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>: it is no journal, or of a later version, or cannot be read.</exception>
    public static IReadOnlyList<FtpJournalEntry> Read(string path, bool all, Action<string> warn) => JournalReader.Read(path, all, warn);

    /// <summary>
    /// Takes out of a journal what was written before a time; files that are there still are then new. What a run has begun that
    /// is under way stays, as do lines that are not understood.
    /// </summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="olderThanUtc">The time (UTC).</param>
    /// <param name="warn">Told of lines that cannot be read.</param>
    /// <returns>How many lines were taken out.</returns>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>: it is no journal, or of a later version, or cannot be written.</exception>
    public static int Clear(string path, DateTime olderThanUtc, Action<string> warn) => TransferJournal.Clear(path, olderThanUtc, warn);
}
