using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace FtpTools.Trees;

/// <summary>Looks at a journal, and leaves it as it is.</summary>
internal static class JournalReader
{
    /// <summary>Sees that a file can be used as a journal, or is not there yet.</summary>
    /// <exception cref="FtpException">It cannot.</exception>
    public static void Check(string path)
    {
        if (File.Exists(path))
            new JournalFile(path, static _ => true, static () => { }, static _ => { }).Read();
    }

    /// <summary>What a journal tells.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="all">Every line, and not of each file the last one alone.</param>
    /// <param name="warn">Told of lines that cannot be read.</param>
    /// <exception cref="FtpException">It is no journal, or cannot be read.</exception>
    public static IReadOnlyList<FtpJournalEntry> Read(string path, bool all, Action<string> warn)
    {
        var entries = new List<FtpJournalEntry>();
        new JournalFile(path, Take, entries.Clear, warn).Read();
        if (all)
            return entries;
        var last = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < entries.Count; i++)
            last[JournalText.Key(entries[i])] = i;
        return [.. last.Values.OrderBy(static i => i).Select(i => entries[i])];

        bool Take(string line)
        {
            if (JournalText.Read(line, out var isWhole) is { } entry)
                entries.Add(entry);
            return isWhole;
        }
    }
}
