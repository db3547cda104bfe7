using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace FtpTools.Pipeline;

/// <summary>The locations that a session had, for <c>Set-FtpLocation -</c> and <c>+</c>, as Set-Location has them.</summary>
internal sealed class LocationHistory
{
    private const int Most = 20;
    private static readonly ConditionalWeakTable<FtpSession, LocationHistory> _histories = new();

    private readonly List<string> _back = [];
    private readonly List<string> _forward = [];

    private LocationHistory(string beginning) => Beginning = beginning;

    /// <summary>The history of a session.</summary>
    public static LocationHistory Of(FtpSession session) => _histories.GetValue(session, static one => new LocationHistory(one.Location));

    /// <summary>Where the session began.</summary>
    public string Beginning { get; }

    /// <summary>The location before this one; null when there is none.</summary>
    public string? Back => Last(_back);

    /// <summary>The location that was gone back from; null when there is none.</summary>
    public string? Forward => Last(_forward);

    /// <summary>Notes that a location was left for another one.</summary>
    public void Leave(string location)
    {
        Add(_back, location);
        _forward.Clear();
    }

    /// <summary>Notes that a location was left by a step back or forward.</summary>
    public void Step(bool isBack, string location)
    {
        var (from, to) = isBack ? (_back, _forward) : (_forward, _back);
        from.RemoveAt(from.Count - 1);
        Add(to, location);
    }

    private static string? Last(List<string> locations) => locations.Count > 0 ? locations[locations.Count - 1] : null;

    private static void Add(List<string> locations, string location)
    {
        locations.Add(location);
        if (locations.Count > Most)
            locations.RemoveAt(0);
    }
}
