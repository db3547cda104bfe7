using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

public sealed class FreeSpaceReplyTests
{
    [Theory]
    [InlineData("1234567", 1234567L)]
    [InlineData("1234567 bytes available", 1234567L)]
    [InlineData(" 0", 0L)]
    [InlineData("98,5", 98L)]
    [InlineData("no idea", null)]
    [InlineData("", null)]
    [InlineData("99999999999999999999", null)]
    public void Reads_AVBL(string text, long? free)
    {
        var space = FreeSpaceReply.ReadAvailable(text);
        Assert.Equal(free, space?.Free);
        Assert.Equal(free is not null, space is not null);
    }

    [Theory]
    [InlineData("File and disk usage\nFile count: 3\nFile limit: unlimited\nDisk usage: 1532791\nDisk limit: unlimited\nEnd", null, 1532791L, null)]
    [InlineData("Disk usage: 100\nDisk limit: 1000", 900L, 100L, 1000L)]
    [InlineData("Disk usage: 1200\nDisk limit: 1000", 0L, 1200L, 1000L)]
    [InlineData("DISK USAGE: 100\ndisk Limit: 1000", 900L, 100L, 1000L)]
    public void Reads_XQUOTA(string text, long? free, long? used, long? limit) => Assert.Equal((free, used, limit), FreeSpaceReply.ReadUsage(text));

    [Fact]
    public void Reads_nothing_of_other_words() => Assert.Equal((null, null), (FreeSpaceReply.ReadUsage("Quota off."), FreeSpaceReply.ReadQuota("No quotas in effect.")));

    [Theory]
    [InlineData("The current quota for this session are [current/limit]:\n Name: ann\n  Uploaded bytes:\t1024.00/10485760.00\n  Downloaded bytes: 5.00/unlimited", 10484736L, 1024L, 10485760L)]
    [InlineData("  Uploaded Kb:\t12.50/1024.00", 1035776L, 12800L, 1048576L)]
    [InlineData("  Uploaded Mb: 1.00/unlimited", null, 1048576L, null)]
    [InlineData("  Uploaded Gb: 2.00/1.00", 0L, 2147483648L, 1073741824L)]
    [InlineData("  uploaded KB: 1/2", 1024L, 1024L, 2048L)]
    [InlineData("  Uploaded bytes: 1/999999999999", 999999999998L, 1L, 999999999999L)]
    [InlineData("  Uploaded bytes: 1/1000000000000", null, 1L, null)]
    public void Reads_SITE_QUOTA_of_mod_quotatab(string text, long? free, long? used, long? limit) => Assert.Equal((free, used, limit), FreeSpaceReply.ReadQuota(text));
}
