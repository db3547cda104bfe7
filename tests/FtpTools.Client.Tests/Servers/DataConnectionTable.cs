using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace FtpTools.Tests.Servers;

/// <summary>What really ran and what came of it, as a table in out/TestResults/data-connections-TARGET.md.</summary>
public sealed class DataConnectionTable : IDisposable
{
    private static readonly FtpMode[] _commands = [FtpMode.Pasv, FtpMode.Epsv, FtpMode.Port, FtpMode.Eprt];
    private readonly SortedDictionary<(int Order, string Row), Dictionary<FtpMode, string>> _rows = [];

    /// <summary>Takes down what came of one server, security and version with one command.</summary>
    public void Tell(int order, string row, FtpMode mode, string outcome)
    {
        if (!_rows.TryGetValue((order, row), out var cells))
            _rows[(order, row)] = cells = [];
        cells[mode] = outcome;
    }

    public void Dispose()
    {
        if (_rows.Count == 0)
            return;
        var text = new StringBuilder("| Server | TLS | ").AppendJoin(" | ", _commands.Select(mode => mode.ToString().ToUpperInvariant())).AppendLine(" |");
        text.AppendLine("|---|---|---|---|---|---|");
        foreach (var ((_, row), cells) in _rows)
            text.Append("| ").Append(row).Append(" | ").AppendJoin(" | ", _commands.Select(mode => cells.GetValueOrDefault(mode, "not run"))).AppendLine(" |");
        var folder = Path.Combine(RealServers.RepositoryRoot, "out", "TestResults");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, $"data-connections-{Engine.Target}.md"), text.ToString());
        Console.WriteLine(text);
    }
}
