using System;
using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace FtpTools.Pipeline;

/// <summary>
/// The path of a file that was received, where a local path is asked for and a result was given. PowerShell would make a string
/// of it, in which brackets were wildcards, and take the result's own Destination, which is that file, for the place to send to.
/// </summary>
internal static class ResultPath
{
    private static readonly ConditionalWeakTable<string, object> _paths = new();

    /// <summary>Whether a string was made of a result, so that no character of it is a wildcard.</summary>
    public static bool Is(string path) => _paths.TryGetValue(path, out _);

    /// <summary>A value with such paths in place of the results in it.</summary>
    public static object? Replace(object? value) => PipelineItem.Replace(value, static one => Of(one) ?? one);

    private static string? Of(object? value)
    {
        var result = (value is PSObject wrapped ? wrapped.BaseObject : value) as FtpTransferResult
            ?? (value is PSObject { BaseObject: PSCustomObject } row ? FtpTransferResultConverter.Of(row) : null);
        if (result is null)
            return null;
        // A string of its own, so that the same text from elsewhere is not taken for it.
        var path = new string(result.ToString().ToCharArray());
        _paths.Add(path, result);
        return path;
    }
}

/// <summary>Accepts results of transfers where local paths are asked for.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ResultPathTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => ResultPath.Replace(inputData);
}
