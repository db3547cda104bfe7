using System;
using System.Linq;
using FtpTools.Trees;
using Xunit;

namespace FtpTools.Tests.Transfer;

/// <summary>What a comparison makes of two files, by tables: none of it needs a server.</summary>
public sealed class SyncDecisionTests
{
    private static readonly DateTime _noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    public static TheoryData<FtpTimePrecision, double, int?> Times => new()
    {
        // How exact the remote time is, how many seconds the local file is later, and which is newer.
        { FtpTimePrecision.Millisecond, 0, 0 },
        { FtpTimePrecision.Second, 2, 0 },
        { FtpTimePrecision.Second, 3, 1 },
        { FtpTimePrecision.Second, -3, -1 },
        { FtpTimePrecision.Minute, 59, 0 },
        { FtpTimePrecision.Minute, 61, 1 },
        { FtpTimePrecision.Minute, -61, -1 },
        { FtpTimePrecision.ServerTime, 30, 0 },
        { FtpTimePrecision.ServerTime, 7 * 3600, null },
        { FtpTimePrecision.ServerTime, -13 * 3600, null },
        { FtpTimePrecision.ServerTime, 15 * 3600, 1 },
        { FtpTimePrecision.ServerTime, -15 * 3600, -1 },
        // A day begins up to 14 hours before it does in UTC, and ends as much later.
        { FtpTimePrecision.Day, 37 * 3600, 0 },
        { FtpTimePrecision.Day, 39 * 3600, 1 },
        { FtpTimePrecision.Day, -13 * 3600, 0 },
        { FtpTimePrecision.Day, -15 * 3600, -1 },
    };

    [Theory]
    [MemberData(nameof(Times))]
    public void Times_are_compared_as_far_as_the_less_exact_one_tells(FtpTimePrecision precision, double lead, int? order)
    {
        var remote = new SyncFacts(FtpItemType.File, 1, _noon, precision);
        var local = new SyncFacts(FtpItemType.File, 1, _noon.AddSeconds(lead), FtpTimePrecision.Millisecond);
        Assert.Equal(order, local.CompareTime(remote));
        Assert.Equal(-order, remote.CompareTime(local));
    }

    [Fact]
    public void A_time_that_is_not_known_tells_nothing() =>
        Assert.Null(File(1, 0).CompareTime(new SyncFacts(FtpItemType.File, 1, null, FtpTimePrecision.None)));

    public static TheoryData<string, string, string, FtpSyncKind?> OneWay => new()
    {
        // Options, what is here, what is there (bytes@seconds, "-" for nothing, "d" for a directory), and the step.
        { "", "5@0", "-", FtpSyncKind.Upload },
        { "", "-", "5@0", null },
        { "", "5@0", "5@0", null },
        { "", "5@0", "6@0", FtpSyncKind.Upload },
        { "", "5@0", "6@60", FtpSyncKind.Upload },
        { "", "5@60", "5@0", FtpSyncKind.Upload },
        { "", "5@0", "5@60", null },
        { "mirror", "5@0", "5@60", FtpSyncKind.Upload },
        { "mirror timeless", "5@0", "5@60", null },
        { "", "d", "-", FtpSyncKind.MakeDirectory },
        { "", "d", "d", null },
        { "", "d", "5@0", FtpSyncKind.Conflict },
        { "mirror", "5@0", "d", FtpSyncKind.Conflict },
        { "down", "-", "5@0", FtpSyncKind.Download },
        { "down", "5@0", "-", null },
        { "down", "5@0", "5@60", FtpSyncKind.Download },
        { "down", "5@60", "5@0", null },
        { "down mirror", "5@60", "5@0", FtpSyncKind.Download },
        { "size", "5@60", "5@0", null },
        { "size", "5@60", "6@0", FtpSyncKind.Upload },
        { "size", "5@60", "?@0", FtpSyncKind.Upload },
        { "size", "5@0", "?@0", null },
        { "presence", "5@60", "6@0", null },
        { "presence", "5@60", "-", FtpSyncKind.Upload },
        { "existing", "5@60", "-", null },
        { "existing", "5@60", "5@0", FtpSyncKind.Upload },
        { "missing", "5@60", "-", FtpSyncKind.Upload },
        { "missing", "5@60", "6@0", null },
        { "hash same", "5@0", "5@0", null },
        { "hash same", "5@60", "5@0", FtpSyncKind.SetTime },
        { "hash same timeless", "5@60", "5@0", null },
        { "hash other", "5@0", "5@0", FtpSyncKind.Upload },
        { "newer", "5@60", "5@0", FtpSyncKind.Upload },
        { "newer", "5@0", "6@60", FtpSyncKind.Download },
        { "newer", "5@0", "6@0", FtpSyncKind.Conflict },
        { "newer", "5@0", "5@0", null },
        { "newer", "-", "5@0", FtpSyncKind.Download },
        { "newer", "5@0", "-", FtpSyncKind.Upload },
        { "newer", "d", "-", FtpSyncKind.MakeDirectory },
        { "newer hash other", "5@0", "5@0", FtpSyncKind.Conflict },
        { "newer hash same", "5@60", "5@0", null },
        { "newer size", "5@60", "5@0", null },
        { "newer", "5@0", "5@none", FtpSyncKind.Conflict },
        { "", "5@0", "5@none", FtpSyncKind.Upload },
    };

    [Theory]
    [MemberData(nameof(OneWay))]
    public void Two_files_become_a_step(string words, string here, string there, FtpSyncKind? kind)
    {
        var verdict = SyncDecision.Of(Options(words), Facts(here), Facts(there), !Has(words, "timeless"), Has(words, "same") ? true : Has(words, "other") ? false : null);
        Assert.Equal(kind, verdict.Kind);
        Assert.Equal(kind is null, verdict.Reason.Length == 0);
    }

    public static TheoryData<string, string, string, string, string, FtpSyncKind?> BothWays => new()
    {
        // Options, what both were when they were alike, what they are now, and the step.
        { "", "5@0", "5@0", "5@0", "5@0", null },
        { "", "5@0", "5@0", "5@60", "5@0", FtpSyncKind.Upload },
        { "", "5@0", "5@0", "5@0", "5@60", FtpSyncKind.Download },
        { "", "5@0", "5@0", "5@60", "6@90", FtpSyncKind.Conflict },
        { "", "5@0", "5@0", "6@90", "7@60", FtpSyncKind.Conflict },
        // An older one that was put back is a change too.
        { "", "5@0", "5@0", "4@-60", "5@0", FtpSyncKind.Upload },
        { "", "5@0", "5@0", "5@0", "4@-60", FtpSyncKind.Download },
        { "", "5@0", "5@0", "6@0", "5@0", FtpSyncKind.Upload },
        { "", "5@0", "5@0", "5@0", "6@0", FtpSyncKind.Download },
        { "", "5@0", "5@0", "6@0", "7@0", FtpSyncKind.Conflict },
        // Both were changed alike.
        { "", "5@0", "5@0", "6@60", "6@60", null },
        // The server sets no times: the copy has its own.
        { "", "5@0", "5@100", "5@0", "5@100", null },
        { "", "5@0", "5@100", "5@60", "5@100", FtpSyncKind.Upload },
        { "", "5@0", "5@100", "5@0", "5@200", FtpSyncKind.Download },
        { "", "5@0", "5@100", "5@60", "5@200", FtpSyncKind.Conflict },
        // What is not known is told by the times alone.
        { "", "5@0", "5@none", "5@60", "5@0", FtpSyncKind.Upload },
        { "", "5@0", "5@0", "5@60", "6@none", FtpSyncKind.Conflict },
        { "hash same", "5@0", "5@0", "5@60", "5@90", null },
        { "hash other", "5@0", "5@0", "5@60", "5@90", FtpSyncKind.Conflict },
        { "hash other", "5@0", "5@0", "5@60", "5@0", FtpSyncKind.Upload },
        { "size", "5@0", "5@0", "6@60", "7@90", FtpSyncKind.Conflict },
        { "size", "5@0", "5@0", "5@60", "6@0", FtpSyncKind.Conflict },
        { "size", "5@0", "5@0", "5@60", "5@90", null },
        { "presence", "5@0", "5@0", "6@60", "7@90", null },
        { "missing", "5@0", "5@0", "6@60", "7@90", null },
        { "", "5@0", "5@0", "5@60", "-", FtpSyncKind.Upload },
        { "", "5@0", "5@0", "-", "5@0", FtpSyncKind.Download },
    };

    [Theory]
    [MemberData(nameof(BothWays))]
    public void What_both_were_tells_which_one_was_changed(string words, string here, string there, string hereNow, string thereNow, FtpSyncKind? kind)
    {
        var verdict = SyncDecision.Of(Options("newer " + words), Facts(hereNow), Facts(thereNow), true, Has(words, "same") ? true : Has(words, "other") ? false : null, new SyncRecord(Facts(here), Facts(there)));
        Assert.Equal(kind, verdict.Kind);
        Assert.Equal(kind is null, verdict.Reason.Length == 0);
    }

    [Theory]
    [InlineData(FtpTimePrecision.Second, 0.9, FtpTimePrecision.Second, 0, false)]
    [InlineData(FtpTimePrecision.Second, 1, FtpTimePrecision.Second, 0, true)]
    [InlineData(FtpTimePrecision.Millisecond, 0.001, FtpTimePrecision.Millisecond, 0, true)]
    [InlineData(FtpTimePrecision.Millisecond, 0.001, FtpTimePrecision.Second, 0, false)]
    [InlineData(FtpTimePrecision.Minute, 0, FtpTimePrecision.Second, 37, false)]
    [InlineData(FtpTimePrecision.Minute, 60, FtpTimePrecision.Second, 37, true)]
    [InlineData(FtpTimePrecision.Day, 0, FtpTimePrecision.Day, 0, false)]
    [InlineData(FtpTimePrecision.Day, 0, FtpTimePrecision.Second, 3600, null)]
    [InlineData(FtpTimePrecision.Day, 0, FtpTimePrecision.Second, 3 * 86400, true)]
    [InlineData(FtpTimePrecision.ServerTime, 60, FtpTimePrecision.ServerTime, 60, false)]
    [InlineData(FtpTimePrecision.ServerTime, 60, FtpTimePrecision.ServerTime, 120, true)]
    [InlineData(FtpTimePrecision.ServerTime, 60, FtpTimePrecision.Second, 60, null)]
    [InlineData(FtpTimePrecision.ServerTime, 3600, FtpTimePrecision.Minute, 0, null)]
    public void A_change_shows_as_far_as_the_less_exact_time_tells(FtpTimePrecision precision, double now, FtpTimePrecision formerPrecision, double then, bool? hasChanged)
    {
        var remote = new SyncFacts(FtpItemType.File, 1, _noon.AddSeconds(now), precision);
        var former = new SyncFacts(FtpItemType.File, 1, _noon.AddSeconds(then), formerPrecision);
        Assert.Equal(hasChanged, new SyncRecord(File(1, 0), former).Changes(File(1, 0), remote)?.There);
        Assert.Equal(hasChanged, new SyncRecord(File(1, 0), remote).Changes(File(1, 0), former)?.There);
    }

    [Fact]
    public void The_exact_time_is_asked_for_where_it_tells_a_change()
    {
        var last = new SyncRecord(Facts("5@0"), Facts("5@0"));
        var day = new SyncFacts(FtpItemType.File, 5, _noon, FtpTimePrecision.Day);
        // Without memory, another size here would be enough to know.
        Assert.True(SyncDecision.WantsExactTime(Options("newer"), Facts("6@200000"), day, last));
        Assert.False(SyncDecision.WantsExactTime(Options("newer"), Facts("6@200000"), day));
        Assert.False(SyncDecision.WantsExactTime(Options("newer"), Facts("6@0"), day with { Length = 7 }, last));
        Assert.False(SyncDecision.WantsExactTime(Options("newer size"), Facts("6@0"), day, last));
    }

    [Theory]
    [InlineData("", "5@0", "5@0", FtpTimePrecision.Day, true)]
    [InlineData("", "5@0", "6@0", FtpTimePrecision.Day, false)]
    [InlineData("", "5@0", "5@0", FtpTimePrecision.Minute, false)]
    [InlineData("", "5@200000", "5@0", FtpTimePrecision.Day, false)]
    [InlineData("", "5@25200", "5@0", FtpTimePrecision.ServerTime, true)]
    [InlineData("size", "5@0", "5@0", FtpTimePrecision.Day, false)]
    [InlineData("missing", "5@0", "5@0", FtpTimePrecision.Day, false)]
    public void The_exact_time_is_asked_for_where_it_decides(string words, string here, string there, FtpTimePrecision precision, bool isAsked) =>
        Assert.Equal(isAsked, SyncDecision.WantsExactTime(Options(words), Facts(here), Facts(there) with { Precision = precision }));

    [Theory]
    [InlineData(5, 10, null, 50, true)]
    [InlineData(6, 10, null, 50, false)]
    [InlineData(1, 1, null, 50, false)]
    [InlineData(10, 10, null, 100, true)]
    [InlineData(1, 100, null, 0, false)]
    [InlineData(3, 3, 3, 50, true)]
    [InlineData(4, 100, 3, 50, false)]
    public void So_many_may_be_deleted_and_no_more(int count, int total, int? most, int percent, bool may)
    {
        var options = new FtpSyncOptions { MaximumDelete = most, MaximumDeletePercent = percent };
        if (may)
            options.RequireFew(count, total);
        else
            Assert.Equal(FtpErrorKind.TooManyDeletes, Assert.Throws<FtpException>(() => options.RequireFew(count, total)).Kind);
    }

    [Theory]
    [InlineData("mirror newer")]
    [InlineData("existing missing")]
    [InlineData("newer backup")]
    public void What_contradicts_itself_is_refused(string words) =>
        Assert.Equal(FtpErrorKind.CommandRefused, Assert.Throws<FtpException>(() => (Options(words) with { BackupPath = Has(words, "backup") ? "old" : null }).Check()).Kind);

    [Fact]
    public void A_plan_is_cut_so_that_no_directory_is_in_two_shards_and_the_limits_add_up()
    {
        var plan = Enumerable.Range(0, 200).Select(i => Step(FtpSyncKind.Upload, $"/w/d{i % 17}/f{i}", i * 1000))
            .Concat(Enumerable.Range(0, 17).Select(i => Step(FtpSyncKind.MakeDirectory, $"/w/d{i}", 0)))
            .Concat([Step(FtpSyncKind.RemoveFile, "/w/old", 0), Step(FtpSyncKind.SetTime, "/w/d1/t", 0)]).ToArray();
        var shards = FtpSyncShards.Cut(plan, 3, 8, 1000);

        Assert.Equal(5, shards.Count);
        Assert.All(shards[0], action => Assert.Equal(FtpSyncKind.MakeDirectory, action.Kind));
        Assert.All(shards[4], action => Assert.True(action.IsRemoval));
        var work = shards.Skip(1).Take(3).ToArray();
        Assert.Equal(8, work.Sum(shard => shard[0].MaxConnection));
        Assert.Equal(1000, work.Sum(shard => shard[0].RateLimit));
        var folders = work.Select(shard => shard.Select(action => FtpTools.Protocol.FtpPath.Parent(action.RemotePath)).Distinct().ToArray()).ToArray();
        Assert.Equal(17, folders.Sum(one => one.Length));
        // Each step once, and the same.
        Assert.Equal(plan.Select(action => action.Id).Order(), shards.SelectMany(shard => shard).Select(action => action.Id).Order());
        Assert.All(work, shard => Assert.InRange(shard.Sum(action => action.Length), 4_000_000, 9_000_000));
    }

    [Fact]
    public void Names_that_differ_in_case_alone_come_into_one_shard_so_that_whoever_takes_them_for_one_sees_both()
    {
        string[] alike = ["/w/Sub/a.txt", "/w/sub/a.txt", "/w/SUB/A.txt", "/w/sub/deep/b", "/w/Sub/Deep/B", "/w/sub/deep/B", "/w/s\u00FC\u00DF/a", "/w/SU\u0308\u00DF/a"];
        var plan = alike.Select((path, i) => Step(FtpSyncKind.Upload, path, 1_000_000 * (i + 1)))
            .Concat(Enumerable.Range(0, 40).Select(i => Step(FtpSyncKind.Upload, $"/w/d{i}/f", 100_000 * i))).ToArray();
        foreach (var count in new[] { 2, 3, 7 })
        {
            var shards = FtpSyncShards.Cut(plan, count, 0, 0);
            foreach (var folder in new[] { "/w/sub", "/w/sub/deep", "/w/s\u00FC\u00DF" })
                Assert.Single(shards, shard => shard.Any(action => FtpTools.Protocol.FtpPath.Parent(action.RemotePath).Normalize().Equals(folder, StringComparison.OrdinalIgnoreCase)));
            Assert.All(shards.Skip(1).Take(count), shard => Assert.NotEmpty(shard));
        }
    }

    private static FtpSyncAction Step(FtpSyncKind kind, string remote, long length) => new()
    {
        Kind = kind, Direction = FtpTransferDirection.Upload, Reason = "", RelativePath = remote.Substring(3), LocalPath = "/l" + remote, RemotePath = remote, LocalLength = length,
    };

    private static bool Has(string words, string word) => words.Split(' ').Contains(word);

    private static FtpSyncOptions Options(string words) => new()
    {
        Direction = Has(words, "down") ? FtpTransferDirection.Download : FtpTransferDirection.Upload,
        Mirror = Has(words, "mirror"),
        Newer = Has(words, "newer"),
        By = Has(words, "size") ? FtpSyncBy.Size : Has(words, "hash") ? FtpSyncBy.Hash : Has(words, "presence") ? FtpSyncBy.Presence : FtpSyncBy.Time,
        OnlyExisting = Has(words, "existing"),
        OnlyMissing = Has(words, "missing"),
    };

    private static SyncFacts File(long? length, double? seconds) => seconds is { } after
        ? new(FtpItemType.File, length, _noon.AddSeconds(after), FtpTimePrecision.Second)
        : new(FtpItemType.File, length, null, FtpTimePrecision.None);

    private static SyncFacts Facts(string text)
    {
        if (text == "-")
            return default;
        if (text == "d")
            return new(FtpItemType.Directory, null, null, FtpTimePrecision.None);
        var parts = text.Split('@');
        return File(parts[0] == "?" ? null : long.Parse(parts[0]), parts[1] == "none" ? null : double.Parse(parts[1]));
    }
}
