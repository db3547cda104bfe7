using System.Collections.Generic;
using System.Linq;
using System.Text;
using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

public sealed class MlsxFormsTests
{
    /// <summary>Lines that a server sends in answer to LIST.</summary>
    [Theory]
    [InlineData("type=cdir;modify=20110519081500;UNIX.mode=0755 /\ntype=dir;modify=20110519081500;UNIX.mode=0755 attic\n type=dir", "Directory|attic||2011-05-19 08:15:00|", 1, 0)]
    [InlineData("size=731;Type=file;create=20110519081500; a b", "File|a b|731||", 0, 0)]
    [InlineData("MODIFY=20110519081500; a", "Other|a||2011-05-19 08:15:00|", 0, 0)]
    [InlineData("perm=r;type=file; a\ncreate=20110519081500;type=file; b\nunique=7;type=dir; c\n-rw-r--r-- 1 u g 731 May 19  2011 d\n   e", "File|a|||\nFile|b|||\nDirectory|c|||\nFile|d|731|2011-05-19|", 1, 0)]
    [InlineData("type=file; ../a\ntype=file\ntypes=file; a\nx;type=file; a\n=;a b\n type=file; a", "", 6, 1)]
    public void ReadsLinesOfLIST(string lines, string items, int unparsed, int refused)
    {
        var read = new List<FtpItem>();
        var reader = ListingTestData.Reader(ListingFormat.List, read.Add);
        ListingTestData.Feed(reader, Encoding.UTF8.GetBytes(lines), 7);
        Assert.Equal((items, unparsed, refused), (string.Join("\n", read.Select(ListingTestData.Summary)), reader.UnparsedCount, reader.RefusedCount));
    }

    /// <summary>Lines as sent, and the items that they tell of: kind, name, size, time, target.</summary>
    [Theory]
    [InlineData(" bare-name.txt", "Other|bare-name.txt|||")]
    [InlineData(" three words here", "Other|three words here|||")]
    [InlineData(" ~tilde", "Other|~tilde|||")]
    [InlineData("type=file;size=621846759;modify=20130210055054;\torchid.zip", "File|orchid.zip|621846759|2013-02-10 05:50:54|")]
    [InlineData("   size=38190283;Type=file;Modify=20160513214609; saffron.dat", "File|saffron.dat|38190283|2016-05-13 21:46:09|")]
    [InlineData("type=file;size=596;modify=19950826005055;\topal.txt", "File|opal.txt|596|1995-08-26 00:50:55|")]
    [InlineData("   size=31;Type=file;Modify=20110928194413; harbor.pdf", "File|harbor.pdf|31|2011-09-28 19:44:13|")]
    [InlineData("type=file;size=376509872;modify=20220608191654;\tjuniper.tar.gz", "File|juniper.tar.gz|376509872|2022-06-08 19:16:54|")]
    [InlineData("   size=789570242;Type=file;Modify=20040301042348; maple.cfg", "File|maple.cfg|789570242|2004-03-01 04:23:48|")]
    [InlineData("size=5;type=file;modify=20120731235959;\tdrwxr-xr-x 1 u g 7 Jan  2 10:10 trap", "File|drwxr-xr-x 1 u g 7 Jan  2 10:10 trap|5|2012-07-31 23:59:59|")]
    [InlineData("sizd=4096; sized", "Other|sized|4096||")]
    [InlineData("type=dir;sizd=4096; a-dir", "Directory|a-dir|||")]
    [InlineData("type=OS.unix=symlink;unique=61U9A0; current\ntype=file;unique=61U9A0; /srv/data/rel-7.tgz", "SymbolicLink|current|||/srv/data/rel-7.tgz")]
    [InlineData("type=dir;unique=61U77; papers\ntype=OS.unix=symlink;unique=61U88; guide\ntype=OS.unix=symlink;unique=61U88; leaflet\ntype=file;unique=61U88; /usr/share/guide.pdf", "Directory|papers|||\nSymbolicLink|guide|||/usr/share/guide.pdf\nSymbolicLink|leaflet|||/usr/share/guide.pdf")]
    [InlineData("type=OS.unix=symlink;unique=61U99; alias.txt\ntype=file;size=89;unique=61U99; true.txt", "SymbolicLink|alias.txt|||true.txt\nFile|true.txt|89||")]
    [InlineData("type=file;size=1;unique=61U11; hard1\ntype=file;size=1;unique=61U11; hard2", "File|hard1|1||\nFile|hard2|1||")]
    [InlineData("type=OS.unix=slink:../store/main;unique=8AU1; store", "SymbolicLink|store|||../store/main")]
    [InlineData("Type=OS.unix=slink:/c d/e;Modify=20190531070809; spaced", "SymbolicLink|spaced||2019-05-31 07:08:09|/c d/e")]
    [InlineData("type=OS.unix=slink; nowhere", "SymbolicLink|nowhere|||")]
    [InlineData("type=link;size=0; short\ntype=links; long\ntype=OS.unix=link; system", "SymbolicLink|short|||\nOther|long|||\nSymbolicLink|system|||")]
    [InlineData("Type=OS.unix=chr-4/65;Perm=;Unique=9QZ3; ttyS1", "Other|ttyS1|||")]
    [InlineData("type=file;size=91;modify=20230229101010; noday.dat", "File|noday.dat|91||")]
    [InlineData("type=dir;modify=20221305101010; month13", "Directory|month13|||")]
    [InlineData("type=file;size=2049;modify=20180608090000; /pub/set3/img 02.tif", "File|img 02.tif|2049|2018-06-08 09:00:00|")]
    [InlineData("type=OS.unix=symlink; alink\ntype=file; afile", "SymbolicLink|alink|||\nFile|afile|||")]
    [InlineData("type=dir; /pub/set3", "Directory|set3|||")]
    [InlineData("type=file old-draft-without-semicolon", "File|old-draft-without-semicolon|||")]
    [InlineData("Type=file; trailing\t ", "File|trailing\t |||")]
    [InlineData("Type=file; \t leading", "File|\t leading|||")]
    [InlineData("type=cdir;modify=20200304050607;perm=flcdmpe; .", "")]
    [InlineData("type=pdir;perm=fle; ..", "")]
    [InlineData("Type=cdir; /srv/pub", "")]
    [InlineData("250-Listing /pub", "")]
    [InlineData("250 End", "")]
    public void ReadsLines(string lines, string items) => ListingTestData.Check(ListingFormat.Mlsx, lines, items);
}
