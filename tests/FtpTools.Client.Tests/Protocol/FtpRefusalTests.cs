using FtpTools.Dialogue;
using Xunit;

namespace FtpTools.Tests.Protocol;

/// <summary>What servers say when there is no room, and what means something else.</summary>
public sealed class FtpRefusalTests
{
    [Theory]
    [InlineData("STOR", 452, "Transfer aborted. No space left on device", FtpErrorKind.DiskFull)]
    [InlineData("APPE", 552, "Disk quota exceeded", FtpErrorKind.DiskFull)]
    [InlineData("STOR", 451, "Failure writing to local file.", FtpErrorKind.DiskFull)]
    [InlineData("APPE", 451, "Error during write to file\nTransfer aborted\n0.006 seconds (measured here), 699.47 Mbytes per second", FtpErrorKind.DiskFull)]
    [InlineData("STOR", 451, "Transfer aborted. Input/output error", FtpErrorKind.DiskFull)]
    [InlineData("STOR", 550, "There is not enough space on the disk.", FtpErrorKind.DiskFull)]
    [InlineData("RETR", 451, "Transfer aborted. Input/output error", FtpErrorKind.TransferIncomplete)]
    [InlineData("RETR", 451, "Failure reading from local file.", FtpErrorKind.TransferIncomplete)]
    [InlineData("STOR", 451, "Local error.", FtpErrorKind.TransferIncomplete)]
    [InlineData("STOR", 426, "Failure reading network stream.", FtpErrorKind.TransferIncomplete)]
    [InlineData("MKD", 451, "Input/output error", FtpErrorKind.CommandRefused)]
    public void Room_that_is_wanting_is_told_from_other_failures(string verb, int code, string text, FtpErrorKind kind)
    {
        var error = FtpRefusal.Create(verb, new FtpReply(code, text.Split('\n')), "send '/a'", "/a", "example:21");
        Assert.Equal(kind, error.Kind);
        Assert.Contains($"'{code} {text.Replace("\n", "; ")}'", error.Message);
    }
}
