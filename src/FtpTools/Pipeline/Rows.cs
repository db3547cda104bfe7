using System;
using System.Globalization;
using System.Management.Automation;

namespace FtpTools.Pipeline;

/// <summary>
/// Reads the properties of what was an object of this module before it was written to a file or sent from another process:
/// CLIXML, CSV and JSON give rows back, with numbers as text and enumerations as numbers.
/// </summary>
internal static class Rows
{
    /// <summary>Whether a value may be a row.</summary>
    public static bool Is(object? value) => value is PSObject { BaseObject: not string };

    /// <summary>A text; null where there is none, or an empty one.</summary>
    public static string? Text(PSObject row, string property) =>
        Raw(row, property) is string { Length: > 0 } text ? text : null;

    /// <summary>A value of a type; null where there is none, or one that cannot be it.</summary>
    public static T? Value<T>(PSObject row, string property) where T : struct
    {
        var raw = Raw(row, property);
        if (raw is null or "")
            return null;
        // To PowerShell every text is true that is not empty.
        if (raw is string text && bool.TryParse(text, out var truth))
            raw = truth;
        // Export-Csv writes times as the user's culture has them, and 01.04. is a day of January to the invariant one.
        var (first, second) = typeof(T) == typeof(DateTime) && !IsIso(raw) ? (CultureInfo.CurrentCulture, CultureInfo.InvariantCulture) : (CultureInfo.InvariantCulture, CultureInfo.CurrentCulture);
        return LanguagePrimitives.TryConvertTo<T>(raw, first, out var value) || LanguagePrimitives.TryConvertTo(raw, second, out value) ? value : null;
    }

    /// <summary>A time in UTC, which CSV does not say of it.</summary>
    public static DateTime? Utc(PSObject row, string property) => Value<DateTime>(row, property) switch
    {
        null => null,
        { Kind: DateTimeKind.Unspecified } time => DateTime.SpecifyKind(time, DateTimeKind.Utc),
        { } time => time.ToUniversalTime(),
    };

    /// <summary>A time in the local time zone.</summary>
    public static DateTime? Local(PSObject row, string property) => Value<DateTime>(row, property) switch
    {
        null => null,
        { Kind: DateTimeKind.Unspecified } time => DateTime.SpecifyKind(time, DateTimeKind.Local),
        { } time => time.ToLocalTime(),
    };

    /// <summary>A length of time: of JSON, an object that tells its ticks.</summary>
    public static TimeSpan? Span(PSObject row, string property) =>
        Value<TimeSpan>(row, property) ?? (row.Properties[property]?.Value is PSObject span && Value<long>(span, "Ticks") is { } ticks ? TimeSpan.FromTicks(ticks) : null);

    // 2026-03-01T12:00:00Z: a culture with a calendar of its own would take the year for one of that.
    private static bool IsIso(object raw) => raw is string { Length: > 10 } text && text[10] == 'T';

    private static object? Raw(PSObject row, string property) => row.Properties[property]?.Value is PSObject wrapped ? wrapped.BaseObject : row.Properties[property]?.Value;
}
