using System.Globalization;
using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

/// <summary>Sizes as listings write them: with separators, units, numbers of devices, and run into the column before.</summary>
public sealed class ListingSizeTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("5", "5")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("9223372036854775808", "")] // more than a long holds
    [InlineData("123456789012345678901234567890", "")]
    [InlineData("1,048,576", "1048576")]
    [InlineData("1.048.576", "1048576")]
    [InlineData("1'048'576", "1048576")]
    [InlineData("1\u2019048", "1048")]
    [InlineData("12\u00A0048", "12048")]
    [InlineData("123\u202F048", "123048")]
    [InlineData("9,223,372,036,854,774,999", "9223372036854774999")]
    [InlineData("9,223,372,036,854,775,807", "")]
    [InlineData("640K", "655360")]
    [InlineData("12.5k", "12800")]
    [InlineData("12,5k", "12800")]
    [InlineData("3.0MB", "3145728")]
    [InlineData("1gib", "1073741824")]
    [InlineData("2T", "2199023255552")]
    [InlineData("8P", "9007199254740992")]
    [InlineData("8191P", "9222246136947933184")]
    [InlineData("8192P", "")]
    [InlineData("9223372036854775807K", "")]
    [InlineData("1.123456789K", "1150")]
    [InlineData("1,048K", "1073")] // a fraction
    [InlineData("00000000000000001.123456789KiB", "1150")]
    public void ReadsSizes(string text, string length)
    {
        Assert.True(ListingSize.TryParse("(" + text, 1, text.Length + 1, out var read));
        Assert.Equal(length, read?.ToString(CultureInfo.InvariantCulture) ?? "");
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("k5")]
    [InlineData("-5")]
    [InlineData("1234567890123456789012345678901")]
    [InlineData("1234,567")]
    [InlineData("1,04")]
    [InlineData("1,0488")]
    [InlineData("1,048,57")]
    [InlineData("1,048.576")]
    [InlineData("1,048,")]
    [InlineData("1,04x")]
    [InlineData("1;048")]
    [InlineData("1x048")]
    [InlineData("5X")]
    [InlineData("5B")]
    [InlineData("5KX")]
    [InlineData("5KBB")]
    [InlineData("5KiBB")]
    [InlineData("5Ki")]
    [InlineData("1.K")]
    [InlineData("1.5")]
    [InlineData("1.5B")]
    [InlineData("1.1234567891K")]
    [InlineData("99999999999999999999K")]
    [InlineData("1.000000000000000000000000000K")]
    public void RefusesWhatIsNoSize(string text) => Assert.False(ListingSize.TryParse("(" + text, 1, text.Length + 1, out _));

    [Theory]
    [InlineData("12", false, "0:12")]
    [InlineData("12k", false, "0:12288")]
    [InlineData("owner12", false, "5:12")]
    [InlineData("owner_12", false, "6:12")]
    [InlineData("o1wner2", false, "6:2")]
    [InlineData("owner-12", false, null)]
    [InlineData("owner.12", false, null)]
    [InlineData("owner12k", false, null)]
    [InlineData("owner", false, null)]
    [InlineData("12owner", false, null)]
    [InlineData("12owner34", false, null)]
    [InlineData("8,16", false, null)]
    [InlineData("0x2000007", false, null)]
    [InlineData("8,16", true, "0:")]
    [InlineData("8,", true, "0:")]
    [InlineData("0x2000007", true, "0:")]
    [InlineData("0x1234567890abcdef", true, "0:")]
    [InlineData("0x1234567890abcdef0", true, null)]
    [InlineData("1234567890123456789012345678901", true, null)]
    [InlineData("1x2", true, null)]
    [InlineData("00x2", true, null)]
    [InlineData("0y2", true, null)]
    [InlineData("8;16", true, null)]
    [InlineData("8,16x", true, null)]
    [InlineData(",16", true, null)]
    [InlineData("owner12", true, "5:12")]
    public void FindsTheSizeInAColumn(string column, bool isDevice, string? found)
    {
        var isFound = ListingSize.TryFind("(" + column, 1, column.Length + 1, isDevice, out var start, out var length);
        Assert.Equal(found, isFound ? $"{start - 1}:{length}" : null);
    }
}
