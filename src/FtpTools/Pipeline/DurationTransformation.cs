using System;
using System.Globalization;
using System.Management.Automation;

namespace FtpTools.Pipeline;

/// <summary>Accepts, where a span of time is asked for, a number of seconds, how long as <c>10m</c>, or a TimeSpan. PowerShell takes the number 60 for six microseconds, and the text "60" for two months.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Longer than anybody waits, and short enough to be reckoned with.</summary>
    private static readonly TimeSpan _longest = TimeSpan.FromDays(3660);

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is null)
            return value;
        TimeSpan? time = value is TimeSpan span ? span : Read((string)LanguagePrimitives.ConvertTo(inputData, typeof(string), CultureInfo.InvariantCulture));
        return time >= TimeSpan.Zero && time <= _longest ? time
            : throw new ArgumentTransformationMetadataException($"'{value}' isn't a valid length of time. Specify a number of seconds, such as 10, a number with a unit, such as 30s, 10m, 2h or 1d, a time such as 00:10:00, or a TimeSpan.");
    }

    // Null where it is none, which no comparison is true of.
    private static TimeSpan? Read(string given)
    {
        var text = given.Trim();
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
            return Of(seconds, 1);
        if (text.Length > 1 && double.TryParse(text.Substring(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            && PointInTimeTransformationAttribute.Unit(text[text.Length - 1]) is { } unit)
            return Of(count, unit.TotalSeconds);
        return text.IndexOf(':') > 0 && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time : null;
    }

    private static TimeSpan? Of(double count, double seconds) => count * seconds <= _longest.TotalSeconds ? TimeSpan.FromSeconds(count * seconds) : null;
}

/// <summary>Accepts, where a time to come is asked for, a time of day, which is the next one, or a date.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class UntilTransformationAttribute : ArgumentTransformationAttribute
{
    private const string Forms = "Specify a time of day such as 06:00, which means the next one, or a date such as '2026-01-31 18:00'.";

    private static readonly string[] _timesOfDay = ["h\\:mm", "hh\\:mm", "h\\:mm\\:ss", "hh\\:mm\\:ss"];

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        var time = value switch
        {
            null => (DateTime?)null,
            DateTime date => date,
            DateTimeOffset moment => moment.UtcDateTime,
            TimeSpan ofDay => Next(ofDay, value),
            string text when TimeSpan.TryParseExact(text.Trim(), _timesOfDay, CultureInfo.InvariantCulture, out var ofDay) => Next(ofDay, value),
            string text => PointInTimeTransformationAttribute.Date(text.Trim(), text, Forms),
            _ => throw new ArgumentTransformationMetadataException($"'{value}' isn't a valid time. {Forms}"),
        };
        return time?.ToUniversalTime() <= DateTime.UtcNow ? throw new ArgumentTransformationMetadataException($"'{value}' is in the past. {Forms}") : time;
    }

    /// <summary>When it is that time of day next.</summary>
    public static DateTime Next(TimeSpan ofDay)
    {
        var today = DateTime.SpecifyKind(DateTime.Today + ofDay, DateTimeKind.Local);
        return today.ToUniversalTime() > DateTime.UtcNow ? today : DateTime.SpecifyKind(DateTime.Today.AddDays(1) + ofDay, DateTimeKind.Local);
    }

    private static DateTime Next(TimeSpan ofDay, object value) => ofDay >= TimeSpan.Zero && ofDay < TimeSpan.FromDays(1)
        ? Next(ofDay)
        : throw new ArgumentTransformationMetadataException($"'{value}' isn't a valid time of day. {Forms}");
}
