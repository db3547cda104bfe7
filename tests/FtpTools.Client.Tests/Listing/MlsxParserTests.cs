using System;
using System.Globalization;
using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

public sealed class MlsxParserTests
{
    [Theory]
    [InlineData("type=file;size=5; a.txt", FtpItemType.File, "a.txt", 5L, null)]
    [InlineData("TYPE=FILE;SIZE=5; a.txt", FtpItemType.File, "a.txt", 5L, null)]
    [InlineData("type=file;size=5;  leading", FtpItemType.File, " leading", 5L, null)]
    [InlineData("type=file;size=5; trailing ", FtpItemType.File, "trailing ", 5L, null)]
    [InlineData("type=file;size=5; semi;colon=1; x.txt", FtpItemType.File, "semi;colon=1; x.txt", 5L, null)]
    [InlineData("type=file;x.new=a=b;media-type=text/plain;size=; a", FtpItemType.File, "a", null, null)]
    [InlineData("type=file;size=-1; a", FtpItemType.File, "a", null, null)]
    [InlineData("type=dir;sizd=4096;size=4096; sub", FtpItemType.Directory, "sub", null, null)]
    [InlineData("type=OS.unix=slink:/target;size=7; link", FtpItemType.SymbolicLink, "link", null, "/target")]
    [InlineData("type=OS.unix=slink:/a target;size=7; a link", FtpItemType.SymbolicLink, "a link", null, "/a target")]
    [InlineData("Type=OS.UNIX=slink:; link", FtpItemType.SymbolicLink, "link", null, null)]
    [InlineData("size=9;type=OS.unix=symlink;unique=1; li -> nk", FtpItemType.SymbolicLink, "li -> nk", null, null)]
    [InlineData("type=OS.unix=chr-13/29; null", FtpItemType.Other, "null", null, null)]
    [InlineData("type=unknown;size=0; pipe", FtpItemType.Other, "pipe", 0L, null)]
    [InlineData("type=file;sizd=1;size=5; both", FtpItemType.File, "both", 5L, null)]
    [InlineData("type=file;size=5;sizd=1; both", FtpItemType.File, "both", 5L, null)]
    [InlineData("type=x.y=slink:/t; odd", FtpItemType.Other, "odd", null, null)]
    [InlineData("size=5; untold", FtpItemType.Other, "untold", 5L, null)]
    [InlineData("type=file;size=5 no last semicolon", FtpItemType.File, "no last semicolon", 5L, null)]
    public void ReadsItems(string line, FtpItemType itemType, string name, long? length, string? target)
    {
        var item = Parse(line);
        Assert.Equal(itemType, item.ItemType);
        Assert.Equal(name, item.Name);
        Assert.Equal("/dir/" + name, item.FullName);
        Assert.Equal(length, item.Length);
        Assert.Equal(target, item.LinkTarget);
        Assert.Equal(line, item.RawLine);
    }

    [Theory]
    [InlineData("20240131123456", "2024-01-31 12:34:56", FtpTimePrecision.Second)]
    [InlineData("20240131123456.7", "2024-01-31 12:34:56.7", FtpTimePrecision.Millisecond)]
    [InlineData("20240131123456.123456789", "2024-01-31 12:34:56.1234567", FtpTimePrecision.Millisecond)]
    [InlineData("20161231235960", "2017-01-01 00:00:00", FtpTimePrecision.Second)]
    [InlineData("99991231235960.9", "9999-12-31 23:59:59.9", FtpTimePrecision.Millisecond)]
    [InlineData("20240230123456", null, FtpTimePrecision.None)]
    [InlineData("2024013112345", null, FtpTimePrecision.None)]
    [InlineData("20240131123456.", null, FtpTimePrecision.None)]
    [InlineData("20240131123456x", null, FtpTimePrecision.None)]
    [InlineData("", null, FtpTimePrecision.None)]
    public void ReadsTimes(string modify, string? expected, FtpTimePrecision precision)
    {
        var item = Parse($"type=file;modify={modify}; a");
        Assert.Equal(expected is null ? null : DateTime.Parse(expected, CultureInfo.InvariantCulture), item.LastWriteTimeUtc);
        Assert.Equal(expected is null ? null : DateTimeKind.Utc, item.LastWriteTimeUtc?.Kind);
        Assert.Equal(precision, item.TimePrecision);
    }

    [Theory]
    [InlineData("type=file;perm=adfr; a", "adfr", null, null)]
    [InlineData("type=file;perm=adfr;unix.mode=0644; a", "-rw-r--r--", null, null)]
    [InlineData("type=dir;UNIX.mode=01777; a", "drwxrwxrwt", null, null)]
    [InlineData("type=dir;UNIX.mode=02770; a", "drwxrws---", null, null)]
    [InlineData("type=file;UNIX.mode=0104755; a", "-rwsr-xr-x", null, null)]
    [InlineData("type=file;UNIX.mode=7000; a", "---S--S--T", null, null)]
    [InlineData("type=OS.unix=symlink;UNIX.mode=0777; a", "lrwxrwxrwx", null, null)]
    [InlineData("type=dir;unix.mode=0o755;unix.uid=1;unix.gid=2; a", "drwxr-xr-x", "1", "2")]
    [InlineData("type=file;unix.mode=0o; a", null, null, null)]
    [InlineData("type=file;unix.mode=0o64o; a", null, null, null)]
    [InlineData("type=file;UNIX.mode=rw; a", null, null, null)]
    [InlineData("type=file;UNIX.mode=; a", null, null, null)]
    [InlineData("type=file;UNIX.mode=0648; a", null, null, null)]
    [InlineData("type=file;UNIX.mode=77777777; a", null, null, null)]
    [InlineData("type=file;perm=a;UNIX.mode=0; a", "----------", null, null)]
    [InlineData("type=file;uaaaamode=0644; a", null, null, null)]
    [InlineData("type=file;UNIX.owner=1; a", null, "1", null)]
    [InlineData("type=file;UNIX.groupname=g; a", null, null, "g")]
    [InlineData("type=file;UNIX.uid=1;UNIX.gid=2; a", null, "1", "2")]
    [InlineData("type=file;UNIX.group=2;UNIX.groupname=g;UNIX.owner=1;UNIX.ownername=o; a", null, "o", "g")]
    [InlineData("type=file;UNIX.ownername=o;UNIX.owner=1;UNIX.group=2; a", null, "o", "2")]
    public void ReadsRights(string line, string? permission, string? owner, string? group)
    {
        var item = Parse(line);
        Assert.Equal(permission, item.Permission);
        Assert.Equal(owner, item.Owner);
        Assert.Equal(group, item.Group);
    }

    [Theory]
    [InlineData("type=cdir;modify=20240131123456; .")]
    [InlineData("type=cdir; /dir")]
    [InlineData("type=pdir; /")]
    [InlineData("type=pdir; ..")]
    [InlineData("Type=PDIR; parent")]
    [InlineData("type=dir; .")]
    [InlineData("type=dir; ..")]
    public void DropsTheDirectoryItself(string line)
    {
        Assert.True(MlsxParser.TryParse(line, ListingTestData.Context(), out var item));
        Assert.Null(item);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("name")]
    [InlineData("type=file;")]
    [InlineData("type=file")]
    [InlineData("type")]
    [InlineData("type=OS.unix=slink:/a b")]
    [InlineData("type=file; ")]
    [InlineData("type=file;nothing; a")]
    [InlineData("=file; a")]
    [InlineData("type=file;size=5; ../a")]
    [InlineData("type=file;size=5; /dir/../a")]
    [InlineData("type=file;size=5; nul\0name")]
    [InlineData("-rw-r--r-- 1 u g 5 Jan 31 12:34 x=y; z")]
    public void RefusesWhatIsNoItem(string line) => Assert.False(MlsxParser.TryParse(line, ListingTestData.Context(), out _));

    // As ProFTPD and Pure-FTPd answered MLST; Pure-FTPd calls the root the parent directory.
    [Theory]
    [InlineData(" type=file;size=6; /dir/plain.txt", FtpItemType.File, "plain.txt", "/dir/plain.txt")]
    [InlineData(" type=file;size=6; plain.txt", FtpItemType.File, "plain.txt", "/dir/plain.txt")]
    [InlineData(" type=dir;sizd=4096; /dir/sub/", FtpItemType.Directory, "sub", "/dir/sub")]
    [InlineData(" type=file;size=6; /x/../plain.txt", FtpItemType.File, "plain.txt", "/dir/plain.txt")]
    [InlineData(" type=cdir;sizd=4096; /dir/sub", FtpItemType.Directory, "sub", "/dir/sub")]
    [InlineData(" type=pdir;sizd=4096;modify=20261123002950; /", FtpItemType.Directory, "/", "/")]
    public void TakesTheLastPartOfAPathWhereOneItemWasAskedFor(string line, FtpItemType itemType, string name, string fullName)
    {
        Assert.True(MlsxParser.TryParse(line, ListingTestData.Context(singleItem: true), out var item));
        Assert.Equal(itemType, item!.ItemType);
        Assert.Equal(name, item.Name);
        Assert.Equal(fullName, item.FullName);
    }

    private static FtpItem Parse(string line)
    {
        Assert.True(MlsxParser.TryParse(line, ListingTestData.Context(), out var item));
        return item!;
    }
}
