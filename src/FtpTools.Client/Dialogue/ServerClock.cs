using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace FtpTools.Dialogue;

/// <summary>
/// What the server's clock shows where listings by LIST tell time: they do so in the server's own time zone, which they do not
/// name, while MDTM tells UTC (RFC 3659, 3). The difference is measured once a session, by MDTM of a file that was listed. Safe to use from several threads.
/// </summary>
/// <param name="zone">The server's time zone, where the user knows it; null to measure.</param>
internal sealed class ServerClock(TimeZoneInfo? zone)
{
    /// <summary>How many files are asked for their time: one may have been changed since it was listed.</summary>
    private const int Tries = 3;

    /// <summary>Offsets are multiples of a quarter of an hour, from -12 to +14 hours.</summary>
    private static readonly TimeSpan _quarter = TimeSpan.FromMinutes(15);

    private TimeSpan? _measured;

    /// <summary>How far the server's clock is ahead of UTC; null when it is not known.</summary>
    public TimeSpan? Offset => zone?.GetUtcOffset(DateTime.UtcNow) ?? _measured;

    /// <summary>True while it is not known and may be measured.</summary>
    public bool IsToBeMeasured { get; private set; } = zone is null;

    /// <summary>Measures, by the newest of the files that were listed with a time of day. Without any, it is to be measured yet.</summary>
    /// <param name="items">What a listing told, in the server's time.</param>
    /// <param name="ask">Asks for a file's time in UTC; null when the server does not tell.</param>
    public async Task MeasureAsync(IEnumerable<FtpItem> items, Func<string, Task<DateTime?>> ask)
    {
        var files = items
            .Where(item => item is { ItemType: FtpItemType.File, IsTimeOfServer: true, TimePrecision: >= FtpTimePrecision.Minute })
            .OrderByDescending(item => item.LastWriteTimeUtc).Take(Tries).ToList();
        foreach (var item in files)
        {
            if (await ask(item.FullName).ConfigureAwait(false) is { } utc && TryMeasure(item.LastWriteTimeUtc!.Value, utc, out var offset))
            {
                _measured = offset;
                break;
            }
        }

        IsToBeMeasured = files.Count == 0 && IsToBeMeasured;
    }

    /// <summary>Turns an item's time into UTC; where the zone is not known, its precision says so.</summary>
    public void Correct(FtpItem item)
    {
        if (!item.IsTimeOfServer || item.LastWriteTimeUtc is not { } time || item.TimePrecision == FtpTimePrecision.Day)
            return;
        if (zone is not null)
            item.CorrectTime(ToUtc(time, zone), item.TimePrecision);
        else if (_measured is { } offset)
            item.CorrectTime(Shift(time, offset), item.TimePrecision);
        else
            item.CorrectTime(time, FtpTimePrecision.ServerTime);
    }

    /// <summary>The offset that makes a listed time, which is cut to minutes, that of MDTM.</summary>
    public static bool TryMeasure(DateTime listed, DateTime utc, out TimeSpan offset)
    {
        var difference = (listed - utc).Ticks;
        var quarters = (long)Math.Round(difference / (double)_quarter.Ticks);
        offset = TimeSpan.FromTicks(quarters * _quarter.Ticks);
        return Math.Abs(difference - offset.Ticks) <= TimeSpan.FromMinutes(1.5).Ticks && offset >= TimeSpan.FromHours(-12) && offset <= TimeSpan.FromHours(14);
    }

    private static DateTime ToUtc(DateTime time, TimeZoneInfo zone)
    {
        var local = DateTime.SpecifyKind(time, DateTimeKind.Unspecified);
        // In the hour that summer time skips no clock shows anything; whoever says so means the hour after.
        return zone.IsInvalidTime(local) ? Shift(time, zone.BaseUtcOffset) : TimeZoneInfo.ConvertTimeToUtc(local, zone);
    }

    private static DateTime Shift(DateTime time, TimeSpan offset) =>
        time.Ticks - offset.Ticks is var ticks && ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks ? new DateTime(ticks, DateTimeKind.Utc) : time;
}
