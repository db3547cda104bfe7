using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using ScottPlot;

namespace FtpTools.Bench;

/// <summary>Draws the tables of results.md: the wall time of each work beside curl and lftp.</summary>
internal static class Chart
{
    // The most widespread of the servers, and none that is kinder to the engine than the others. All that was measured on it is
    // shown; of a work that was measured again, the last.
    private const string Server = "vsftpd";

    private static readonly (string Client, string Label, Color Color)[] _clients =
    [
        ("engine", "FtpTools", Color.FromHex("#1f6feb")),
        ("curl", "curl", Color.FromHex("#8c959f")),
        ("lftp", "lftp", Color.FromHex("#c9b37e")),
    ];

    private static readonly Color _text = Color.FromHex("#24292f");

    private static readonly Regex _row = new(@"^\| (?<direction>down|up|list) \| (?<client>[\w-]+) \| (?<wall>[\d.]+) \|", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    public static void Draw(string results, string svg)
    {
        var works = Read(results);
        if (works.Count == 0)
            throw new InvalidDataException($"There is no work in {results} that the three clients did on {Server}.");

        Fonts.Default = "DejaVu Sans";
        var plot = new Plot();
        var ticks = new List<Tick>();
        var top = 0.0;
        foreach (var (label, seconds) in works)
        {
            ticks.Add(new Tick(top - 1, label));
            var slowest = seconds.Values.Max();
            for (var i = 0; i < _clients.Length; i++)
            {
                var wall = seconds[_clients[i].Client];
                var bar = plot.Add.Bar(new Bar { Position = top - i, Value = wall / slowest, FillColor = _clients[i].Color, LineWidth = 0, Size = 0.86 });
                bar.Horizontal = true;
                var time = plot.Add.Text(wall.ToString("0.00", CultureInfo.InvariantCulture) + " s", wall / slowest, top - i);
                time.LabelAlignment = Alignment.MiddleLeft;
                time.LabelFontSize = 10;
                time.LabelFontColor = _text;
                time.OffsetX = 4;
            }
            top -= _clients.Length + 1;
        }

        foreach (var (_, label, color) in _clients)
            plot.Legend.ManualItems.Add(new LegendItem { LabelText = label, FillColor = color, LineWidth = 0 });
        plot.Legend.Orientation = Orientation.Horizontal;
        plot.Legend.OutlineWidth = 0;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.ShowLegend(Edge.Top);
        plot.Title($"Seconds on {Server} (shorter is faster; each work has its scale)", 13);
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericManual([.. ticks]);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.Left.TickLabelStyle.FontSize = 11;
        plot.Axes.Left.TickLabelStyle.ForeColor = _text;
        plot.Axes.Bottom.IsVisible = false;
        plot.Axes.Right.IsVisible = false;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Axes.Left.FrameLineStyle.Width = 0;
        plot.HideGrid();
        plot.Axes.SetLimits(0, 1.1, top + 0.4, 0.8);
        plot.FigureBackground.Color = Colors.White;
        // Each letter is given its place, so that the font of another machine must be as wide.
        var drawn = plot.GetSvgXml(860, 90 + (works.Count * 48)).Replace($"font-family=\"{Fonts.Default}\"", $"font-family=\"{Fonts.Default}, Verdana, sans-serif\"", StringComparison.Ordinal);
        File.WriteAllText(svg, drawn.ReplaceLineEndings("\n").TrimEnd() + "\n");
    }

    private static List<(string Label, Dictionary<string, double> Seconds)> Read(string results)
    {
        var works = new Dictionary<string, Dictionary<string, double>>();
        var order = new List<string>();
        var title = "";
        foreach (var line in File.ReadLines(results))
        {
            if (line.StartsWith("### ", StringComparison.Ordinal))
            {
                title = line.StartsWith($"### {Server} ", StringComparison.Ordinal) ? line[(line.IndexOf(", ", StringComparison.Ordinal) + 2)..] : "";
            }
            else if (title.Length > 0 && _row.Match(line) is { Success: true } match)
            {
                var label = Label(title, match.Groups["direction"].Value);
                if (!works.ContainsKey(label))
                    order.Add(label);
                if (match.Groups["client"].Value == "engine-process")
                    works[label] = [];
                works[label][match.Groups["client"].Value] = double.Parse(match.Groups["wall"].Value, CultureInfo.InvariantCulture);
            }
        }
        return [.. order.Where(label => _clients.All(client => works[label].ContainsKey(client.Client))).Select(label => (label, works[label]))];
    }

    private static string Label(string title, string direction)
    {
        var what = title.Replace("one file of 1024 MiB", "1 GiB", StringComparison.Ordinal).Replace(", plain", "", StringComparison.Ordinal).Replace(", tls", " over TLS", StringComparison.Ordinal)
            .Replace(", round trip 0 ms", "", StringComparison.Ordinal);
        what = Regex.Replace(what, @"connections: (?<n>\d+)", "${n} connections", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        return direction switch { "down" => what + ", down", "up" => what + ", up", _ => what };
    }
}
