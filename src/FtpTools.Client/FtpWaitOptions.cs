using System;
using FtpTools.Protocol;

namespace FtpTools;

/// <summary>When files are whole, how many are waited for, and how long.</summary>
public sealed record FtpWaitOptions
{
    private static readonly TimeSpan _defaultStable = TimeSpan.FromSeconds(5);

    /// <summary>For how long size and time must not have changed; by default 5 seconds, and no time where a <see cref="Marker"/> tells.</summary>
    public TimeSpan? Stable { get; init; }

    /// <summary>How long ago the last change must have been, by the time that the server tells of the file.</summary>
    public TimeSpan MinimumAge { get; init; }

    /// <summary>
    /// The name of a file beside, which says that a file is whole; a <c>*</c> stands for the file's own name, with or without
    /// its extension. Null for none.
    /// </summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>: it is no such name.</exception>
    public string? Marker
    {
        get;
        init => field = value is null || MarkerName.WhyNot(value) is not { } reason ? value
            : throw new FtpException(FtpErrorKind.InvalidName, $"'{value}' isn't a valid name for a marker, because {reason}. Specify a name such as all.done, or *.done, in which * stands for the name of the file.");
    }

    /// <summary>The pattern of the paths that files get before they are given out, so that nobody else takes them; null to leave them.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>: it is no such pattern.</exception>
    public string? Claim
    {
        get;
        init => field = value is null || ClaimName.WhyNot(value) is not { } reason ? value
            : throw new FtpException(FtpErrorKind.InvalidName, $"'{value}' isn't a valid name for claimed files, because {reason}. Specify a name such as *.claimed, or a path such as work/*, which is relative to the directory of the file.");
    }

    /// <summary>How many files must be whole; null for one at each path at least.</summary>
    public int? Count { get; init; }

    /// <summary>How long to wait between two looks.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait in all; null for no end.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Until when to wait, in UTC; null for no end.</summary>
    public DateTime? Until { get; init => field = value?.ToUniversalTime(); }

    /// <summary>For how long a file must not have changed.</summary>
    internal TimeSpan StableTime => Stable ?? (Marker is null ? _defaultStable : TimeSpan.Zero);
}
