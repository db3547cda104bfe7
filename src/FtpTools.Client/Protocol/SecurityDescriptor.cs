using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace FtpTools.Protocol;

/// <summary>Who may write to a file of Windows, as its self-relative security descriptor tells (MS-DTYP, 2.4).</summary>
internal static class SecurityDescriptor
{
    /// <summary>Everyone.</summary>
    public const string Everyone = "S-1-1-0";

    // To write, to add to, to change the access list or the owner, all, and to write in general.
    private const uint Writing = 0x2 | 0x4 | 0x40000 | 0x80000 | 0x10000000 | 0x40000000;

    // Who may do everything on a computer anyway (SYSTEM, Administrators, TrustedInstaller), and the owner by its other names.
    private static readonly string[] _trusted =
        ["S-1-5-18", "S-1-5-32-544", "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464", "S-1-3-0", "S-1-3-4"];

    /// <summary>Who may write to it beside its owner and those who may do everything, as the list allows it; what it denies is not counted.</summary>
    /// <param name="descriptor">The descriptor, with owner and access list.</param>
    /// <param name="account">The account that asks.</param>
    public static IReadOnlyList<string> OtherWriters(byte[] descriptor, string account)
    {
        const int HasList = 0x4;
        const int ListHeader = 8;
        var ownerAt = BitConverter.ToInt32(descriptor, 4);
        var owner = ownerAt == 0 ? account : Sid(descriptor, ownerAt);
        var list = BitConverter.ToInt32(descriptor, 16);
        // Without a list, nobody is kept out.
        if ((BitConverter.ToUInt16(descriptor, 2) & HasList) == 0 || list == 0)
            return [Everyone];
        var writers = new List<string>();
        var entry = list + ListHeader;
        for (var count = BitConverter.ToUInt16(descriptor, list + 4); count > 0; count--)
        {
            if (Writer(descriptor, entry) is { } writer && writer != owner && writer != account && Array.IndexOf(_trusted, writer) < 0)
                writers.Add(writer);
            entry += BitConverter.ToUInt16(descriptor, entry + 2);
        }
        return writers;
    }

    /// <summary>A security identifier as a text.</summary>
    public static string Sid(byte[] bytes, int at)
    {
        long authority = 0;
        for (var i = 2; i < 8; i++)
            authority = (authority << 8) | bytes[at + i];
        var text = new StringBuilder("S-").Append(bytes[at]).Append('-').Append(authority);
        for (var i = 0; i < bytes[at + 1]; i++)
            text.Append('-').Append(BitConverter.ToUInt32(bytes, at + 8 + 4 * i).ToString(CultureInfo.InvariantCulture));
        return text.ToString();
    }

    /// <summary>Whom an entry allows to write; null where it does not.</summary>
    private static string? Writer(byte[] descriptor, int entry)
    {
        const byte Allowed = 0, AllowedCallback = 9, ForChildrenAlone = 0x8;
        return descriptor[entry] is Allowed or AllowedCallback && (descriptor[entry + 1] & ForChildrenAlone) == 0 && (BitConverter.ToUInt32(descriptor, entry + 4) & Writing) != 0
            ? Sid(descriptor, entry + 8)
            : null;
    }
}
