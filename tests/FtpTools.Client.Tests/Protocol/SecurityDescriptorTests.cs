using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

/// <summary>Who may write to a file, by descriptors as Windows gives them.</summary>
public sealed class SecurityDescriptorTests
{
    private const string Anna = "S-1-5-21-1004336348-1177238915-682003330-1001";
    private const string Bert = "S-1-5-21-1004336348-1177238915-682003330-1002";
    private const string System = "S-1-5-18";
    private const string Administrators = "S-1-5-32-544";
    private const string Users = "S-1-5-32-545";
    private const string Everyone = "S-1-1-0";

    /// <summary>Entries as type:flags:mask:who in hexadecimal figures, whose owner is Anna.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("0:10:1F01FF:" + System + " 0:10:1F01FF:" + Administrators + " 0:10:1F01FF:" + Anna, "")] // a file of the user's profile
    [InlineData("0:10:1F01FF:" + System + " 0:10:1200A9:" + Users + " 0:0:120089:" + Everyone, "")] // read, and read and execute
    [InlineData("0:10:1301BF:S-1-5-11 0:10:1200A9:" + Users, "S-1-5-11")] // Authenticated Users may modify: a folder below C:\
    [InlineData("0:0:2:" + Users, Users)]
    [InlineData("0:0:4:" + Users, Users)]
    [InlineData("0:0:40000:" + Users, Users)]
    [InlineData("0:0:80000:" + Users, Users)]
    [InlineData("0:0:10000000:" + Users, Users)]
    [InlineData("0:0:40000000:" + Everyone, Everyone)]
    [InlineData("9:0:2:" + Bert, Bert)]
    [InlineData("1:0:1F01FF:" + Bert + " 0:0:1F01FF:" + Anna, "")] // denied
    [InlineData("0:8:1F01FF:" + Bert, "")] // for what is made below alone
    [InlineData("0:0:1F01FF:S-1-3-4 0:0:1F01FF:S-1-3-0", "")]
    [InlineData("0:0:1F01FF:S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464", "")]
    [InlineData("0:0:1F01FF:" + Bert + " 0:0:1F01FF:" + Everyone, Bert + " " + Everyone)]
    public void Who_beside_the_owner_may_write(string entries, string writers) =>
        Assert.Equal(writers.Split(' ', StringSplitOptions.RemoveEmptyEntries), SecurityDescriptor.OtherWriters(Descriptor(Anna, entries), Anna));

    [Fact]
    public void The_account_that_asks_is_no_other_and_neither_is_another_that_owns_it()
    {
        // As an administrator makes it.
        Assert.Empty(SecurityDescriptor.OtherWriters(Descriptor(Administrators, $"0:10:1F01FF:{Anna}"), Anna));
        Assert.Empty(SecurityDescriptor.OtherWriters(Descriptor(Bert, $"0:10:1F01FF:{Bert}"), Anna));
        Assert.Equal([Bert], SecurityDescriptor.OtherWriters(Descriptor(Administrators, $"0:10:1F01FF:{Bert}"), Anna));
        Assert.Equal([Bert], SecurityDescriptor.OtherWriters(Descriptor(null, $"0:0:2:{Bert} 0:0:2:{Anna}"), Anna));
    }

    [Fact]
    public void Without_a_list_everyone_may_write()
    {
        var descriptor = Descriptor(Anna, "");
        descriptor[2] = 0;
        Assert.Equal([Everyone], SecurityDescriptor.OtherWriters(descriptor, Anna));
        descriptor = Descriptor(Anna, "");
        BitConverter.GetBytes(0).CopyTo(descriptor, 16);
        Assert.Equal([Everyone], SecurityDescriptor.OtherWriters(descriptor, Anna));
    }

    [Theory]
    [InlineData(Anna)]
    [InlineData(Everyone)]
    [InlineData("S-1-1099511627775-4294967295")]
    public void An_identifier_is_written_as_Windows_does(string sid) => Assert.Equal("..." + sid, "..." + SecurityDescriptor.Sid([0, 0, 0, .. Sid(sid)], 3));

    private static byte[] Descriptor(string? owner, string entries)
    {
        var sid = owner is null ? [] : Sid(owner);
        byte[][] list = [.. entries.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Entry)];
        var size = 8 + list.Sum(entry => entry.Length);
        return
        [
            1, 0, .. BitConverter.GetBytes((ushort)0x8004), .. BitConverter.GetBytes(owner is null ? 0 : 20), .. new byte[8], .. BitConverter.GetBytes(20 + sid.Length), .. sid,
            2, 0, .. BitConverter.GetBytes((ushort)size), .. BitConverter.GetBytes((ushort)list.Length), 0, 0, .. list.SelectMany(entry => entry),
        ];
    }

    private static byte[] Entry(string entry)
    {
        var parts = entry.Split(':');
        var sid = Sid(parts[3]);
        return [Convert.ToByte(parts[0], 16), Convert.ToByte(parts[1], 16), .. BitConverter.GetBytes((ushort)(8 + sid.Length)), .. BitConverter.GetBytes(Convert.ToUInt32(parts[2], 16)), .. sid];
    }

    private static byte[] Sid(string text)
    {
        var parts = text.Split('-').Skip(1).Select(part => long.Parse(part, CultureInfo.InvariantCulture)).ToList();
        IEnumerable<byte> authority = BitConverter.GetBytes(parts[1]).Take(6).Reverse();
        return [(byte)parts[0], (byte)(parts.Count - 2), .. authority, .. parts.Skip(2).SelectMany(part => BitConverter.GetBytes((uint)part))];
    }
}
