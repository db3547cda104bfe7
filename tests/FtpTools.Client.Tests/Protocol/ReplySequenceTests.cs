using System.Linq;
using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

/// <summary>Which replies may follow which commands (RFC 959, 5.4).</summary>
public sealed class ReplySequenceTests
{
    [Theory]
    [InlineData("Step", "USER PASS ACCT RNFR REST AUTH")]
    [InlineData("Transfer", "RETR STOR STOU APPE LIST NLST MLSD")]
    [InlineData("Single", "RNTO CWD CDUP PWD TYPE PASV EPSV PORT EPRT MLST SIZE MDTM DELE MKD RMD FEAT OPTS NOOP QUIT ABOR SITE retr")]
    public void A_command_begins_a_sequence(string sequence, string verbs) =>
        Assert.All(verbs.Split(' '), verb => Assert.Equal(sequence, ReplySequences.Of(verb).ToString()));

    // 120 announces the greeting, 150 a transfer; 227 to 229 name a port, and end nothing but the command that asked for one;
    // 426 ends a transfer alone.
    [Theory]
    [InlineData("Single", "200 226 227 228 229 230 299 400 421 425 427 450 500 599")]
    [InlineData("Step", "200 226 230 299 300 331 399 400 421 425 427 450 500 599")]
    [InlineData("Greeting", "100 120 125 150 199 200 220 226 230 299 400 421 425 427 450 500 599")]
    [InlineData("Transfer", "100 120 125 150 199 200 226 230 299 400 421 425 426 427 450 500 599")]
    [InlineData("Aside", "200 226 230 299 400 421 425 427 450 500 599")]
    public void A_sequence_holds_some_replies_and_no_others(string sequence, string codes)
    {
        int[] all = [100, 120, 125, 150, 199, 200, 220, 226, 227, 228, 229, 230, 299, 300, 331, 399, 400, 421, 425, 426, 427, 450, 500, 599];
        var held = codes.Split(' ').Select(int.Parse).ToArray();
        Assert.All(all, code =>
        {
            // 220 is as good as any other 2xx.
            var isHeld = held.Contains(code) || code == 220;
            Assert.True(isHeld == System.Enum.Parse<ReplySequence>(sequence).MayHold(new FtpReply(code, [""])), $"{code}");
        });
    }

    [Theory]
    [InlineData("connect", 220, false, "", 220, true)]
    [InlineData("connect", 220, false, "USER", 220, true)]
    [InlineData("USER", 331, false, "PASS", 220, false)] // a yes, of a server that says so
    [InlineData("PASS", 230, false, "", 230, true)]
    [InlineData("PASS", 230, false, "FEAT", 230, true)]
    [InlineData("PASS", 230, false, "", 530, false)]
    [InlineData("PASS", 230, false, "", 226, false)] // nothing was transferred
    [InlineData("TYPE", 250, false, "", 226, false)]
    [InlineData("connect", 220, false, "", 250, false)]
    [InlineData("PASS", 530, false, "", 230, false)]
    [InlineData("USER", 230, false, "PASS", 230, false)]
    [InlineData("USER", 230, false, "SYST", 230, true)] // no password was asked for
    [InlineData("ACCT", 230, false, "SYST", 230, true)]
    [InlineData("PASS", 230, false, "ACCT", 230, false)]
    [InlineData("PASS", 230, false, "USER", 230, false)] // another user logs in
    [InlineData("CWD", 200, false, "", 250, true)]
    [InlineData("CWD", 200, false, "PASV", 250, true)]
    [InlineData("CWD", 200, false, "DELE", 250, false)]
    [InlineData("RETR", 226, true, "", 226, true)]
    [InlineData("RETR", 226, true, "", 250, true)]
    [InlineData("RETR", 226, true, "CWD", 226, true)]
    [InlineData("RETR", 226, true, "DELE", 226, false)]
    [InlineData("RETR", 226, true, "RNTO", 226, false)]
    [InlineData("RETR", 226, true, "ABOR", 226, false)]
    [InlineData("CWD", 250, false, "PWD", 226, false)]
    [InlineData("RETR", 226, true, "", 227, false)] // it announces a port
    [InlineData("RETR", 226, true, "", 229, false)]
    [InlineData("RETR", 226, true, "", 421, false)]
    [InlineData("LIST", 226, false, "", 150, true)] // overtaken by its end
    [InlineData("LIST", 226, false, "CWD", 150, true)]
    [InlineData("LIST", 226, false, "RETR", 150, false)]
    [InlineData("LIST", 226, true, "", 150, false)]
    [InlineData("LIST", 450, false, "", 150, false)]
    [InlineData("CWD", 250, false, "", 150, false)]
    [InlineData("TYPE", 200, false, "EPSV", 200, true)]
    public void A_repetition_belongs_to_nobody(string lastVerb, int last, bool hadBegun, string verb, int code, bool isRepetition) =>
        Assert.Equal(isRepetition, ReplySequences.IsRepetition(lastVerb, new FtpReply(last, [""]), hadBegun, verb.Length == 0 ? null : verb, new FtpReply(code, [""])));

    [Theory]
    [InlineData("Entering Passive Mode (127,0,0,1,4,5)", false)]
    [InlineData("Entering Extended Passive Mode (|||1029|)", false)]
    [InlineData("TYPE is now 8-bit binary", true)]
    [InlineData("Type set to I", true)]
    public void A_port_is_no_repetition_whatever_its_code(string text, bool isRepetition)
    {
        foreach (var verb in new[] { "EPSV", "PASV" })
            Assert.Equal(isRepetition, ReplySequences.IsRepetition("TYPE", new FtpReply(200, [""]), false, verb, new FtpReply(200, [text])));
    }

    // Of a transfer that ends with two replies the second may come behind the next command.
    [Theory]
    [InlineData("EPSV PASV EPRT PORT TYPE REST CWD PWD SIZE MDTM MLST RNFR OPTS NOOP", true)]
    [InlineData("RETR STOR STOU APPE LIST NLST MLSD RNTO DELE MKD RMD SITE ABOR QUIT", false)]
    public void The_end_of_a_transfer_is_no_reply_to_a_command_that_is_never_answered_so(string verbs, bool isRepetition) =>
        Assert.All(verbs.Split(' '), verb => Assert.Equal(isRepetition, ReplySequences.IsRepetition("STOR", new FtpReply(250, [""]), true, verb, new FtpReply(226, [""]))));

    [Theory]
    [InlineData(199, false)]
    [InlineData(200, true)]
    [InlineData(201, false)]
    [InlineData(202, true)]
    [InlineData(226, false)]
    [InlineData(250, false)]
    [InlineData(426, false)]
    [InlineData(451, false)]
    [InlineData(499, false)]
    [InlineData(500, true)]
    [InlineData(502, true)]
    [InlineData(504, true)]
    [InlineData(505, false)]
    [InlineData(550, false)]
    public void A_NOOP_in_the_midst_of_a_transfer_is_known_by_the_code_of_its_reply(int code, bool isAside) =>
        Assert.Equal(isAside, ReplySequences.IsAside(new FtpReply(code, [""])));
}
