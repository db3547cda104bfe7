using System;

namespace FtpTools.Listing;

/// <summary>What a line tells, on its way to an item.</summary>
internal struct ListingEntry
{
    /// <summary>What kind of thing it is.</summary>
    public FtpItemType ItemType;

    /// <summary>The size; of a file alone.</summary>
    public long? Length;

    /// <summary>Whether the size is in blocks or records.</summary>
    public bool IsLengthRough;

    /// <summary>The time.</summary>
    public ListingTime Time;

    /// <summary>The time, where the line has a whole one that knows its zone.</summary>
    public DateTime? Utc;

    /// <summary>The permissions.</summary>
    public string? Permission;

    /// <summary>The owner.</summary>
    public string? Owner;

    /// <summary>Where a link leads.</summary>
    public string? LinkTarget;

    /// <summary>Where the name begins.</summary>
    public int NameStart;

    /// <summary>Where the name ends.</summary>
    public int NameEnd;

    /// <summary>Reads a date, and the time of day that follows it.</summary>
    public bool TryTime(ListingFields fields, int date, int timeOfDay, ListingContext context) =>
        context.Memory.TryDate(fields.Line, fields.Start(date), fields.End(date), ref Time)
        && Time.TryTimeOfDay(fields.Line, fields.Start(timeOfDay), fields.End(timeOfDay));

    /// <summary>Takes the rest of a line for the name. The slash that marks a directory is none of it, as the end of a path is none.</summary>
    public bool TryTakeRest(string line, int start, ListingContext context, out FtpItem? item)
    {
        (NameStart, NameEnd) = (start, line.Length);
        return TryMake(line, context, out item);
    }

    /// <summary>The item. False when its name cannot be one; true without an item for the directory itself and its parent.</summary>
    public readonly bool TryMake(string line, ListingContext context, out FtpItem? item)
    {
        item = null;
        if (!context.TryTakeName(line, NameStart, NameEnd, out var name, out var fullName))
            return false;
        if (name is not null)
            item = Make(line, name, fullName, context);
        return true;
    }

    /// <summary>The item of a name that was taken.</summary>
    public readonly FtpItem Make(string line, string name, string fullName, ListingContext context)
    {
        var isTold = Time.TryGet(context.UtcNow, out var told);
        var utc = Utc ?? (isTold ? told : (DateTime?)null);
        return new FtpItem
        {
            Name = name,
            FullName = fullName,
            ItemType = ItemType,
            Length = ItemType == FtpItemType.File ? Length : null,
            IsLengthRough = IsLengthRough,
            LastWriteTimeUtc = utc,
            TimePrecision = utc is null ? FtpTimePrecision.None : Utc is null ? Time.Precision : FtpTimePrecision.Second,
            IsTimeOfServer = Utc is null,
            Permission = Permission,
            Owner = Owner,
            LinkTarget = LinkTarget,
            RawLine = line,
        };
    }
}
