using System;
using FtpTools.Protocol;
using FtpTools.Transfer;
using Xunit;

namespace FtpTools.Tests.Protocol;

/// <summary>Which patterns make temporary names, and which names they make.</summary>
public sealed class TemporaryNameTests
{
    [Theory]
    [InlineData("*.tmp", "a.csv.tmp")]
    [InlineData("tmp_*", "tmp_a.csv")]
    [InlineData(".in.*", ".in.a.csv")]
    [InlineData("a*b", "aa.csvb")]
    [InlineData("* (part)", "a.csv (part)")]
    public void The_star_stands_for_the_name(string pattern, string name)
    {
        Assert.Null(TemporaryName.WhyNot(pattern));
        Assert.Equal(name, TemporaryName.Of(pattern, "a.csv"));
        Assert.True(TemporaryName.IsSuch(pattern, name));
        Assert.True(TemporaryName.IsSuch(pattern, name.ToUpperInvariant()));
        Assert.False(TemporaryName.IsSuch(pattern, "b.csv"));
        Assert.Equal(pattern, new FtpTransferOptions { TemporaryName = pattern }.TemporaryName);
    }

    [Theory]
    [InlineData("", "one *")]
    [InlineData("*", "the name of the file itself")]
    [InlineData("part", "one *")]
    [InlineData("*.*", "one *")]
    [InlineData("tmp/*", "can't contain a separator")]
    [InlineData("tmp\\*", "can't contain a separator")]
    [InlineData("/*", "can't contain a separator")]
    [InlineData("..\\*", "can't contain a separator")]
    [InlineData("*\r\nDELE x", "a control character")]
    [InlineData("*\0", "a control character")]
    [InlineData("*\u0085", "a control character")]
    [InlineData("*.tmp ", "remove spaces")]
    [InlineData(" *", "remove spaces")]
    public void What_makes_no_names_is_refused(string pattern, string why)
    {
        Assert.Contains(why, TemporaryName.WhyNot(pattern));
        Assert.Equal("FtpInvalidName", Assert.Throws<FtpException>(() => new FtpTransferOptions { TemporaryName = pattern }).ErrorId);
    }

    [Fact]
    public void A_pattern_leaves_room_for_the_name()
    {
        Assert.Null(TemporaryName.WhyNot("*" + new string('x', 99)));
        Assert.Contains("longer than 100 characters", TemporaryName.WhyNot("*" + new string('x', 100)));
    }

    [Fact]
    public void A_pattern_that_begins_and_ends_alike_does_not_make_names_that_are_too_short()
    {
        Assert.True(TemporaryName.IsSuch("aa*aa", "aaxaa"));
        Assert.False(TemporaryName.IsSuch("aa*aa", "aaa"));
        Assert.False(TemporaryName.IsSuch("aa*aa", "aaaa"));
    }

    [Fact]
    public void A_former_file_has_a_name_that_is_no_parts_and_always_the_same()
    {
        var name = new PartName("file", 1000, null);
        Assert.Matches("^\\.ftptools-[0-9a-f]{12}-former$", name.Former(PartForm.Hidden));
        Assert.Equal("." + name.Former(PartForm.Plain), name.Former(PartForm.Hidden));
        Assert.Equal(name.Former(PartForm.Hidden), new PartName("file", 2, DateTime.UnixEpoch).Former(PartForm.Hidden));
        Assert.All(new[] { name.Former(PartForm.Hidden), name.Former(PartForm.Plain) }, former => Assert.Equal((true, false, false), (name.IsFormer(former), name.IsForTarget(former), name.IsOfSource(former))));
        Assert.False(new PartName("other", 1000, null).IsFormer(name.Former(PartForm.Hidden)));
        var chosen = new PartName("file", 1000, null, "*.tmp");
        Assert.Equal(name.Former(PartForm.Plain) + ".tmp", chosen.Former(PartForm.Hidden));
        Assert.Equal((true, "file.tmp", "file.tmp"), (chosen.IsForTarget("file.tmp"), chosen.New(), chosen.New(PartForm.Plain)));
        Assert.False(chosen.IsForTarget(name.New()));
    }

    [Fact]
    public void A_part_is_known_without_its_dot()
    {
        var name = new PartName("file", 1000, null);
        Assert.Matches("^ftptools-[0-9a-f]{12}-[0-9a-f]{12}-[0-9a-f]{12}\\.part$", name.New(PartForm.Plain));
        Assert.True(name.IsOfSource(name.New(PartForm.Plain)));
        Assert.False(new PartName("file", 1001, null).IsOfSource(name.New(PartForm.Plain)));
        Assert.False(name.IsForTarget(".." + name.New(PartForm.Plain)));
    }
}
