using System;
using System.Globalization;
using System.Management.Automation;
using System.Text;

namespace FtpTools.Pipeline;

/// <summary>Accepts a session's name or id where a session is asked for.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SessionTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (inputData is object[] several)
            return Array.ConvertAll(several, one => Transform(engineIntrinsics, one));
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is not (string or int))
            return inputData;
        var text = Convert.ToString(value, CultureInfo.InvariantCulture)!;
        return SessionRegistry.Here.Find(text) ?? throw new ArgumentTransformationMetadataException(
            $"There is no open FTP session with the name or id '{text}' in this runspace. Get-FtpSession lists those there are.");
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
internal sealed class EncodingTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        try
        {
            var encoding = value switch
            {
                "utf8" or "utf8NoBOM" => Encoding.UTF8, // as PowerShell spells it
                int codePage => Encoding.GetEncoding(codePage),
                string text when int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var codePage) => Encoding.GetEncoding(codePage),
                string name => Encoding.GetEncoding(name),
                _ => value as Encoding,
            };
            if (encoding is null)
                return inputData;
            // Commands are ASCII (RFC 959, 5.3); with UTF-16 not even USER would arrive.
            if (encoding.GetByteCount("A") != 1 || encoding.GetBytes("A")[0] != (byte)'A')
                throw new ArgumentTransformationMetadataException($"The encoding {encoding.WebName} cannot be used on an FTP control connection, for it writes ASCII in another way.");
            return encoding;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new ArgumentTransformationMetadataException(
                $"'{value}' is not an encoding of this system. Give a name as utf-8 or windows-1252, or a code page as 1252.", e);
        }
    }
}
