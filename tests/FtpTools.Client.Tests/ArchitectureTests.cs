using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using FtpTools.Dialogue;
using FtpTools.Tests.Servers;
using NetArchTest.Rules;
using Xunit;

namespace FtpTools.Tests;

/// <summary>Who may know whom (docs/architecture.md): a room knows those below it, and nothing points back up.</summary>
public sealed class ArchitectureTests
{
    private const int MostLines = 300;

    // From below to above. Diagnosis stands beside Trees.
    private static readonly string[] _rooms = ["Protocol", "Listing", "Connection", "Dialogue", "Session", "Transfer", "Trees", "Diagnosis"];

    private static readonly Dictionary<string, string[]> _mayKnow = new()
    {
        ["Protocol"] = [],
        ["Listing"] = ["Protocol"],
        ["Connection"] = ["Protocol"],
        ["Dialogue"] = ["Protocol", "Listing", "Connection"],
        ["Session"] = ["Protocol", "Dialogue", "Connection"],
        ["Transfer"] = ["Protocol", "Listing", "Connection", "Dialogue", "Session"],
        ["Trees"] = ["Protocol", "Listing", "Connection", "Dialogue", "Session", "Transfer"],
        ["Diagnosis"] = ["Protocol", "Listing", "Connection", "Dialogue", "Session", "Transfer"],
    };

    public static TheoryData<string> Rooms => new(_rooms);

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_knows_none_that_stands_above_it(string room)
    {
        var forbidden = _rooms.Where(other => other != room && !_mayKnow[room].Contains(other)).Select(other => "FtpTools." + other)
            .Concat(["FtpTools.FtpSession", "FtpTools.FtpTransferBatch", "FtpTools.FtpSyncBatch", "FtpTools.FtpItemWait", "System.Management.Automation", "System.Console"]).ToArray();
        var types = Types.InAssembly(typeof(FtpSession).Assembly).That().ResideInNamespace("FtpTools." + room);
        Assert.NotEmpty(types.GetTypes());
        AssertKnowsNone(types, forbidden);
    }

    [Theory]
    [InlineData("Protocol")]
    [InlineData("Listing")]
    public void What_is_pure_knows_no_sockets_tasks_or_threads(string room) => AssertKnowsNone(
        Types.InAssembly(typeof(FtpSession).Assembly).That().ResideInNamespace("FtpTools." + room),
        "System.Net.Sockets.Socket", "System.Net.Sockets.TcpClient", "System.Net.Sockets.NetworkStream", "System.Threading", "System.IO.Stream", "System.IO.File", "System.Diagnostics.Stopwatch");

    [Fact]
    public void The_values_of_the_public_face_know_none_of_the_rooms_that_work_on_them() => AssertKnowsNone(
        Types.InAssembly(typeof(FtpSession).Assembly).That().ResideInNamespaceMatching(@"^FtpTools$").And().DoNotHaveName(nameof(FtpSession)).And().DoNotHaveName(nameof(FtpTransferBatch)).And().DoNotHaveName(nameof(FtpSyncBatch)).And().DoNotHaveName(nameof(FtpItemWait)).And().DoNotHaveName(nameof(FtpJournal)).And().DoNotHaveName(nameof(FtpPrivateFile)),
        [.. _rooms.Where(room => room != "Protocol").Select(room => "FtpTools." + room)]);

    [Fact]
    public void The_root_holds_the_public_face_alone()
    {
        var inner = typeof(FtpSession).Assembly.GetTypes()
            .Where(type => type.Namespace == "FtpTools" && !type.IsVisible && !type.IsNested && type.Name is not "Compat" && !type.Name.StartsWith('<'))
            .Select(type => type.Name);
        Assert.Empty(inner);
    }

    [Fact]
    public void No_file_of_the_engine_is_longer_than_can_be_overlooked()
    {
        var root = Path.Combine(RealServers.RepositoryRoot, "src", "FtpTools.Client");
        var files = Directory.GetFiles(root, "*.cs", SearchOption.AllDirectories).Where(file => !Path.GetRelativePath(root, file).StartsWith("obj", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(files);
        Assert.Empty(files.Where(file => File.ReadLines(file).Count() > MostLines).Select(file => Path.GetRelativePath(root, file)));
    }

    [Fact]
    public void Each_habit_of_servers_has_its_facts_and_stands_on_the_page_that_lists_them()
    {
        var page = File.ReadAllText(Path.Combine(RealServers.RepositoryRoot, "docs", "architecture.md"));
        foreach (var habit in Enum.GetValues<ServerHabit>())
        {
            var (name, learntFrom, instead) = ServerHabits.Facts[habit];
            Assert.Contains($"| {name} | {learntFrom} | {instead} |", page);
        }
    }

    private static void AssertKnowsNone(PredicateList types, params string[] forbidden)
    {
        var result = types.ShouldNot().HaveDependencyOnAny(forbidden).GetResult();
        Assert.True(result.IsSuccessful, $"These know what they must not: {string.Join(", ", result.FailingTypeNames ?? [])}");
    }
}
