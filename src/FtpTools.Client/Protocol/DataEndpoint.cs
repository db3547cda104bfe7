using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FtpTools.Protocol;

/// <summary>The addresses of data connections as FTP writes them: the 227 and 229 replies, the PORT and EPRT arguments.</summary>
internal static class DataEndpoint
{
    /// <summary>
    /// Reads a 227 reply. RFC 959 fixes no form, so six numbers with commas between them are looked for, as RFC 1123,
    /// 4.1.2.6 asks: some servers leave the parentheses out, some put spaces in.
    /// </summary>
    public static bool TryParsePasv(string text, out IPEndPoint endpoint)
    {
        var numbers = new int[6];
        for (var start = 0; start < text.Length; start++)
        {
            if (!char.IsDigit(text[start]) || (start > 0 && char.IsDigit(text[start - 1])))
                continue;
            if (TryReadNumbers(text, start, numbers) && (numbers[4] | numbers[5]) != 0)
            {
                var address = new IPAddress([(byte)numbers[0], (byte)numbers[1], (byte)numbers[2], (byte)numbers[3]]);
                endpoint = new IPEndPoint(address, (numbers[4] << 8) | numbers[5]);
                return true;
            }
        }

        endpoint = null!;
        return false;
    }

    /// <summary>Reads a 229 reply: <c>(|||port|)</c> with any delimiter (RFC 2428, 3).</summary>
    public static bool TryParseEpsv(string text, out int port)
    {
        port = 0;
        for (var open = 0; open + 2 < text.Length; open++)
        {
            var delimiter = text[open];
            if (delimiter is < (char)33 or > (char)126 || text[open + 1] != delimiter || text[open + 2] != delimiter)
                continue;
            var close = text.IndexOf(delimiter, open + 3);
            if (close == -1 || !ushort.TryParse(text.Substring(open + 3, close - open - 3), NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value == 0)
                continue;
            port = value;
            return true;
        }

        return false;
    }

    /// <summary>The argument of PORT: <c>h1,h2,h3,h4,p1,p2</c>. IPv4 alone.</summary>
    public static string FormatPort(IPEndPoint endpoint)
    {
        var bytes = endpoint.Address.GetAddressBytes();
        return string.Format(
            CultureInfo.InvariantCulture, "{0},{1},{2},{3},{4},{5}", bytes[0], bytes[1], bytes[2], bytes[3], endpoint.Port / 256, endpoint.Port % 256);
    }

    /// <summary>The argument of EPRT: <c>|1|address|port|</c>, 2 for IPv6 (RFC 2428, 2).</summary>
    public static string FormatEprt(IPEndPoint endpoint)
    {
        // Without a scope (fe80::1%3), which means something on this machine alone.
        var address = new IPAddress(endpoint.Address.GetAddressBytes());
        return string.Format(CultureInfo.InvariantCulture, "|{0}|{1}|{2}|", address.AddressFamily == AddressFamily.InterNetworkV6 ? 2 : 1, address, endpoint.Port);
    }

    private static bool TryReadNumbers(string text, int i, int[] numbers)
    {
        for (var n = 0; n < numbers.Length; n++)
        {
            while (i < text.Length && text[i] == ' ')
                i++;
            var first = i;
            var value = 0;
            for (; i < text.Length && char.IsDigit(text[i]) && i - first < 3; i++)
                value = (value * 10) + text[i] - '0';
            if (i == first || value > 255)
                return false;
            numbers[n] = value;
            while (i < text.Length && text[i] == ' ')
                i++;
            if (n < numbers.Length - 1 && (i >= text.Length || text[i++] != ','))
                return false;
        }

        return i >= text.Length || !char.IsDigit(text[i]);
    }
}
