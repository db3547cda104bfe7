using System;
using System.Globalization;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

namespace FtpTools.Pipeline;

/// <summary>Accepts a session's name or id where a session is asked for.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SessionTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (inputData is object[] several)
            return Array.ConvertAll(several, one => Transform(engineIntrinsics, one));
        if (PipelineItem.IsSessionRow(inputData))
            throw new ArgumentTransformationMetadataException(PipelineItem.SessionRow);
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is not (string or int))
            return inputData;
        var text = Convert.ToString(value, CultureInfo.InvariantCulture)!;
        return SessionRegistry.Here.Find(text) ?? throw new ArgumentTransformationMetadataException(
            $"There is no open FTP session with the name or ID '{text}' in this runspace. To list the open sessions, run Get-FtpSession.");
    }
}

/// <summary>Accepts <c>50000-50100</c> and a single port where a range is asked for.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PortRangeTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is not (string or int))
            return inputData;
        try
        {
            return FtpPortRange.Parse(Convert.ToString(value, CultureInfo.InvariantCulture)!);
        }
        catch (FormatException e)
        {
            throw new ArgumentTransformationMetadataException(e.Message, e);
        }
    }
}

/// <summary>Brings a certificate's fingerprint into its one form, however a tool wrote it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ThumbprintTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is not string text || text.Length == 0)
            return inputData;
        try
        {
            return FtpSecurity.ParseThumbprint(text);
        }
        catch (FormatException e)
        {
            throw new ArgumentTransformationMetadataException(e.Message, e);
        }
    }
}

/// <summary>Accepts a time zone's name, or an offset from UTC, where a time zone is asked for.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TimeZoneTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly string[] _offsets = ["h\\:mm", "hh\\:mm", "hhmm", "hh", "%h"];

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        switch (value)
        {
            case TimeSpan offset:
                return OfOffset(offset, value);
            case int or long or double or decimal:
                return OfOffset(TimeSpan.FromHours(Convert.ToDouble(value, CultureInfo.InvariantCulture)), value);
            case string text:
                return TryOffset(text.Trim(), out var read) ? OfOffset(read, value) : OfName(text.Trim());
            default:
                return inputData;
        }
    }

    /// <summary>Reads <c>+02:00</c>, <c>-5</c>, <c>UTC+1</c> and their like.</summary>
    private static bool TryOffset(string text, out TimeSpan offset)
    {
        offset = default;
        if (text.StartsWith("UTC", StringComparison.OrdinalIgnoreCase) || text.StartsWith("GMT", StringComparison.OrdinalIgnoreCase))
            text = text.Length == 3 ? "0" : text.Substring(3).Trim();
        var isNegative = text.StartsWith("-", StringComparison.Ordinal);
        if (!TimeSpan.TryParseExact(text.TrimStart('+', '-'), _offsets, CultureInfo.InvariantCulture, out offset))
            return false;
        offset = isNegative ? -offset : offset;
        return true;
    }

    private static TimeZoneInfo OfOffset(TimeSpan offset, object value)
    {
        // Of a time zone the framework knows whole minutes, and 14 hours at most.
        if (offset.Duration() > TimeSpan.FromHours(14) || offset.Ticks % TimeSpan.TicksPerMinute != 0)
            throw new ArgumentTransformationMetadataException($"'{value}' isn't a valid offset from UTC. Specify an offset from -14:00 to +14:00, such as +02:00.");
        var name = $"UTC{(offset < TimeSpan.Zero ? "-" : "+")}{offset.ToString("hh\\:mm", CultureInfo.InvariantCulture)}";
        return TimeZoneInfo.CreateCustomTimeZone(name, offset, name, name);
    }

    private static TimeZoneInfo OfName(string name)
    {
        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById(name);
        }
        catch (Exception e) when (e is TimeZoneNotFoundException or InvalidTimeZoneException or System.Security.SecurityException)
        {
            throw new ArgumentTransformationMetadataException($"'{name}' isn't a time zone of this system. Specify a name that Get-TimeZone -ListAvailable shows, or an offset from UTC such as +02:00.", e);
        }
    }
}

/// <summary>Reads an address, of which PowerShell's own error would show the password.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AddressTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is not string text)
            return inputData;
        return Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out var address) ? address : throw new ArgumentTransformationMetadataException(
            "The value isn't a valid address. (It isn't shown, because it may contain a password.) In user names and passwords, write # / ? @ : and % as %23 %2F %3F %40 %3A and %25, or use -Credential and -ProxyCredential, which accept them unchanged.");
    }
}

/// <summary>Takes what is no result of a transfer too, with the reason why it is not counted: PowerShell's own error would leave no trace in the sum.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ResultTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly ConditionalWeakTable<FtpTransferResult, string> _refused = new();

    /// <summary>Why a result is not counted; null when it is one.</summary>
    public static string? Refused(FtpTransferResult result) => _refused.TryGetValue(result, out var why) ? why : null;

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => PipelineItem.Replace(inputData, static one =>
    {
        var value = one is PSObject wrapped ? wrapped.BaseObject : one;
        if (value is null or FtpTransferResult || (one is PSObject row && Rows.Is(row) && FtpTransferResultConverter.Of(row) is not null))
            return one;
        var refused = new FtpTransferResult { Direction = FtpTransferDirection.Upload, Source = "", Destination = "" };
        // A row that was read back from a file has no text.
        _refused.Add(refused, $"{(value is PSCustomObject ? "An object without the properties of a result" : $"'{value}'")} isn't the result of a transfer and wasn't counted. Pipe the output of Send-FtpItem and Receive-FtpItem.");
        return refused;
    });
}

/// <summary>Accepts sizes in words, as <c>'1.5 KB'</c>, of which PowerShell itself reads those without a space or quotes alone.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SizeTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly Regex _form = new(@"^\s*(?<number>\d+(\.\d+)?)\s*(?<unit>[KMGTP]?)(i?B)?\s*$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is not string text)
            return inputData;
        var read = _form.Match(text);
        var power = read.Success ? " KMGTP".IndexOf(char.ToUpperInvariant((read.Groups["unit"].Value + " ")[0])) : -1;
        if (power < 0 || !decimal.TryParse(read.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || number > long.MaxValue >> (10 * power))
            throw new ArgumentTransformationMetadataException($"'{text}' isn't a valid size. Specify a number of bytes, or a number with a unit, such as 10MB or '1.5 KB'. 1 KB is 1024 bytes.");
        return (long)Math.Ceiling(number * (1L << (10 * power)));
    }
}

/// <summary>Refuses a pattern of temporary names that makes none, before anything is done.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TemporaryNameTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        try
        {
            return value is string text ? new FtpTransferOptions { TemporaryName = text }.TemporaryName : inputData;
        }
        catch (FtpException e)
        {
            throw new ArgumentTransformationMetadataException(e.Message, e);
        }
    }
}

/// <summary>Accepts an encoding's name or code page where an encoding is asked for.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal class EncodingTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        try
        {
            return Read(value) is { } encoding ? Check(encoding) : inputData;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new ArgumentTransformationMetadataException(
                $"'{value}' isn't an encoding of this system. Specify a name such as utf-8 or windows-1252, or a code page such as 1252.", e);
        }
    }

    private protected virtual Encoding? Read(object? value) => value switch
    {
        "utf8" or "utf8NoBOM" => Encoding.UTF8, // as PowerShell spells it
        int codePage => Encoding.GetEncoding(codePage),
        string text when int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var codePage) => Encoding.GetEncoding(codePage),
        string name => Encoding.GetEncoding(name),
        _ => value as Encoding,
    };

    private protected virtual Encoding Check(Encoding encoding) =>
        // Commands are ASCII (RFC 959, 5.3); with UTF-16 not even USER would arrive.
        encoding.GetByteCount("A") != 1 || encoding.GetBytes("A")[0] != (byte)'A'
            ? throw new ArgumentTransformationMetadataException($"The encoding {encoding.WebName} can't be used on an FTP control connection, because it encodes ASCII characters differently.")
            : encoding;
}

/// <summary>Accepts the names that PowerShell has for encodings of files, and all others.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TextEncodingTransformationAttribute : EncodingTransformationAttribute
{
    private protected override Encoding? Read(object? value) => (value as string)?.ToUpperInvariant() switch
    {
        "UTF8" or "UTF8NOBOM" or "UTF-8" => new UTF8Encoding(false),
        "UTF8BOM" => new UTF8Encoding(true),
        "UNICODE" => new UnicodeEncoding(false, true),
        "BIGENDIANUNICODE" => new UnicodeEncoding(true, true),
        "UTF32" => new UTF32Encoding(false, true),
        "BIGENDIANUTF32" => new UTF32Encoding(true, true),
        "ASCII" => Encoding.ASCII,
        "ANSI" => Encoding.GetEncoding(CultureInfo.CurrentCulture.TextInfo.ANSICodePage),
        "OEM" => Encoding.GetEncoding(CultureInfo.CurrentCulture.TextInfo.OEMCodePage),
        _ => base.Read(value),
    };

    private protected override Encoding Check(Encoding encoding) => encoding;
}
