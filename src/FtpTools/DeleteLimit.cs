using System;
using System.Globalization;

namespace FtpTools;

/// <summary>How much may be deleted: a number of files and directories, or a part of those there are.</summary>
public sealed class DeleteLimit
{
    /// <summary>Reads a limit.</summary>
    /// <param name="text">A number, 0 or more; or per cent, 0 to 100, with <c>%</c> behind.</param>
    /// <exception cref="FormatException">It is neither.</exception>
    public DeleteLimit(string text)
    {
        IsPercent = text.TrimEnd().EndsWith("%", StringComparison.Ordinal);
        if (!int.TryParse(text.Trim().TrimEnd('%').TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) || (IsPercent && value > 100))
            throw new FormatException($"'{text}' isn't a valid limit for deletions. Specify a number, such as 20, or a percentage of the files and directories, such as 10%.");
        Value = value;
    }

    /// <summary>The number, or the per cent.</summary>
    public int Value { get; }

    /// <summary>Whether it is per cent.</summary>
    public bool IsPercent { get; }

    /// <summary>As it is written.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture) + (IsPercent ? "%" : "");
}
