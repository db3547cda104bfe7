using System.Linq;
using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

public sealed class StringPoolTests
{
    [Theory]
    [InlineData("user", "")]
    [InlineData("", "-of-the-same-end")]
    public void GivesTheSameStringForTheSameText(string before, string behind)
    {
        var pool = new StringPool();
        var lines = Enumerable.Range(0, 20).Select(i => $"({before}{(char)('a' + i)}{behind})").ToArray();
        var first = lines.Select(line => pool.Take(line, 1, line.Length - 1)).ToArray();
        Assert.Equal(lines.Select(line => line[1..^1]), first);
        Assert.All(lines.Zip(first), pair => Assert.Same(pair.Second, pool.Take(pair.First + "x", 1, pair.First.Length - 1)));
    }

    [Fact]
    public void GivesEachTextThoughThereAreMore()
    {
        var pool = new StringPool();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 1000; i++)
                Assert.Equal($"{i}", pool.Take($"({i})", 1, $"{i}".Length + 1));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u0001")]
    [InlineData("\u0002")]
    [InlineData("\u0003")]
    public void KeepsFourTextsOfTheSameHash(string behind)
    {
        var pool = new StringPool();
        // Aa and BB have the same, and so has what begins or ends with either.
        var texts = new[] { "AaAaAa", "AaAaBB", "AaBBAa", "AaBBBB", "BBAaAa" }.Select(text => text + behind).ToArray();
        var kept = texts.Take(4).Select(Take).ToArray();
        Assert.All(kept, text => Assert.Same(text, Take(text)));
        Take(texts[4]);
        Assert.NotSame(kept[0], Take(texts[0]));

        string Take(string text) => pool.Take($"({text})", 1, text.Length + 1);
    }

    [Theory]
    [InlineData(FtpItemType.File, 0x1ED, "-rwxr-xr-x")]
    [InlineData(FtpItemType.Directory, 0x1ED, "drwxr-xr-x")]
    [InlineData(FtpItemType.SymbolicLink, 0x1FF, "lrwxrwxrwx")]
    [InlineData(FtpItemType.Other, 0, "?---------")]
    [InlineData(FtpItemType.File, 0x124, "-r--r--r--")]
    [InlineData(FtpItemType.File, 0xE00, "---S--S--T")]
    [InlineData(FtpItemType.File, 0xFFF, "-rwsrwsrwt")]
    [InlineData(FtpItemType.File, 0x800, "---S------")]
    [InlineData(FtpItemType.File, 0x400, "------S---")]
    [InlineData(FtpItemType.File, 0x200, "---------T")]
    [InlineData(FtpItemType.File, 0x1000, "----------")]
    public void WritesModesAsLsDoes(FtpItemType itemType, int mode, string text)
    {
        var pool = new StringPool();
        // Each kind has its own.
        foreach (var other in new[] { FtpItemType.File, FtpItemType.Directory, FtpItemType.SymbolicLink, FtpItemType.Other })
            Assert.Equal(text[1..], pool.ModeText(other, mode)[1..]);
        Assert.Equal(text, pool.ModeText(itemType, mode));
        Assert.Same(pool.ModeText(itemType, mode), pool.ModeText(itemType, mode));
    }
}
