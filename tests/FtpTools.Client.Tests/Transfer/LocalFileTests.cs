using FtpTools.Transfer;
using Xunit;

namespace FtpTools.Tests.Transfer;

public sealed class LocalFileTests
{
    [Theory]
    [InlineData("/dev/null", false, true)]
    [InlineData("/dev/shm/file", false, false)]
    [InlineData(@"\\.\NUL", true, true)]
    [InlineData(@"C:\dev\null", true, false)]
    [InlineData(@"\\.\C:\file", true, false)]
    public void A_device_is_known_by_its_path(string path, bool windows, bool expected) => Assert.Equal(expected, LocalFile.IsDevicePath(path, windows));
}
