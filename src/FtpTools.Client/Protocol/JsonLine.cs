using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace FtpTools.Protocol;

/// <summary>
/// One object of JSON on one line (RFC 8259), as a file of JSON lines has it: texts, numbers and truths by their names. It is
/// read here and not by the framework, whose reader for both targets takes an object for whole that has lost its last brace.
/// </summary>
internal static class JsonLine
{
    private const int MostDepth = 64;

    /// <summary>Reads an object.</summary>
    /// <param name="text">The line, without its end.</param>
    /// <returns>Its values: texts as they are, numbers and truths as they are written; without those that are null, and without lists and objects. Null when it is no whole object.</returns>
    public static Dictionary<string, string>? TryRead(string text)
    {
        var reader = new Reader(text);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        return reader.TryObject(values, 0) && reader.IsAtEnd ? values : null;
    }

    /// <summary>Writes an object.</summary>
    /// <param name="values">Texts and whole numbers by their names; null is left out.</param>
    public static string Write(params (string Name, object? Value)[] values)
    {
        var line = new StringBuilder("{");
        foreach (var (name, value) in values)
        {
            if (value is null)
                continue;
            if (line.Length > 1)
                line.Append(',');
            WriteText(line, name);
            line.Append(':');
            if (value is string text)
                WriteText(line, text);
            else
                line.Append(Convert.ToString(value, CultureInfo.InvariantCulture));
        }

        return line.Append('}').ToString();
    }

    private static void WriteText(StringBuilder line, string text)
    {
        line.Append('"');
        foreach (var c in text)
        {
            if (c is '"' or '\\')
                line.Append('\\').Append(c);
            // Half a pair is no character that UTF-8 could hold, and Windows has names with such. Of the others, these end lines to some readers.
            else if (c < ' ' || (char.IsSurrogate(c) && !IsWhole(text)) || c is '\x7F' or '\x85' or '\u2028' or '\u2029')
                line.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            else
                line.Append(c);
        }

        line.Append('"');
    }

    private static bool IsWhole(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsSurrogatePair(text, i))
                return false;
            i++;
        }

        return true;
    }

    private struct Reader(string text)
    {
        private int _at;

        public bool IsAtEnd
        {
            get
            {
                SkipSpace();
                return _at == text.Length;
            }
        }

        public bool TryObject(Dictionary<string, string>? values, int depth)
        {
            if (depth > MostDepth || !TryTake('{'))
                return false;
            if (TryTake('}'))
                return true;
            do
            {
                SkipSpace();
                if (!TryText(out var name) || !TryTake(':') || !TryValue(depth, out var value))
                    return false;
                if (value is not null && values is not null)
                    values[name] = value;
            }
            while (TryTake(','));
            return TryTake('}');
        }

        private bool TryList(int depth)
        {
            if (depth > MostDepth || !TryTake('['))
                return false;
            if (TryTake(']'))
                return true;
            do
            {
                if (!TryValue(depth, out _))
                    return false;
            }
            while (TryTake(','));
            return TryTake(']');
        }

        private bool TryValue(int depth, out string? value)
        {
            value = null;
            SkipSpace();
            if (_at == text.Length)
                return false;
            switch (text[_at])
            {
                case '{':
                    return TryObject(null, depth + 1);
                case '[':
                    return TryList(depth + 1);
                case '"':
                    var isText = TryText(out var read);
                    value = read;
                    return isText;
                default:
                    return TryWord(out value);
            }
        }

        // A number, true, false or null.
        private bool TryWord(out string? value)
        {
            var start = _at;
            while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] is '-' or '+' or '.'))
                _at++;
            var word = text.Substring(start, _at - start);
            value = word == "null" ? null : word;
            return word is "null" or "true" or "false" || double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
        }

        private bool TryText(out string value)
        {
            value = "";
            if (_at == text.Length || text[_at] != '"')
                return false;
            var start = ++_at;
            StringBuilder? built = null; // once something stands for another
            for (; _at < text.Length; _at++)
            {
                var c = text[_at];
                if (c == '"')
                {
                    value = built?.ToString() ?? text.Substring(start, _at - start);
                    _at++;
                    return true;
                }

                if (c < ' ')
                    return false;
                if (c != '\\')
                {
                    built?.Append(c);
                    continue;
                }

                built ??= new StringBuilder(text, start, _at - start, text.Length);
                if (!TryEscape(out var meant))
                    return false;
                built.Append(meant);
            }

            return false;
        }

        // Stands on the backslash, and then on the last character of what it begins.
        private bool TryEscape(out char meant)
        {
            meant = '\0';
            if (++_at == text.Length)
                return false;
            const string Letters = "\"\\/bfnrt", Meanings = "\"\\/\b\f\n\r\t";
            if (Letters.IndexOf(text[_at]) is var known && known >= 0)
            {
                meant = Meanings[known];
                return true;
            }

            if (text[_at] != 'u' || _at + 4 >= text.Length || !ushort.TryParse(text.Substring(_at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
                return false;
            meant = (char)code;
            _at += 4;
            return true;
        }

        private bool TryTake(char c)
        {
            SkipSpace();
            if (_at == text.Length || text[_at] != c)
                return false;
            _at++;
            return true;
        }

        private void SkipSpace()
        {
            while (_at < text.Length && text[_at] is ' ' or '\t' or '\r' or '\n')
                _at++;
        }
    }
}
