using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Reflection;
using System.Text;
using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

/// <summary>
/// Lines of all dialects, damaged at random: no parser fails, no line is lost without being counted, no name leads elsewhere.
/// FTPTOOLS_LINES says how many lines.
/// </summary>
public sealed class ListingFuzzTests
{
    private static readonly string[] _lines = Lines();

    // What has a meaning in one dialect or another.
    private static readonly string[] _parts =
    [
        " ", "  ", "\t", ";", ";1", "=", "/", "-", ":", ",", ".", "..", "+", "*", "[", "]", "(", ")", "<DIR>", "\"", "\0", "%", "é", "月", "\uDC94", "->", " -> ", "0", "9", "24:00",
        "99999999999999999999", "Jan", "31", "2024", "12:34", "PM", "total", "type=", "unique=", "*MEM", "PO", "JOB00001", "/../", "\r",
    ];

    private static long Count => long.TryParse(Environment.GetEnvironmentVariable("FTPTOOLS_LINES"), out var count) ? count : 100_000;

    [Theory]
    [InlineData("list")]
    [InlineData("mlsd")]
    public void NoDamagedLineIsLostOrMakesAParserFail(string kind)
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var format = kind == "mlsd" ? ListingFormat.Mlsx : ListingFormat.List;
        var memory = new ListingMemory();
        for (long done = 0; done < Count; done += 50)
        {
            var lines = Enumerable.Range(0, 50).Select(_ => Damage(random)).ToArray();
            var text = string.Join("\n", lines);
            try
            {
                Check(format, memory, text);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}, after {done} lines: {text.Replace("\0", "\\0", StringComparison.Ordinal)}", e);
            }
        }
    }

    /// <summary>Lines that are as long as may be and hold nothing but what a parser searches for.</summary>
    [Fact]
    public void ALongLineTakesNoTimeThatGrowsWithItsSquare()
    {
        string[] heads =
        [
            "", " ", "lrwxrwxrwx 1 u g 5 Jan 31 12:34 a", "-rw-r--r-- ", "d [RWCE] ", "NAME.TXT;1 ", "NAME.TXT;1  1/3  31-JAN-2024 12:34 ", "Directory ", "+", "+r,\t", "type=OS.unix=slink:", "type=file;unique=1;",
            "01-31-24  12:34PM  <SYMLINK> a", "01-31-24 12:34", "0100644 1 1 1 1 ", "5 Jan 31, 2024 12:34 ", "-C--E-----FTP A B ", "OWNER *MEM ", "Volume ", "NAME 1 2 ", "A B F ", "-rw-r--r-- 1 u g 5 Jan 31 12:34 /",
        ];
        string[] parts = [" -> ", " ", "1", "1 ", ";1 ", ";", "\t", "[ ", "(", "a=b;", "1,", "- ", "/", "/./", "x ", "Jan 1 ", "1 1 ", "unique=1;", "日", "\uDC94", "<DIR> ", "1月"];
        foreach (var head in heads)
        {
            foreach (var part in parts)
            {
                // About a millisecond, on a machine that has other work to do too; with the square it takes many hundreds.
                var times = Enumerable.Range(0, 50).Select(_ => TimeToRead(head, part, 60_000).TotalMilliseconds);
                Assert.True(times.Any(time => time < 100), $"'{head}' and then '{part}' takes more than 100 ms");
            }
        }
    }

    private static TimeSpan TimeToRead(string head, string part, int length)
    {
        var line = head + string.Concat(Enumerable.Repeat(part, (length - head.Length) / Encoding.UTF8.GetByteCount(part)));
        var bytes = Encoding.UTF8.GetBytes(line + "\n");
        var time = TimeSpan.Zero;
        foreach (var format in new[] { ListingFormat.List, ListingFormat.Mlsx })
        {
            var reader = ListingTestData.Reader(format, _ => { });
            var watch = Stopwatch.StartNew();
            reader.Feed(bytes, bytes.Length);
            reader.Complete();
            time += watch.Elapsed;
        }
        return time;
    }

    private static void Check(ListingFormat format, ListingMemory memory, string text)
    {
        var items = new List<FtpItem>();
        var reader = new ListingReader(format, new ListingContext("/dir", ListingTestData.Now) { Memory = memory }, Encoding.UTF8, items.Add);
        var bytes = Encoding.UTF8.GetBytes(text);
        reader.Feed(bytes, bytes.Length);
        reader.Complete();
        Assert.Equal(items.Count, reader.ItemCount);
        Assert.Equal(reader.LineCount, reader.ItemCount + reader.UnparsedCount + reader.FillerCount);
        foreach (var item in items)
        {
            Assert.StartsWith("/dir/", item.FullName, StringComparison.Ordinal);
            Assert.DoesNotContain("/../", item.FullName + "/", StringComparison.Ordinal);
            Assert.NotEmpty(item.Name);
            Assert.False(item.Name is "." or ".." || item.Name.Contains('\0') || (item.Name.Contains('/') && !item.RawLine.Contains("*MEM", StringComparison.OrdinalIgnoreCase)), item.RawLine);
            // On z/OS a level of names is called with a point behind it, and a whole name in quotes.
            Assert.True(item.FullName.EndsWith(item.Name, StringComparison.Ordinal) || new[] { "/{0}.", "/'{0}'", "/'{0}.'" }.Any(form => item.FullName.EndsWith(form.Replace("{0}", item.Name, StringComparison.Ordinal), StringComparison.Ordinal)), item.RawLine);
            Assert.True(item.Length is null or >= 0, item.RawLine);
            Assert.Equal(item.LastWriteTimeUtc is null, item.TimePrecision == FtpTimePrecision.None);
        }
    }

    private static string Damage(Random random)
    {
        var line = _lines[random.Next(_lines.Length)];
        for (var times = random.Next(4); times > 0; times--)
        {
            var at = random.Next(line.Length + 1);
            var to = Math.Min(line.Length, at + random.Next(1, 8));
            line = random.Next(5) switch
            {
                0 => line[..at] + line[to..],
                1 => line[..at] + _parts[random.Next(_parts.Length)] + line[at..],
                2 => line[..at] + _parts[random.Next(_parts.Length)] + line[to..],
                3 => line[..to] + line[at..],
                _ => line[..at] + Splice(random),
            };
        }
        return line;
    }

    private static string Splice(Random random)
    {
        var other = _lines[random.Next(_lines.Length)];
        return other[random.Next(other.Length + 1)..];
    }

    // All lines that the tests of the dialects read.
    private static string[] Lines() =>
        typeof(ListingFuzzTests).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(ListingFuzzTests).Namespace)
            .SelectMany(type => type.GetMethods())
            .Where(method => method.Name == nameof(EplfParserTests.ReadsLines))
            .SelectMany(method => method.GetCustomAttributesData())
            .Where(data => data.AttributeType == typeof(InlineDataAttribute))
            .Select(data => (IReadOnlyList<CustomAttributeTypedArgument>)data.ConstructorArguments[0].Value!)
            .SelectMany(row => ((string)row[0].Value!).Split('\n'))
            .ToArray();
}
