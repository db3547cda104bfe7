using System;
using System.Globalization;
using System.Linq;
using System.Management.Automation;

namespace FtpTools.Pipeline;

/// <summary>Accepts, where a time is asked for, a date in the forms of PowerShell and of the user's culture, and how long ago it was.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PointInTimeTransformationAttribute : ArgumentTransformationAttribute
{
    private const string Forms = "Specify a date such as 2026-01-31 or '2026-01-31 18:00', Today, Yesterday, an age such as 30d, 12h, 90m, 45s or 2w, or a TimeSpan.";

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        switch (value)
        {
            case null or DateTime:
                return value;
            case DateTimeOffset moment:
                return moment.UtcDateTime;
            case TimeSpan age:
                return Ago(age, value);
            default:
                // PowerShell reads 30d as a number and 45s as another one, and keeps what was typed beside it.
                return Read((string)LanguagePrimitives.ConvertTo(inputData, typeof(string), CultureInfo.InvariantCulture));
        }
    }

    private static DateTime Read(string given)
    {
        var text = given.Trim();
        if (text.Equals("Today", StringComparison.OrdinalIgnoreCase))
            return DateTime.Today;
        if (text.Equals("Yesterday", StringComparison.OrdinalIgnoreCase))
            return DateTime.Today.AddDays(-1);
        if (text.Length > 1 && int.TryParse(text.Substring(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && Unit(text[text.Length - 1]) is { } unit)
            return Ago(TimeSpan.FromSeconds(Math.Min(count * unit.TotalSeconds, TimeSpan.MaxValue.TotalSeconds / 2)), given);
        // With days in it, the text of a TimeSpan is no time of day.
        return TimeSpan.TryParseExact(text, [@"d\.h\:m", @"d\.h\:m\:s"], CultureInfo.InvariantCulture, out var age) ? Ago(age, given) : Date(text, given, Forms);
    }

    /// <summary>The unit of time that a letter stands for; null when it stands for none.</summary>
    internal static TimeSpan? Unit(char letter) => char.ToLowerInvariant(letter) switch
    {
        's' => TimeSpan.FromSeconds(1),
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        'w' => TimeSpan.FromDays(7),
        _ => null,
    };

    private static DateTime Ago(TimeSpan age, object given)
    {
        var now = DateTime.UtcNow;
        return age >= TimeSpan.Zero && age < now - DateTime.MinValue
            ? now - age
            : throw new ArgumentTransformationMetadataException($"'{given}' isn't a time in the past. {Forms}");
    }

    /// <summary>Reads a date in the forms of PowerShell and of the user's culture, unless they disagree on it.</summary>
    /// <param name="text">The date.</param>
    /// <param name="given">What was given, for the error.</param>
    /// <param name="forms">What to give, for the error.</param>
    internal static DateTime Date(string text, string given, string forms)
    {
        var read = new[] { CultureInfo.InvariantCulture, CultureInfo.CurrentCulture }
            .Select(culture => DateTime.TryParse(text, culture, DateTimeStyles.None, out var date) ? date : (DateTime?)null)
            .Where(date => date is not null).Distinct().ToArray();
        return read.Length switch
        {
            1 => read[0]!.Value,
            0 => throw new ArgumentTransformationMetadataException($"'{given}' isn't a valid time. {forms}"),
            // 01/02/2026 is in January to PowerShell, and in February to most of the world.
            _ => throw new ArgumentTransformationMetadataException(
                string.Format(CultureInfo.InvariantCulture, "'{0}' can be {1:yyyy-MM-dd} or {2:yyyy-MM-dd}. Specify one of these.", given, read[0], read[1])),
        };
    }
}
