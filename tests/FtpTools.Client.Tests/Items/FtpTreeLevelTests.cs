using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace FtpTools.Tests.Items;

/// <summary>Trees without a bottom, and such that look like one.</summary>
public sealed class FtpTreeLevelTests
{
    private static readonly DateTime _noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Two_links_that_lead_back_are_gone_down_a_bounded_number_of_times()
    {
        // Through either directory the top again: each round has twice as many ways.
        string[] Content(string path) => path.Length % 4 == 0 ? ["x", "y"] : ["b"];
        var refused = new List<FtpException>();
        Assert.InRange(Walk(Content, _ => _noon, refused), 100, 5_000);
        Assert.All(refused, e => Assert.Equal(FtpErrorKind.CommandRefused, e.Kind));
        Assert.NotEmpty(refused);
    }

    [Fact]
    public void A_directory_in_itself_is_gone_down_to_a_bound()
    {
        var refused = new List<FtpException>();
        Assert.InRange(Walk(_ => ["again"], _ => _noon, refused), 30, 40);
        Assert.Single(refused);
    }

    [Fact]
    public void The_same_names_on_each_level_are_no_loop()
    {
        // As in the folders of a cache: 90 * 90 of them below two levels, each of its own time.
        var names = Enumerable.Range(0, 90).Select(i => $"{i:x2}").ToArray();
        var refused = new List<FtpException>();
        Assert.Equal(1 + 90 + (90 * 90), Walk(path => path.Length < 6 ? names : [], path => _noon.AddSeconds(path.GetHashCode(StringComparison.Ordinal) % 100_000), refused));
        Assert.Empty(refused);
    }

    private static int Walk(Func<string, string[]> content, Func<string, DateTime> time, List<FtpException> refused)
    {
        var count = 0;
        var waiting = new Stack<(string Path, FtpTreeLevel Level)>();
        waiting.Push(("", FtpTreeLevel.Top()));
        while (waiting.Count > 0 && count < 100_000)
        {
            var (path, level) = waiting.Pop();
            count++;
            var names = content(path);
            foreach (var name in names)
                level.Add(new FtpItem { Name = name, FullName = $"{path}/{name}", ItemType = FtpItemType.Directory, LastWriteTimeUtc = time($"{path}/{name}") });
            foreach (var name in names)
            {
                try
                {
                    waiting.Push(($"{path}/{name}", level.Below($"{path}/{name}")));
                }
                catch (FtpException e)
                {
                    refused.Add(e);
                }
            }
        }

        return count;
    }
}
