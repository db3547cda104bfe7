using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.Serialization.Json;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace FtpTools;

/// <summary>
/// JSON as a tree that can be changed and written again with all that nobody here knows of. Windows PowerShell's .NET has no
/// JSON of its own but this one, which is told as XML.
/// </summary>
internal static class JsonText
{
    private const string TypeName = "type";
    private const string ItemName = "item";

    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a text.</summary>
    /// <exception cref="FormatException">It is not JSON.</exception>
    public static XElement Read(byte[] content)
    {
        try
        {
            var text = _utf8.GetBytes(_utf8.GetString(content).TrimStart('\uFEFF'));
            using var reader = JsonReaderWriterFactory.CreateJsonReader(text, XmlDictionaryReaderQuotas.Max);
            return XElement.Load(reader, LoadOptions.PreserveWhitespace);
        }
        catch (Exception e) when (e is XmlException or DecoderFallbackException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new FormatException(e.Message, e);
        }
    }

    /// <summary>Writes a tree, indented.</summary>
    public static byte[] Write(XElement tree)
    {
        using var content = new MemoryStream();
        using (var writer = JsonReaderWriterFactory.CreateJsonWriter(content, _utf8, ownsStream: false, indent: true, indentChars: "  "))
            Write(writer, tree, "root", null);
        content.WriteByte((byte)'\n');
        // It is an old custom that a slash is escaped, for pages of HTML, which this is not in.
        return _utf8.GetBytes(Unescaped(_utf8.GetString(content.ToArray())));
    }

    /// <summary>A member of an object; null when there is none.</summary>
    public static XElement? Member(XElement parent, string name) => parent.Elements().FirstOrDefault(element => Name(element) == name);

    /// <summary>The name of a member.</summary>
    public static string Name(XElement member) => (string?)member.Attribute(ItemName) ?? member.Name.LocalName;

    /// <summary>Whether it is of a type: object, array, string, number, boolean or null.</summary>
    public static bool Is(XElement element, string type) => Type(element) == type;

    /// <summary>A text, a whole number or a truth; null for all else.</summary>
    public static object? Value(XElement element) => Type(element) switch
    {
        "string" => element.Value,
        "boolean" => element.Value == "true",
        "number" => int.TryParse(element.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null,
        _ => null,
    };

    /// <summary>A member, of a name that is fit for XML too.</summary>
    public static XElement Create(string name, object value) => value switch
    {
        bool truth => new XElement(name, new XAttribute(TypeName, "boolean"), truth ? "true" : "false"),
        int number => new XElement(name, new XAttribute(TypeName, "number"), number.ToString(CultureInfo.InvariantCulture)),
        _ => new XElement(name, new XAttribute(TypeName, "string"), (string)value),
    };

    /// <summary>An object or an array without members.</summary>
    public static XElement CreateEmpty(string name, string type) => new(name, new XAttribute(TypeName, type));

    private static string Type(XElement element) => (string?)element.Attribute(TypeName) ?? "string";

    private static void Write(XmlDictionaryWriter writer, XElement element, string name, string? oddName)
    {
        if (oddName is null)
        {
            writer.WriteStartElement(name);
        }
        else
        {
            writer.WriteStartElement("a", ItemName, ItemName);
            writer.WriteAttributeString(ItemName, oddName);
        }
        var type = Type(element);
        writer.WriteAttributeString(TypeName, type);
        if (type is "object" or "array")
        {
            foreach (var member in element.Elements())
                Write(writer, member, type == "array" ? ItemName : member.Name.LocalName, type == "array" ? null : (string?)member.Attribute(ItemName));
        }
        else if (type != "null")
        {
            writer.WriteString(element.Value);
        }
        writer.WriteEndElement();
    }

    private static string Unescaped(string json)
    {
        var text = new StringBuilder(json.Length);
        for (var i = 0; i < json.Length; i++)
        {
            // A backslash that is escaped itself is passed over with the one before it.
            if (json[i] == '\\' && i + 1 < json.Length)
            {
                if (json[++i] != '/')
                    text.Append('\\');
            }
            text.Append(json[i]);
        }
        return text.ToString();
    }
}
