using System;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using FtpTools.Protocol;

namespace FtpTools.Transfer;

/// <summary>
/// The name of a file that is not complete yet, on either side: hidden by its dot, short whatever the target's name, and
/// telling whose it is. It says by two hashes which target it is for and which state of the source it holds a part of, so
/// that it can be gone on with later, by another process, and never with another content. The rest is random, for two
/// transfers to one target must not write into one file. Where the user chooses the name, it says the target alone.
/// </summary>
internal sealed class PartName
{
    private const string Prefix = ".ftptools-";
    private const string Suffix = ".part";
    private const int HashLength = 12;
    private const string HoleySuffix = ".segments";
    private const char Dot = '.';
    private const string ShortPrefix = "ft";
    private const string ShortSuffix = ".tmp";
    private const string ShortFormerSuffix = ".old";
    private const int ShortLength = 6;
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const string FormerSuffix = "-former";
    private readonly string _target;
    private readonly string _source;
    private readonly string? _pattern;
    private readonly string? _chosen;

    /// <summary>The parts of one transfer.</summary>
    /// <param name="targetName">The target's name, without its directory.</param>
    /// <param name="sourceLength">The source's length in bytes; null when it is not known, and then nothing can be resumed.</param>
    /// <param name="sourceTime">The time of the source's last change; null when it is not known.</param>
    /// <param name="pattern">The names that the user wants (<see cref="TemporaryName"/>); null for none.</param>
    public PartName(string targetName, long? sourceLength, DateTime? sourceTime, string? pattern = null)
    {
        _pattern = pattern;
        _chosen = pattern is null ? null : TemporaryName.Of(pattern, targetName);
        _target = Hash(targetName);
        _source = sourceLength is null ? "" : Hash(string.Format(CultureInfo.InvariantCulture, "{0} {1:yyyyMMddHHmmss}", sourceLength, sourceTime));
        CanResume = sourceLength is not null;
    }

    /// <summary>What a listing of parts is to match, of whatever target.</summary>
    public const string Pattern = Prefix + "*";

    /// <summary>True when a part that is found can be told to be of this source.</summary>
    public bool CanResume { get; }

    /// <summary>True when the user has chosen the name, so that it does not tell which state of the source it holds a part of.</summary>
    public bool IsChosen => _chosen is not null;

    /// <summary>A new name.</summary>
    /// <param name="form">What the server takes.</param>
    public string New(PartForm form = PartForm.Hidden) => _chosen ?? (form == PartForm.Short
        ? ShortPrefix + Short(Guid.NewGuid().ToByteArray()) + ShortSuffix
        : Beginning(form) + _target + "-" + _source + "-" + Guid.NewGuid().ToString("N").Substring(0, HashLength) + Suffix);

    /// <summary>Which form a name has.</summary>
    public static PartForm FormOf(string name) => name[0] == Dot ? PartForm.Hidden : name.StartsWith(Prefix.TrimStart(Dot), StringComparison.Ordinal) ? PartForm.Plain : PartForm.Short;

    /// <summary>
    /// What a former file is called while the new one takes its name. It is the same each time, so that the next transfer to
    /// the target finds what one that broke off has left, and is no part's name, for parts may be removed by anyone.
    /// </summary>
    /// <param name="form">What the server takes.</param>
    public string Former(PartForm form) => _pattern is null
        ? form == PartForm.Short ? ShortPrefix + Short(Encoding.UTF8.GetBytes(_target)) + ShortFormerSuffix : Beginning(form) + _target + FormerSuffix
        // What takes files by their names is to leave it, too.
        : TemporaryName.Of(_pattern, Prefix.TrimStart(Dot) + _target + FormerSuffix);

    /// <summary>Whether a name is that of a former file of the target, set aside.</summary>
    public bool IsFormer(string name) => name == Former(PartForm.Hidden) || name == Former(PartForm.Plain) || name == Former(PartForm.Short);

    /// <summary>
    /// What a part is called as long as it may have holes, for it is written at several places at once. Nobody takes that
    /// name for a part's, so that what a killed process leaves is never gone on with.
    /// </summary>
    /// <param name="part">The part's own name, with or without its directory.</param>
    public static string Holey(string part) => part.Substring(0, part.Length - Suffix.Length) + HoleySuffix;

    /// <summary>Whether a name is one that transfers of this project give: a part's, or that of a former file that was set aside.</summary>
    public static bool IsAny(string name)
    {
        var words = name.Split('-');
        return words.Length is 3 or 4 && (words[0] + "-" == Prefix || Dot + words[0] + "-" == Prefix) && IsHash(words[1])
            && (words.Length == 3 ? "-" + words[2] == FormerSuffix : words[3].EndsWith(Suffix, StringComparison.Ordinal) || words[3].EndsWith(HoleySuffix, StringComparison.Ordinal));
    }

    /// <summary>Whether a name is that of a part for the same target, of whatever source.</summary>
    public bool IsForTarget(string name) => IsForTarget(name, Suffix);

    /// <summary>Whether a name is that of a part for the same target that has holes: somebody is writing it, or was killed and has left it.</summary>
    public bool IsHoleyForTarget(string name) => IsForTarget(name, HoleySuffix);

    /// <summary>Whether a name is that of a part that this transfer can go on with.</summary>
    public bool IsOfSource(string name) => CanResume && IsForTarget(name) && (IsChosen || name.Split('-')[2] == _source);

    private bool IsForTarget(string name, string suffix)
    {
        if (IsChosen)
            return name == _chosen;
        // What is not exactly as New makes it may be another's, and parts are removed.
        var words = name.Split('-');
        return words.Length == 4 && (words[0] + "-" == Prefix || Dot + words[0] + "-" == Prefix) && words[1] == _target && (words[2].Length == 0 || IsHash(words[2]))
            && words[3].EndsWith(suffix, StringComparison.Ordinal) && IsHash(words[3].Substring(0, words[3].Length - suffix.Length));
    }

    private static string Beginning(PartForm form) => form == PartForm.Hidden ? Prefix : Prefix.TrimStart(Dot);

    private static string Short(byte[] bytes)
    {
        var number = BitConverter.ToUInt64(bytes, 0);
        var letters = new char[ShortLength];
        for (var i = 0; i < ShortLength; i++, number /= (ulong)Digits.Length)
            letters[i] = Digits[(int)(number % (ulong)Digits.Length)];
        return new string(letters);
    }

    private static bool IsHash(string word) => word.Length == HashLength && word.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));

    private static string Hash(string text)
    {
        using var sha = SHA256.Create();
        return BitConverter.ToString(sha.ComputeHash(Encoding.UTF8.GetBytes(text)), 0, HashLength / 2).Replace("-", "").ToLowerInvariant();
    }
}
