using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace FtpTools.Tests.Items;

public sealed class FtpItemChoiceTests
{
    private static readonly DateTime _time = new(2026, 3, 10, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void The_newest_come_first_and_what_has_no_time_last()
    {
        FtpItem[] items =
        [
            Item("none.b", null), Item("b", _time), Item("old", _time.AddDays(-1)), Item("a", _time), Item("new", _time.AddDays(1)), Item("none.a", null),
            // A link has a time of its own, and not that of what it leads to.
            Item("link", _time.AddDays(2), FtpItemType.SymbolicLink),
        ];
        Assert.Equal(["new", "a", "b", "old", "link", "none.a", "none.b"], Chosen(new FtpItemFilter { Newest = 9 }, items));
        Assert.Equal(["new", "a"], Chosen(new FtpItemFilter { Newest = 2 }, items));
        Assert.Equal(["old", "a", "b", "new", "link", "none.a", "none.b"], Chosen(new FtpItemFilter { Oldest = 9 }, items));
        Assert.Equal(["old"], Chosen(new FtpItemFilter { Oldest = 1 }, items));
    }

    [Fact]
    public void Of_the_same_name_and_time_the_path_decides()
    {
        var choice = new FtpItemChoice<string>(new FtpItemFilter { Newest = 1 });
        choice.Add(new FtpItem { Name = "a", FullName = "/2/a", LastWriteTimeUtc = _time, TimePrecision = FtpTimePrecision.Second }, "/2/a");
        choice.Add(new FtpItem { Name = "a", FullName = "/1/a", LastWriteTimeUtc = _time, TimePrecision = FtpTimePrecision.Second }, "/1/a");
        Assert.Equal(["/1/a"], choice.Take());
    }

    [Fact]
    public void Of_very_many_no_more_are_held_than_needed_and_none_is_missed()
    {
        var random = new Random(1);
        var items = Enumerable.Range(0, 10_000).OrderBy(_ => random.Next()).Select(i => Item($"{i:00000}", _time.AddMinutes(i))).ToArray();
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"{9999 - i:00000}"), Chosen(new FtpItemFilter { Newest = 30 }, items));
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"{i:00000}"), Chosen(new FtpItemFilter { Oldest = 30 }, items));
        Assert.Equal(10_000, Chosen(new FtpItemFilter { Newest = int.MaxValue }, items).Count);
    }

    [Fact]
    public void Local_files_are_chosen_by_their_time()
    {
        var folder = Directory.CreateTempSubdirectory("ftptools-").FullName;
        try
        {
            var choice = new FtpItemChoice<string>(new FtpItemFilter { Oldest = 2 });
            foreach (var (name, days) in new[] { ("c", 3), ("a", 1), ("b", 2) })
            {
                var path = Path.Combine(folder, name);
                File.WriteAllText(path, name);
                File.SetLastWriteTimeUtc(path, _time.AddDays(days));
                choice.Add(new FileInfo(path), name);
            }

            choice.Add(new FileInfo(Path.Combine(folder, "gone")), "gone");
            Assert.Equal(["a", "b"], choice.Take());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IReadOnlyList<string> Chosen(FtpItemFilter filter, IEnumerable<FtpItem> items)
    {
        var choice = new FtpItemChoice<string>(filter);
        foreach (var item in items)
            choice.Add(item, item.Name);
        return choice.Take();
    }

    private static FtpItem Item(string name, DateTime? time, FtpItemType type = FtpItemType.File) =>
        new() { Name = name, FullName = "/" + name, ItemType = type, LastWriteTimeUtc = time, TimePrecision = time is null ? FtpTimePrecision.None : FtpTimePrecision.Second };
}
