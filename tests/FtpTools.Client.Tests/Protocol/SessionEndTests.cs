using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

/// <summary>Which replies say that nobody is logged in any more.</summary>
public sealed class SessionEndTests
{
    [Theory]
    [InlineData(421, "Bye", true)]
    [InlineData(530, "Not logged in.", true)] // RFC 959, 4.2.2
    [InlineData(530, "You are not logged on.", true)]
    [InlineData(530, "Please login with USER and PASS.", true)] // vsftpd, ProFTPD
    [InlineData(530, "Please log in with USER and PASS first.", true)] // FileZilla Server
    [InlineData(530, "You must log in first", true)]
    [InlineData(530, "Log in with USER and PASS.", true)]
    [InlineData(530, "Login first", true)]
    [InlineData(530, "Log in first.", true)] // pyftpdlib
    [InlineData(530, "Send USER first", true)]
    [InlineData(530, "You aren't logged in: please log in first", true)]
    [InlineData(503, "Login with USER first.", true)]
    [InlineData(503, "Bad sequence of commands", false)]
    [InlineData(530, "Permission denied", false)]
    [InlineData(530, "", false)]
    [InlineData(420, "Not logged in", false)]
    [InlineData(502, "Not logged in", false)]
    [InlineData(504, "Not logged in", false)]
    [InlineData(529, "Not logged in", false)]
    [InlineData(531, "Not logged in", false)]
    [InlineData(550, "Not logged in", false)]
    public void Some_words_say_so_and_one_code_alone(int code, string text, bool isOver) => Assert.Equal(isOver, SessionEnd.IsSaidBy(new FtpReply(code, [text])));

    [Fact]
    public void The_words_may_stand_on_any_line() => Assert.True(SessionEnd.IsSaidBy(new FtpReply(530, ["Timeout", "Please log in again"])));
}
