using System;
using Xunit;

namespace FtpTools.Tests.Items;

public sealed class FtpNamePatternTests
{
    [Theory]
    // Of the name.
    [InlineData("*.csv", "a.csv", false, true)]
    [InlineData("*.csv", "a.txt", false, false)]
    [InlineData("logs", "logs", true, true)]
    // With a slash at the end of directories alone, at any level.
    [InlineData("logs/", "logs", true, true)]
    [InlineData("logs/", "logs", false, false)]
    [InlineData("/", "logs", true, false)]
    // Of the path below the top, name by name.
    [InlineData("sub/*.csv", "sub/a.csv", false, true)]
    [InlineData("sub/*.csv", "a.csv", false, false)]
    [InlineData("sub/*.csv", "sub/deep/a.csv", false, false)]
    [InlineData("sub/*.csv", "other/sub/a.csv", false, false)]
    [InlineData("*/a.csv", "sub/a.csv", false, true)]
    [InlineData("./sub/a.csv", "sub/a.csv", false, true)]
    [InlineData("/a.csv", "a.csv", false, true)]
    [InlineData("/a.csv", "sub/a.csv", false, false)]
    [InlineData("sub/cache/", "sub/cache", true, true)]
    [InlineData("sub/cache/", "sub/cache", false, false)]
    // Any number of names, none too.
    [InlineData("sub/**", "sub/deep/a.csv", false, true)]
    [InlineData("sub/**", "sub", true, true)]
    [InlineData("sub/**", "subs/a.csv", false, false)]
    [InlineData("sub/**/*.csv", "sub/a.csv", false, true)]
    [InlineData("sub/**/*.csv", "sub/x/y/a.csv", false, true)]
    [InlineData("sub/**/*.csv", "sub/x/y/a.txt", false, false)]
    [InlineData("**/cache/**", "a/b/cache/c/d", false, true)]
    [InlineData("**/cache/**", "a/b/caches/c/d", false, false)]
    [InlineData("**", "a", false, true)]
    public void A_pattern_is_of_the_name_and_with_a_slash_of_the_path(string pattern, string path, bool isDirectory, bool fits) =>
        Assert.Equal(fits, new FtpNamePattern(pattern, Matcher).Fits(path, isDirectory));

    [Theory]
    [InlineData("*.csv", false)]
    [InlineData("logs/", false)]
    [InlineData("/logs", true)]
    [InlineData("logs/*", true)]
    public void It_tells_which_of_both_it_is_of(string pattern, bool isOfPath) => Assert.Equal(isOfPath, new FtpNamePattern(pattern, Matcher).IsOfPath);

    /// <summary>Knows one star, at the beginning.</summary>
    internal static Func<string, bool> Matcher(string pattern) =>
        pattern is "*" or "**" ? _ => true
        : pattern.StartsWith('*') ? name => name.EndsWith(pattern[1..], StringComparison.Ordinal)
        : name => name == pattern;
}
