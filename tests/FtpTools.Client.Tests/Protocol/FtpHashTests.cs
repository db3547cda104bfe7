using System.Linq;
using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

/// <summary>The ways in which servers tell hashes: found in what they offer, asked, and read.</summary>
public sealed class FtpHashTests
{
    private const string Md5 = "9E107D9D372BB6826BD81D3542A419D6";
    private const string Sha256 = "D7A8FBB307D7809469CA9ABCB0082E4F8D5651E46D3CDB762D02D0BF37C9E592";
    private const string Sha512 = Sha256 + Sha256;
    private const string Sha1 = "2FD4E1C67A2D28FCED849EE1BB76E7391B93EB12";

    [Theory]
    [InlineData("HASH SHA-256*;SHA-1;MD5", "SHA-256", "HASH /a b", null)]
    [InlineData("HASH SHA-256;SHA-512;SHA-1*", "SHA-512", "HASH /a b", "OPTS HASH SHA-512")]
    [InlineData("HASH MD6*|XCRC", "CRC32", "XCRC /a b", null)]
    [InlineData("HASH SHA-256; SHA-1 *; sha-512*", "SHA-512", "HASH /a b", null)]
    [InlineData("HASH SHA-1;MD5*", "SHA-1", "HASH /a b", "OPTS HASH SHA-1")]
    [InlineData("HASH MD5;CRC32*", "MD5", "HASH /a b", "OPTS HASH MD5")]
    [InlineData("HASH CRC32", "CRC32", "HASH /a b", "OPTS HASH CRC32")]
    [InlineData("HASH|XCRC", "CRC32", "XCRC /a b", null)]
    [InlineData("XSHA256|XSHA512|XSHA1", "SHA-512", "XSHA512 /a b", null)]
    [InlineData("XSHA|XSHA256", "SHA-256", "XSHA256 /a b", null)]
    [InlineData("XSHA|XMD5", "SHA-1", "XSHA /a b", null)]
    [InlineData("MD5|XMD5", "MD5", "XMD5 /a b", null)]
    [InlineData("MD5|XCRC", "MD5", "MD5 /a b", null)]
    [InlineData("SITE MD5", "MD5", "SITE MD5 /a b", null)]
    [InlineData("SITE CHECKSUM|SITE XMD5", "MD5", "SITE XMD5 /a b", null)]
    [InlineData("SITE CHECKMETHOD", null, null, null)]
    [InlineData("XCRC|XMD5|XSHA1", "SHA-1", "XSHA1 /a b", null)]
    [InlineData("MD5", "MD5", "MD5 /a b", null)]
    [InlineData("SITE XCRC", "CRC32", "SITE XCRC /a b", null)]
    [InlineData("SITE XCRC|SITE XMD5|SITE UTIME", "MD5", "SITE XMD5 /a b", null)]
    [InlineData("SITE UTIME;XSHA256;XCRC", "SHA-256", "SITE XSHA256 /a b", null)]
    [InlineData("SITE XMD5|XCRC", "CRC32", "XCRC /a b", null)]
    [InlineData("SITE CHECKMETHOD|SITE CHECKSUM", "MD5", "SITE CHECKSUM /a b", "SITE CHECKMETHOD MD5")]
    [InlineData("SITE UTIME;MKDIR", null, null, null)]
    [InlineData("SIZE|MDTM", null, null, null)]
    public void What_FEAT_lists_is_used(string features, string? algorithm, string? command, string? choice)
    {
        string[] lines = ["Features:", .. features.Split('|').Select(line => " " + line), "End"];
        Check(FtpHash.Find(new FtpFeatures(new FtpReply(211, lines))).FirstOrDefault(), algorithm, command, choice);
    }

    // WU-FTPD 2.6 (and the GridFTP server made of it), ProFTPD, Pure-FTPd, vsftpd, and one that shows its commands in a line.
    [Theory]
    [InlineData("The following SITE commands are recognized (* =>'s unimplemented).\n   UMASK           GROUP           INDEX           GROUPS\n   IDLE            GPASS           EXEC            CHECKMETHOD\n   CHMOD           NEWER           ALIAS           CHECKSUM\n   HELP            MINFO           CDPATH\nDirect comments to root@localhost.", "MD5", "SITE CHECKSUM /a b", "SITE CHECKMETHOD MD5")]
    [InlineData("The following SITE commands are recognized (* =>'s unimplemented).\n   CHECKMETHOD*    CHECKSUM*       XMD5*\nDirect comments to root@localhost.", null, null, null)]
    [InlineData("CHECKMETHOD MD5 CHECKSUM HELP", "MD5", "SITE CHECKSUM /a b", "SITE CHECKMETHOD MD5")]
    [InlineData("CHECKSUM HELP", null, null, null)]
    [InlineData("The following SITE commands are recognized (* =>'s unimplemented)\n CHGRP <sp> group <sp> path\n CHMOD <sp> mode <sp> path\n UTIME <sp> YYYYMMDDhhmm[ss] <sp> path\nDirect comments to root@localhost", null, null, null)]
    [InlineData("The following SITE commands are recognized\n ALIAS\n CHMOD\n IDLE\n UTIME\nPure-FTPd - http://pureftpd.org/", null, null, null)]
    [InlineData("CHMOD UMASK HELP", null, null, null)]
    [InlineData("CHMOD, XCRC, XSHA1, HELP", "SHA-1", "SITE XSHA1 /a b", null)]
    public void What_SITE_HELP_lists_is_used(string help, string? algorithm, string? command, string? choice) =>
        Check(FtpHash.FindInSiteHelp(help).FirstOrDefault(), algorithm, command, choice);

    [Theory]
    [InlineData("XMD5", Md5, "/a", Md5)]
    [InlineData("XMD5", "9e107d9d372bb6826bd81d3542a419d6", "/a", Md5)]
    [InlineData("XMD5", "XMD5 of the file is " + Md5, "/a", Md5)]
    [InlineData("MD5", "/a " + Md5, "/a", Md5)]
    [InlineData("MD5", "\"/a b\" " + Md5, "/a b", Md5)]
    [InlineData("SITE CHECKMETHOD CHECKSUM", "9e107d9d372bb6826bd81d3542a419d6 a b", "/d/a b", Md5)]
    [InlineData("SITE CHECKMETHOD CHECKSUM", "9e107d9d372bb6826bd81d3542a419d6  /d/a b", "/d/a b", Md5)]
    [InlineData("SITE CHECKMETHOD CHECKSUM", "9e107d9d372bb6826bd81d3542a419d6 d41d8cd98f00b204e9800998ecf8427e", "/d/d41d8cd98f00b204e9800998ecf8427e", Md5)]
    [InlineData("SITE CHECKMETHOD CHECKSUM", "MD5 (/a) = 9e107d9d372bb6826bd81d3542a419d6", "/a", Md5)]
    [InlineData("XMD5", "The MD5 is 9E107D9D372BB6826BD81D3542A419D6", "/9E107D9D372BB6826BD81D3542A419D6", Md5)]
    [InlineData("XMD5", "Computing MD5 digest\n" + Md5, "/a", Md5)]
    [InlineData("HASH SHA-1*", "SHA-1 0-43 " + Sha1 + " /a", "/a", Sha1)]
    [InlineData("XCRC", "414FA339", "/a", "414FA339")]
    [InlineData("XCRC", "4fa339", "/a", "004FA339")]
    [InlineData("XCRC", "XCRC 414fa339 cafe", "/d/cafe", "414FA339")]
    [InlineData("XCRC", "fa339a", "/fa339a", "00FA339A")]
    [InlineData("XCRC", "a339", "/a", "0000A339")]
    [InlineData("XCRC", "339", "/a", null)]
    [InlineData("XCRC", "1414FA339", "/a", null)]
    [InlineData("XCRC", "414FA339 \t", "/a", "414FA339")]
    [InlineData("XCRC", "414FA339 /", "/", "414FA339")]
    [InlineData("XCRC", "414FA339 cafe", "", "0000CAFE")]
    [InlineData("XCRC", "414FA339cafe", "/cafe", null)]
    [InlineData("XCRC", "414FA339 CAFE", "/cafe", "0000CAFE")]
    [InlineData("XSHA512", Sha512, "/a", Sha512)]
    [InlineData("XSHA256", Sha256, "/a", Sha256)]
    [InlineData("XSHA", Sha1, "/a", Sha1)]
    [InlineData("XSHA256", Sha512, "/a", null)]
    [InlineData("XMD5", "g" + Md5, "/a", null)]
    [InlineData("XMD5", "9E107D9D372BB6826BD81D3542A419DG", "/a", null)]
    [InlineData("XMD5", Sha1, "/a", null)]
    [InlineData("XMD5", "E107D9D372BB6826BD81D3542A419D6", "/a", null)]
    [InlineData("HASH SHA-384*", Md5 + Sha256, "/a", Md5 + Sha256)]
    [InlineData("XMD5", "Done.", "/a", null)]
    [InlineData("SITE CHECKMETHOD CHECKSUM", "2382472371 43 a", "/a", null)]
    public void A_reply_is_read(string feature, string text, string path, string? hash) =>
        Assert.Equal(hash, FtpHash.Find(new FtpFeatures(new FtpReply(211, ["Features:", " " + feature, "End"]))).First().Read(text, path));

    [Theory]
    [InlineData("SHA256", "SHA-256")]
    [InlineData("sha1", "SHA-1")]
    [InlineData("md5", "MD5")]
    [InlineData("CRC32", "CRC32")]
    public void An_algorithm_is_named_as_PowerShell_does(string algorithm, string name) => Assert.Equal(name, FtpHash.NameOf(algorithm));

    private static void Check(FtpHash? found, string? algorithm, string? command, string? choice)
    {
        Assert.Equal(algorithm, found?.Algorithm);
        Assert.Equal(command, found?.Of("/a b").Redacted);
        Assert.Equal(choice, found?.IsInForce == true ? null : found?.Choice?.Redacted);
    }
}
