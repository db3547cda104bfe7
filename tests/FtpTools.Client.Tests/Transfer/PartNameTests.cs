using System;
using FtpTools.Transfer;
using Xunit;

namespace FtpTools.Tests.Transfer;

/// <summary>A part is known by its name alone: whose it is, and that it is ours to remove.</summary>
public sealed class PartNameTests
{
    private static readonly DateTime _time = new(2020, 2, 29, 12, 34, 56, DateTimeKind.Utc);

    [Fact]
    public void A_name_tells_the_target_and_the_state_of_the_source()
    {
        var name = new PartName("file", 1000, _time);
        var part = name.New();
        Assert.Matches("^\\.ftptools-[0-9a-f]{12}-[0-9a-f]{12}-[0-9a-f]{12}\\.part$", part);
        Assert.NotEqual(part, name.New());
        Assert.True(new PartName("file", 1000, _time).IsOfSource(part));
        foreach (var changed in new[] { new PartName("file", 1001, _time), new PartName("file", 1000, _time.AddSeconds(1)), new PartName("file", null, null) })
            Assert.Equal((true, false), (changed.IsForTarget(part), changed.IsOfSource(part)));
        Assert.False(new PartName("File", 1000, _time).IsForTarget(part));
    }

    [Fact]
    public void What_is_not_exactly_such_a_name_is_not_taken_for_one()
    {
        var name = new PartName("file", 1000, _time);
        var part = name.New();
        Assert.True(name.IsForTarget(new PartName("file", null, null).New()));
        Assert.All(
            [part + "x", "x" + part, part[..^5], part.Replace(".part", ".PART"), part.ToUpperInvariant(), part[..^6] + ".part", part[..^6] + "g.part", part + "\n", part.Replace(".part", "-.part"), part[..^18] + ".part", ""],
            other => Assert.False(name.IsForTarget(other), other));
    }

    [Fact]
    public void A_part_with_holes_is_never_gone_on_with()
    {
        var name = new PartName("file", 1000, _time);
        var holey = PartName.Holey(name.New());
        Assert.Equal((false, false, true), (name.IsForTarget(holey), name.IsOfSource(holey), name.IsHoleyForTarget(holey)));
        Assert.False(name.IsHoleyForTarget(name.New()));
        Assert.False(new PartName("other", 1000, _time).IsHoleyForTarget(holey));
    }
}
