using System.IO;
using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

/// <summary>Where originals go, and what is refused.</summary>
public sealed class SourcePlanTests
{
    [Theory]
    [InlineData(FtpSourceAction.Move, "done", "/in/a.txt", null, 0, "/in/done/a.txt")]
    [InlineData(FtpSourceAction.Move, "done/", "/in/a.txt", null, 2, "/in/done/a.2.txt")]
    [InlineData(FtpSourceAction.Move, "../done", "/in/a", null, 1, "/done/a.1")]
    [InlineData(FtpSourceAction.Move, "/done", "/a.tar.gz", null, 10, "/done/a.tar.10.gz")]
    [InlineData(FtpSourceAction.Move, "/", "/in/.rc", null, 1, "/.rc.1")]
    [InlineData(FtpSourceAction.Move, "done", "/in/x/y/a", "/in", 0, "/in/done/x/y/a")]
    [InlineData(FtpSourceAction.Move, "/done", "/in/x/a", "/in", 0, "/done/x/a")]
    [InlineData(FtpSourceAction.Move, "done", "/x/a", "/", 0, "/done/x/a")]
    [InlineData(FtpSourceAction.Move, "done", "/a", "/", 0, "/done/a")]
    [InlineData(FtpSourceAction.Move, "/", "/in/x/a", "/in", 0, "/x/a")]
    [InlineData(FtpSourceAction.Move, "done", "/in/a", "/in/", 0, "/in/done/a")]
    [InlineData(FtpSourceAction.Move, "done", "/in\\/x/a", "/in\\", 0, "/in\\/done/x/a")]
    [InlineData(FtpSourceAction.Move, "/done", "/\\x/a", "/", 0, "/done/\\x/a")]
    [InlineData(FtpSourceAction.Move, "done", "/in/a", "/in", 0, "/in/done/a")]
    [InlineData(FtpSourceAction.Rename, "*.done", "/in/x/a.txt", "/in", 0, "/in/x/a.txt.done")]
    [InlineData(FtpSourceAction.Rename, "done-*", "/a.txt", null, 1, "/done-a.1.txt")]
    [InlineData(FtpSourceAction.Remove, null, "/a.txt", null, 0, null)]
    public void A_remote_original_goes_there(FtpSourceAction action, string? destination, string path, string? top, int number, string? target) =>
        Assert.Equal(target, new SourcePlan(action, destination, isRemote: true).TargetOf(path, top, number));

    [Theory]
    [InlineData("done", "in/a.txt", null, "in/done/a.txt")]
    [InlineData("done", "in/x/a.txt", "in", "in/done/x/a.txt")]
    [InlineData("../done", "in/x/a.txt", "in", "done/x/a.txt")]
    [InlineData("done/", "in/a.txt", null, "in/done/a.txt")]
    public void A_local_original_goes_there(string destination, string path, string? top, string target)
    {
        var root = Path.GetFullPath(Path.DirectorySeparatorChar + "base");
        var plan = new SourcePlan(FtpSourceAction.Move, destination, isRemote: false);
        Assert.Equal(Path.GetFullPath(Path.Combine(root, target)), plan.TargetOf(Path.GetFullPath(Path.Combine(root, path)), top is null ? null : Path.Combine(root, top), 0));
    }

    [Fact]
    public void A_local_original_goes_to_the_top_of_a_drive()
    {
        var root = Path.GetPathRoot(Path.GetFullPath("."))!;
        var plan = new SourcePlan(FtpSourceAction.Move, root, isRemote: false);
        Assert.Equal(root + "a.txt", plan.TargetOf(Path.Combine(root, "in", "a.txt"), null, 0));
        Assert.Equal(Path.Combine(root, "x", "a.txt"), plan.TargetOf(Path.Combine(root, "in", "x", "a.txt"), Path.Combine(root, "in"), 0));
    }

    [Theory]
    [InlineData(FtpSourceAction.Move, "done", "/in/done", true, "/in", true)]
    [InlineData(FtpSourceAction.Move, "done", "/in/done", true, null, true)]
    [InlineData(FtpSourceAction.Move, "done", "/in/x/done", true, "/in", false)]
    [InlineData(FtpSourceAction.Move, "done", "/in/done", false, "/in", false)]
    [InlineData(FtpSourceAction.Move, "done", "/in/DONE", true, "/in", false)]
    [InlineData(FtpSourceAction.Move, "/done", "/done", true, "/", true)]
    [InlineData(FtpSourceAction.Move, "a/b", "/in/a", true, "/in", false)]
    [InlineData(FtpSourceAction.Move, "a/b", "/in/a/b", true, "/in", true)]
    [InlineData(FtpSourceAction.Rename, "*.done", "/in/a.done", false, null, true)]
    [InlineData(FtpSourceAction.Rename, "*.done", "/in/a.DONE", false, null, true)]
    [InlineData(FtpSourceAction.Rename, "*.done", "/in/.done", false, null, false)]
    [InlineData(FtpSourceAction.Rename, "*.done", "/in/x.done", true, null, false)]
    [InlineData(FtpSourceAction.Remove, null, "/in/a", false, null, false)]
    public void What_was_taken_is_known_by_its_place_or_name(FtpSourceAction action, string? destination, string path, bool isDirectory, string? top, bool isSetAside) =>
        Assert.Equal(isSetAside, new SourcePlan(action, destination, isRemote: true).IsSetAside(path, isDirectory, top));

    [Theory]
    [InlineData(null, "a")]
    [InlineData("base", "x/a")]
    public void A_local_original_goes_to_the_root(string? top, string target)
    {
        var root = Path.GetPathRoot(Path.GetFullPath("base"))!;
        var plan = new SourcePlan(FtpSourceAction.Move, root, isRemote: false);
        Assert.Equal(Path.Combine(root, target.Replace('/', Path.DirectorySeparatorChar)), plan.TargetOf(Path.Combine(root, "base", "x", "a"), top is null ? null : Path.Combine(root, top), 0));
        Assert.True(plan.IsSetAside(root, true, root));
    }

    [Fact]
    public void A_local_directory_is_known_as_the_system_knows_names()
    {
        var root = Path.GetFullPath(Path.DirectorySeparatorChar + "base");
        var plan = new SourcePlan(FtpSourceAction.Move, "done/", isRemote: false);
        Assert.True(plan.IsSetAside(Path.Combine(root, "done"), true, root));
        Assert.True(plan.IsSetAside(Path.Combine(root, "done"), true, null));
        Assert.Equal(Compat.IsWindows, plan.IsSetAside(Path.Combine(root, "DONE"), true, root));
        Assert.True(new SourcePlan(FtpSourceAction.Rename, "*.done", isRemote: false).IsSetAside(Path.Combine(root, "a.done"), false, root));
        Assert.False(new SourcePlan(FtpSourceAction.Rename, "base*", isRemote: false).IsSetAside(Path.Combine(root, "a"), false, root));
    }

    [Fact]
    public void The_plan_of_a_transfer_is_about_the_side_that_is_read()
    {
        var options = new FtpTransferOptions { SourceAction = FtpSourceAction.Rename, SourceDestination = "*.done" };
        var download = SourcePlan.Of(options, FtpTransferDirection.Download);
        Assert.Equal((FtpSourceAction.Rename, true, "/in/a.done"), (download.Action, download.IsRemote, download.TargetOf("/in/a", null, 0)));
        Assert.False(SourcePlan.Of(options, FtpTransferDirection.Upload).IsRemote);
    }

    [Theory]
    [InlineData("/in/a", "/in")]
    [InlineData("/a", "/")]
    [InlineData("/", "")]
    public void The_directory_of_a_remote_path_is_that_before_its_name(string path, string parent) =>
        Assert.Equal(parent, new SourcePlan(FtpSourceAction.Remove, null, isRemote: true).Parent(path));

    [Fact]
    public void The_directory_of_a_local_path_is_that_before_its_name()
    {
        var plan = new SourcePlan(FtpSourceAction.Remove, null, isRemote: false);
        var root = Path.GetPathRoot(Path.GetFullPath("a"))!;
        Assert.Equal(root, plan.Parent(Path.Combine(root, "a")));
        Assert.Equal(root, plan.Parent(root));
    }

    [Theory]
    [InlineData(FtpSourceAction.None, "x", "-SourceAction Move and Rename")]
    [InlineData(FtpSourceAction.Remove, "x", "-SourceAction Move and Rename")]
    [InlineData(FtpSourceAction.Move, null, "requires a directory")]
    [InlineData(FtpSourceAction.Move, "", "requires a directory")]
    [InlineData(FtpSourceAction.Rename, null, "requires a -SourceDestination")]
    [InlineData(FtpSourceAction.Rename, "done", "'done' isn't a valid one")]
    [InlineData(FtpSourceAction.Rename, "x/*", "'x/*' isn't a valid one")]
    public void What_says_not_where_to_is_refused(FtpSourceAction action, string? destination, string reason) =>
        Assert.Contains(reason, SourcePlan.WhyNot(new FtpTransferOptions { SourceAction = action, SourceDestination = destination })!, System.StringComparison.Ordinal);

    [Fact]
    public void A_pattern_that_is_missing_is_not_quoted() =>
        Assert.EndsWith("stands for the name of the file", SourcePlan.WhyNot(new FtpTransferOptions { SourceAction = FtpSourceAction.Rename })!, System.StringComparison.Ordinal);

    [Fact]
    public void What_could_lose_a_file_is_refused()
    {
        var remove = new FtpTransferOptions { SourceAction = FtpSourceAction.Remove };
        Assert.Null(SourcePlan.WhyNot(remove));
        Assert.Contains("-Verify None", SourcePlan.WhyNot(remove with { Verify = FtpVerification.None })!, System.StringComparison.Ordinal);
        Assert.Contains("ASCII", SourcePlan.WhyNot(remove with { TransferType = FtpTransferType.Ascii })!, System.StringComparison.Ordinal);
        Assert.Contains("-Append", SourcePlan.WhyNot(remove with { Append = true })!, System.StringComparison.Ordinal);
        Assert.Contains("-Append", SourcePlan.WhyNot(new FtpTransferOptions { Append = true, Journal = "j" })!, System.StringComparison.Ordinal);
        var move = new FtpTransferOptions { SourceAction = FtpSourceAction.Move, SourceDestination = "done" };
        Assert.Null(SourcePlan.WhyNot(move with { Verify = FtpVerification.None, TransferType = FtpTransferType.Ascii }));
        Assert.Null(SourcePlan.WhyNot(new FtpTransferOptions { Append = true }));
    }
}
