using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using System.Xml.Linq;
using FtpTools.Pipeline;

namespace FtpTools;

/// <summary>
/// A file of profiles: an object with a Version and an array of Profiles. It is replaced as a whole, keeps what a later version or
/// somebody else has added, and is never written where it could not be read.
/// </summary>
internal sealed class FtpProfileStore
{
    private const int KnownVersion = 1;
    private const string Version = "Version";
    private const string Profiles = "Profiles";
    private const int MostNames = 10;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private FtpProfileStore(string path) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The file that a user names, or the user's own.</summary>
    /// <param name="cmdlet">The cmdlet that was told of it.</param>
    /// <param name="path">The path; null for the user's own.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>: it is on no file system.</exception>
    public static FtpProfileStore Of(PSCmdlet cmdlet, string? path) => new(path is null ? OwnPath() : LocalPaths.Resolve(cmdlet, path));

    /// <summary>The user's own, where completion asks, or the one at an absolute path.</summary>
    public static FtpProfileStore At(string? path) => new(path ?? OwnPath());

    /// <summary>All profiles, by name.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>: the file is not one of profiles, or of a later version.</exception>
    public IReadOnlyList<FtpProfile> Read() =>
        FtpPrivateFile.Read(Path) is { } content ? [.. Entries(Parse(content)).Select(Profile).OrderBy(profile => profile.Name, StringComparer.OrdinalIgnoreCase)] : [];

    /// <summary>The profile of a name.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.PathNotFound"/>: there is none.</exception>
    public FtpProfile Find(string name) => Match(name, Read()) ?? throw Missing(name, Read());

    /// <summary>Adds a profile, or replaces one.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="replaces">Whether one of the same name is replaced.</param>
    /// <param name="cancellationToken">Ends the waiting for other processes.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.AlreadyExists"/>: there is one.</exception>
    public Task AddAsync(FtpProfile profile, bool replaces, CancellationToken cancellationToken) => ChangeAsync(tree =>
    {
        var entry = Entries(tree).FirstOrDefault(one => IsOf(one, profile.Name));
        if (entry is not null && !replaces)
            throw profile.Failure(FtpErrorKind.AlreadyExists, "already exists and was left unchanged. To replace it, use -Force.");
        if (entry is null)
            JsonText.Member(tree, Profiles)!.Add(entry = JsonText.CreateEmpty("item", "object"));
        // What is known is replaced; the rest is somebody else's.
        entry.Elements().Where(member => JsonText.Name(member) == nameof(FtpProfile.Name) || FtpProfile.SettingNames.Contains(JsonText.Name(member), StringComparer.Ordinal)).Remove();
        entry.AddFirst(FtpProfile.SettingNames.Where(profile.Settings.ContainsKey).Select(name => JsonText.Create(name, profile.Settings[name])));
        entry.AddFirst(JsonText.Create(nameof(FtpProfile.Name), profile.Name));
    }, cancellationToken);

    /// <summary>Removes a profile.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.PathNotFound"/>: there is none.</exception>
    public Task RemoveAsync(string name, CancellationToken cancellationToken) => ChangeAsync(tree =>
    {
        var entry = Entries(tree).FirstOrDefault(one => IsOf(one, name)) ?? throw Missing(name, [.. Entries(tree).Select(Profile)]);
        entry.Remove();
    }, cancellationToken);

    /// <summary>The error for want of a profile.</summary>
    public FtpException Missing(string name, IReadOnlyList<FtpProfile> profiles)
    {
        var names = string.Join(", ", profiles.Take(MostNames).Select(profile => $"'{profile.Name}'"));
        var more = profiles.Count > MostNames ? $" and {profiles.Count - MostNames} more" : "";
        return new FtpException(FtpErrorKind.PathNotFound, $"There is no profile '{name}' in '{Path}'. {(names.Length > 0 ? $"Its profiles are: {names}{more}." : "It contains no profiles.")} To create a profile, use Register-FtpProfile.");
    }

    private static FtpProfile? Match(string name, IReadOnlyList<FtpProfile> profiles) =>
        profiles.FirstOrDefault(profile => profile.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static string OwnPath()
    {
        var folder = Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return folder.Length > 0 ? System.IO.Path.Combine(folder, "FtpTools", "profiles.json") : throw new FtpException(
            FtpErrorKind.LocalFileError, "This account has no folder for application settings; for example, HOME isn't set. Specify a file with -ProfilePath.");
    }

    private Task ChangeAsync(Action<XElement> change, CancellationToken cancellationToken) => FtpPrivateFile.ChangeAsync(Path, content =>
    {
        var tree = content is null ? New() : Parse(content);
        change(tree);
        return JsonText.Write(tree);
    }, _patience, cancellationToken);

    private static XElement New() => new("root", new XAttribute("type", "object"), JsonText.Create(Version, KnownVersion), JsonText.CreateEmpty(Profiles, "array"));

    private XElement Parse(byte[] content)
    {
        XElement tree;
        try
        {
            tree = JsonText.Read(content);
        }
        catch (FormatException e)
        {
            throw Unreadable("isn't valid JSON. " + e.Message, e);
        }
        if (!JsonText.Is(tree, "object") || JsonText.Member(tree, Version) is not { } member || JsonText.Value(member) is not int version || version < 1)
            throw Unreadable("doesn't contain a Version that is a positive number.");
        if (version > KnownVersion)
            throw Unreadable($"has the version {version}, but this version of FtpTools supports only {KnownVersion}. It was written by a later one.");
        if (JsonText.Member(tree, Profiles) is not { } list || !JsonText.Is(list, "array"))
            throw Unreadable("doesn't contain a list of Profiles.");
        if (Entries(tree).Any(entry => !JsonText.Is(entry, "object") || JsonText.Member(entry, nameof(FtpProfile.Name)) is not { } name || JsonText.Value(name) is not string { Length: > 0 }))
            throw Unreadable("contains a profile without a Name.");
        return tree;
    }

    private FtpException Unreadable(string why, Exception? cause = null) => new(
        FtpErrorKind.LocalFileError, $"The file '{Path}' {why} The file can't be used and was left unchanged. Correct or move it, or specify another file with -ProfilePath.", null, cause);

    private FtpProfile Profile(XElement entry)
    {
        var settings = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in entry.Elements())
        {
            // Null says as much as nothing. What is of another type is told where it is used, by the text of it.
            if (FtpProfile.SettingNames.Contains(JsonText.Name(member), StringComparer.Ordinal) && !JsonText.Is(member, "null"))
                settings[JsonText.Name(member)] = JsonText.Value(member) ?? member.Value;
        }
        return new FtpProfile((string)JsonText.Value(JsonText.Member(entry, nameof(FtpProfile.Name))!)!, Path, settings);
    }

    private static IEnumerable<XElement> Entries(XElement tree) => JsonText.Member(tree, Profiles)!.Elements();

    private static bool IsOf(XElement entry, string name) => JsonText.Member(entry, nameof(FtpProfile.Name))!.Value.Equals(name, StringComparison.OrdinalIgnoreCase);
}
