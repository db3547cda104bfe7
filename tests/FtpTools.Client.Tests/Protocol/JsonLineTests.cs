using System.Linq;
using System.Text.Json;
using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

/// <summary>JSON lines: what is written is JSON to the framework too, comes back as it was, and a beginning of it is none.</summary>
public sealed class JsonLineTests
{
    private static readonly string[] _texts =
    [
        "", "a", "/in/a b.txt", "C:\\x\\\"y\"", "\u00F1\u65E5\u672C", "\U0001F600", "\n\r\t\b\f\0\u001B\u007F\u0085\u2028\u2029", "{\"a\":1}", "}", "\\", "\\u0041",
        // A byte that was no UTF-8, as remote names have them, beside a whole pair.
        "\uDC80\U0001F600", "\uD800",
    ];

    public static TheoryData<string> Texts => new(_texts);

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_text_comes_back_as_it_was(string text)
    {
        var line = JsonLine.Write(("x", text), (text, 7L), ("none", null));
        Assert.DoesNotContain(line, char.IsControl);
        var read = JsonLine.TryRead(line)!;
        Assert.Equal(text, read["x"]);
        Assert.Equal("7", read[text]);
        Assert.Equal(text == "x" ? 1 : 2, read.Count);
        using var document = JsonDocument.Parse(line);
        if (!text.Any(char.IsSurrogate))
            Assert.Equal(text, document.RootElement.GetProperty("x").GetString());
    }

    [Theory]
    [InlineData("{}", "")]
    [InlineData(""" { "a" : 1 , "b":-2.5e3, "c":true,"d":null, "e":{"a":[1,{"b":[]}]},"f":[] } """, "a=1 b=-2.5e3 c=true")]
    [InlineData("""{"a":"\u0041\/\b\f\n\r\t\"\\"}""", "a=A/\b\f\n\r\t\"\\")]
    [InlineData("""{"a":1,"a":2}""", "a=2")]
    [InlineData("""{"a":1e+5,"b":0,"c":false,"d":null,"e":""}""", "a=1e+5 b=0 c=false e=")]
    [InlineData("\n{\t\"a\"\r:\n[\t]\r,\n\"b\":\t2\r\n}\t\r", "b=2")]
    [InlineData("""{"a":[{},[[]],"x",null,1],"b":{"c":{}}}""", "")]
    public void What_others_write_is_read(string line, string values) =>
        Assert.Equal(values, string.Join(' ', JsonLine.TryRead(line)!.Select(pair => $"{pair.Key}={pair.Value}")));

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}x")]
    [InlineData("{}{}")]
    [InlineData("""{"a":1,}""")]
    [InlineData("""{,"a":1}""")]
    [InlineData("""{"a" 1}""")]
    [InlineData("""{"a":}""")]
    [InlineData("""{"a":x}""")]
    [InlineData("""{"a":truE}""")]
    [InlineData("""{"a":"\x"}""")]
    [InlineData("""{"a":"\u00g1"}""")]
    [InlineData("""{"a":[1,]}""")]
    [InlineData("""{"a":[1}""")]
    [InlineData("{\"a\":\"\u0001\"}")]
    [InlineData("{'a':1}")]
    [InlineData("""{a:1}""")]
    [InlineData("""{"a":1.2.3}""")]
    [InlineData("""{"a":-}""")]
    [InlineData("""{"a":1 2}""")]
    [InlineData("""{"a":"\u004"}""")]
    [InlineData("""{"a":[1 2]}""")]
    [InlineData("""{"a":[x]}""")]
    [InlineData("""{"a":{1}}""")]
    [InlineData("""{"a":["x}""")]
    [InlineData("""{"a":[x}""")]
    [InlineData("""{:1}""")]
    [InlineData("{\"a\":\"x\n}")]
    [InlineData("""{"a":"\}""")]
    [InlineData("\0\0\0")]
    public void What_is_no_whole_object_is_none(string line) => Assert.Null(JsonLine.TryRead(line));

    /// <summary>Control characters and half pairs are written by their numbers, all else as it is.</summary>
    [Theory]
    [InlineData(" ~", " ~")]
    [InlineData("a\"b\\", "a\\\"b\\\\")]
    [InlineData("\u001F\u007F\u0080\u0084\u0085\u0086", "\\u001f\\u007f\u0080\u0084\\u0085\u0086")]
    [InlineData("\u2027\u2028\u2029\u202A", "\u2027\\u2028\\u2029\u202A")]
    [InlineData("a\U0001F600b\U0001F600", "a\U0001F600b\U0001F600")]
    public void A_text_is_written_so(string text, string written) => Assert.Equal($"{{\"a\":\"{written}\"}}", JsonLine.Write(("a", text)));

    [Fact]
    public void Half_a_pair_is_written_by_its_number()
    {
        Assert.Equal("""{"a":"\ud83d\ude00\udc80"}""", JsonLine.Write(("a", "\U0001F600\uDC80")));
        Assert.Equal("""{"a":"x\ud800y"}""", JsonLine.Write(("a", "x\uD800y")));
    }

    [Fact]
    public void No_beginning_of_an_object_is_one()
    {
        foreach (var text in _texts)
        {
            var line = JsonLine.Write(("state", "Taken"), ("remote", text), ("length", 12345L));
            Assert.All(Enumerable.Range(0, line.Length), length => Assert.Null(JsonLine.TryRead(line[..length])));
        }

        const string Nested = """{"a":{"b":[1,{"c":2}]},"d":"e"}""";
        Assert.All(Enumerable.Range(0, Nested.Length), length => Assert.Null(JsonLine.TryRead(Nested[..length])));
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Nesting_has_a_bound(int depth, bool isRead)
    {
        var lists = $$"""{"a":{{new string('[', depth)}}{{new string(']', depth)}}}""";
        var objects = string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "{}" + new string('}', depth);
        Assert.Equal(isRead, JsonLine.TryRead(lists) is not null);
        Assert.Equal(isRead, JsonLine.TryRead(objects) is not null);
    }

    [Fact]
    public void What_is_nested_without_an_end_is_refused()
    {
        Assert.Null(JsonLine.TryRead(string.Concat(Enumerable.Repeat("{\"a\":", 100_000))));
        Assert.Null(JsonLine.TryRead("{\"a\":" + new string('[', 100_000)));
    }
}
