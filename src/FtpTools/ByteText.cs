using System.Globalization;

namespace FtpTools;

/// <summary>Numbers of bytes as people read them.</summary>
public static class ByteText
{
    private static readonly string[] _units = ["B", "KB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>The number with three digits or so and a unit: <c>512 B</c>, <c>1.5 KB</c>, <c>64 MB</c>. A KB is 1024 bytes, as in PowerShell.</summary>
    /// <param name="bytes">The number of bytes, 0 or more.</param>
    public static string Of(double bytes)
    {
        var unit = 0;
        while (bytes >= 999.5 && unit < _units.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }
        return bytes.ToString(unit > 0 && bytes < 9.95 ? "0.0" : "0", CultureInfo.CurrentCulture) + " " + _units[unit];
    }
}
