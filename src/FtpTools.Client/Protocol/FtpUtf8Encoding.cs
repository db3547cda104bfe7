using System.Text;

namespace FtpTools.Protocol;

/// <summary>
/// UTF-8 that loses nothing: a byte that is not part of valid UTF-8 becomes a lone surrogate U+DC80 to U+DCFF and is
/// that byte again when encoded. A name in a legacy encoding can thus be listed, received and deleted although its
/// characters cannot be told (RFC 2640 asks for UTF-8, but servers on old file systems pass on what they find).
/// </summary>
internal sealed class FtpUtf8Encoding : Encoding
{
    private const int Escape = 0xDC00;

    // Half of a surrogate pair is no character (RFC 3629, 3), and must not be replaced by one.
    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The one instance; it has no state.</summary>
    public static readonly FtpUtf8Encoding Instance = new();

    private FtpUtf8Encoding()
    {
    }

    /// <summary>The name by which it is known elsewhere, too.</summary>
    /// <summary>Whether a byte order mark stands somewhere in bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="index">Where it would begin.</param>
    /// <param name="end">Where the bytes end.</param>
    public static bool IsMarkAt(byte[] bytes, int index, int end) => index + 2 < end && bytes[index] == 0xEF && bytes[index + 1] == 0xBB && bytes[index + 2] == 0xBF;

    public override string WebName => UTF8.WebName;

    /// <summary>True when <paramref name="text"/> holds a byte that was not UTF-8, so that it is no name for a local file.</summary>
    public static bool HasEscapes(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (IsEscape(text[i]))
                return true;
        }

        return false;
    }

    public override string GetString(byte[] bytes, int index, int count)
    {
        var text = UTF8.GetString(bytes, index, count);
        return text.IndexOf('\uFFFD') < 0 ? text : base.GetString(bytes, index, count);
    }

    public override int GetMaxByteCount(int charCount) => checked((charCount + 1) * 3);

    public override int GetMaxCharCount(int byteCount) => byteCount;

    public override int GetCharCount(byte[] bytes, int index, int count)
    {
        var chars = 0;
        for (var i = 0; i < count;)
        {
            var length = SequenceLength(bytes, index + i, count - i);
            chars += length == 4 ? 2 : 1;
            i += length == 0 ? 1 : length;
        }

        return chars;
    }

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        var start = charIndex;
        for (var i = 0; i < byteCount;)
        {
            var length = SequenceLength(bytes, byteIndex + i, byteCount - i);
            if (length == 0)
            {
                chars[charIndex++] = (char)(Escape + bytes[byteIndex + i]);
                i++;
            }
            else
            {
                charIndex += UTF8.GetChars(bytes, byteIndex + i, length, chars, charIndex);
                i += length;
            }
        }

        return charIndex - start;
    }

    public override int GetByteCount(char[] chars, int index, int count)
    {
        var bytes = 0;
        for (var i = 0; i < count;)
        {
            var length = CharLength(chars, index + i, count - i);
            bytes += length == 1 && IsEscape(chars[index + i]) ? 1 : _strict.GetByteCount(chars, index + i, length);
            i += length;
        }

        return bytes;
    }

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex)
    {
        var start = byteIndex;
        for (var i = 0; i < charCount;)
        {
            var length = CharLength(chars, charIndex + i, charCount - i);
            if (length == 1 && IsEscape(chars[charIndex + i]))
                bytes[byteIndex++] = (byte)(chars[charIndex + i] - Escape);
            else
                byteIndex += _strict.GetBytes(chars, charIndex + i, length, bytes, byteIndex);
            i += length;
        }

        return byteIndex - start;
    }

    private static bool IsEscape(char c) => c is >= '\uDC80' and <= '\uDCFF';

    private static int CharLength(char[] chars, int index, int count) =>
        count > 1 && char.IsHighSurrogate(chars[index]) && char.IsLowSurrogate(chars[index + 1]) ? 2 : 1;

    /// <summary>The length of the valid sequence that begins here; 0 when there is none (RFC 3629, 4).</summary>
    private static int SequenceLength(byte[] bytes, int index, int count)
    {
        var first = bytes[index];
        if (first < 0x80)
            return 1;
        var length = first switch { >= 0xC2 and <= 0xDF => 2, >= 0xE0 and <= 0xEF => 3, >= 0xF0 and <= 0xF4 => 4, _ => 0 };
        if (length == 0 || length > count)
            return 0;
        var (low, high) = first switch
        {
            0xE0 => (0xA0, 0xBF), // else overlong
            0xED => (0x80, 0x9F), // else a surrogate
            0xF0 => (0x90, 0xBF), // else overlong
            0xF4 => (0x80, 0x8F), // else above U+10FFFF
            _ => (0x80, 0xBF),
        };
        if (bytes[index + 1] < low || bytes[index + 1] > high)
            return 0;
        for (var i = 2; i < length; i++)
        {
            if (bytes[index + i] is < 0x80 or > 0xBF)
                return 0;
        }

        return length;
    }
}
