using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FtpTools.Tests.Faults;
using Xunit;

namespace FtpTools.Tests.Diagnosis;

/// <summary>What a server does otherwise is told as that, and not as a firewall's doing.</summary>
public sealed class HabitProbeTests : LoopbackTest
{
    [Fact]
    public async Task A_227_to_EPSV_works_and_is_told()
    {
        Server.On("EPSV", (c, _) => c.HandleAsync("PASV", ""));
        await TellsAsync(FtpMode.Epsv, "replies to EPSV as to PASV", "227 ");
    }

    [Fact]
    public async Task A_229_to_PASV_works_and_is_told()
    {
        Server.On("PASV", (c, _) => c.HandleAsync("EPSV", ""));
        await TellsAsync(FtpMode.Pasv, "or the other way around", "229 ");
    }

    [Fact]
    public async Task MLSD_that_is_refused_is_told_and_LIST_tests_the_data_connection()
    {
        Server.On("MLSD", (c, _) => c.ReplyAsync("500 MLSD: command not understood"));
        await TellsAsync(FtpMode.Epsv, "announces MLSD, but refuses it", "500 MLSD: command not understood");
        Assert.Equal(1, Count("LIST"));
    }

    [Fact]
    public async Task LIST_in_type_A_alone_is_told()
    {
        WithoutFacts();
        var isBinary = true;
        Server.On("TYPE", (c, argument) =>
        {
            isBinary = argument.StartsWith('I');
            return c.HandleAsync("TYPE", argument);
        });
        Server.On("LIST", (c, argument) => isBinary ? c.ReplyAsync("550 LIST command invalid with TYPE binary") : c.HandleAsync("LIST", argument));
        await TellsAsync(FtpMode.Pasv, "lists only in type A", "invalid with TYPE binary");
    }

    [Theory]
    [InlineData(FtpMode.Pasv)]
    [InlineData(FtpMode.Port)]
    public async Task NLST_alone_is_told_and_tests_the_data_connection(FtpMode mode)
    {
        WithoutFacts();
        Server.On("LIST", (c, _) => c.ReplyAsync("502 LIST not implemented"));
        await TellsAsync(mode, "doesn't support LIST", "502 LIST not implemented");
        Assert.Equal((1, 1), (Count("LIST"), Count("NLST")));
    }

    [Fact]
    public async Task A_server_that_lists_nothing_at_all_says_so()
    {
        WithoutFacts();
        foreach (var verb in new[] { "LIST", "NLST" })
            Server.On(verb, (c, _) => c.ReplyAsync($"502 {verb} not implemented"));
        var listing = Assert.Single(await TestAsync(FtpMode.Pasv), test => test.Step == FtpTestStep.Listing);
        Assert.False(listing.Succeeded);
        Assert.Contains("The data connection isn't the cause", listing.Diagnosis, StringComparison.Ordinal);
        Assert.Contains("502 LIST not implemented", listing.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("doesn't support LIST", listing.Diagnosis, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FtpMode.Epsv)]
    [InlineData(FtpMode.Port)]
    public async Task An_empty_directory_that_is_refused_is_no_failure_of_the_data_connection(FtpMode mode)
    {
        WithoutFacts();
        Server.On("LIST", (c, _) => c.ReplyAsync("550 No files found"));
        Assert.True(Assert.Single(await TestAsync(mode), test => test.Step == FtpTestStep.Listing).Succeeded);
    }

    [Fact]
    public async Task A_server_that_takes_no_names_with_a_leading_dot_is_sent_another()
    {
        Server.Habits.DotNameRefusal = "553 Prohibited file name";
        var tests = await TestAsync(FtpMode.Epsv, "/");
        var upload = Assert.Single(tests, test => test.Step == FtpTestStep.Upload);
        Assert.True(upload.Succeeded, upload.Diagnosis);
        Assert.Contains("doesn't accept names that begin with a dot", upload.Diagnosis);
        Assert.Empty(Directory.GetFiles(Server.Root));
    }

    [Fact]
    public async Task One_command_at_a_time_is_told_with_the_features()
    {
        Server.OneCommandAPacket = "500 What?";
        var tests = await TestAsync(FtpMode.Epsv);
        Assert.Contains("accepts only one command at a time", Assert.Single(tests, test => test.Step == FtpTestStep.Features).Diagnosis);
        Assert.True(tests[^1].Succeeded);
    }

    [Theory]
    [InlineData("250 Rename successful.", "the server accepted RNTO")]
    [InlineData("502 Command not implemented", "502 Command not implemented")]
    public async Task A_server_that_cannot_rename_is_found_out_by_the_first_file(string reply, string evidence)
    {
        Server.On("RNTO", (c, _) => c.ReplyAsync(reply));
        var tests = await TestAsync(FtpMode.Passive, "/");
        Assert.All(tests, test => Assert.True(test.Succeeded != false, test.Diagnosis));
        var told = Assert.Single(tests, test => test.Diagnosis.Contains("can't rename", StringComparison.Ordinal));
        Assert.Equal((FtpTestStep.Upload, FtpMode.Epsv), (told.Step, told.Mode));
        Assert.Contains(evidence, told.Diagnosis);
        Assert.Equal(1, Count("RNTO"));
        Assert.Empty(Directory.GetFiles(Server.Root));
    }

    [Fact]
    public async Task A_rename_that_is_denied_shows_nothing_of_the_server()
    {
        Server.On("RNTO", (c, _) => c.ReplyAsync("550 Permission denied"));
        var tests = await TestAsync(FtpMode.Epsv, "/");
        Assert.All(tests, test => Assert.True(test.Succeeded != false, test.Diagnosis));
        Assert.DoesNotContain(tests, test => test.Diagnosis.Contains("This server", StringComparison.Ordinal));
        Assert.Empty(Directory.GetFiles(Server.Root));
    }

    [Theory]
    [InlineData("/in", null)]
    [InlineData("/", null)]
    [InlineData(null, "/in")]
    [InlineData("/aside", "in")]
    public async Task Relative_paths_alone_are_told_where_a_directory_is_known(string? path, string? start)
    {
        Directory.CreateDirectory(Path.Combine(Server.Root, "in"));
        Directory.CreateDirectory(Path.Combine(Server.Root, "aside"));
        Server.On("CWD", (c, argument) => argument.StartsWith('/') ? c.ReplyAsync("550 Not that way") : c.HandleAsync("CWD", argument));
        var tests = await TestAsync(FtpMode.Passive, path, start);
        Assert.All(tests, test => Assert.True(test.Succeeded != false, test.Diagnosis));
        var told = Assert.Single(tests, test => test.Diagnosis.Contains("accepts only relative paths in CWD ('550 Not that way')", StringComparison.Ordinal));
        Assert.Equal(path is null ? FtpTestStep.Features : FtpTestStep.Recommendation, told.Step);
    }

    [Fact]
    public async Task A_directory_that_is_not_there_is_no_habit()
    {
        var tests = await TestAsync(FtpMode.Epsv, "/none");
        Assert.False(Assert.Single(tests, test => test.Step == FtpTestStep.Upload).Succeeded);
        Assert.DoesNotContain(tests, test => test.Diagnosis.Contains("This server", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, "CWD RNFR RNTO SIZE SIZE SIZE")]
    [InlineData("220 (vsFTPd 3.0.3)", "SIZE SIZE")]
    public async Task What_is_looked_at_costs_a_command_each_and_a_server_that_is_known_none(string? greeting, string commands)
    {
        WithoutFacts();
        if (greeting is not null)
            Server.Greeting = greeting;
        var tests = await TestAsync(FtpMode.Passive, "/");
        Assert.All(tests, test => Assert.True(test.Succeeded != false, test.Diagnosis));
        var said = Server.Commands.Select(line => line.Split(' ')[0]).Where(verb => verb is "CWD" or "CDUP" or "PWD" or "RNFR" or "RNTO" or "SIZE" or "MLST");
        Assert.Equal(commands, string.Join(' ', said.Order(StringComparer.Ordinal)));
        Assert.Empty(Directory.GetFiles(Server.Root));
    }

    private async Task TellsAsync(FtpMode mode, string habit, string evidence)
    {
        var tests = await TestAsync(mode);
        var listing = Assert.Single(tests, test => test.Step == FtpTestStep.Listing);
        Assert.True(listing.Succeeded, listing.Diagnosis);
        Assert.Contains(habit, listing.Diagnosis);
        Assert.Contains(evidence, listing.Diagnosis);
        Assert.DoesNotContain("firewall", listing.Diagnosis);
        Assert.Equal(1, tests.Count(test => test.Diagnosis.Contains(habit, StringComparison.Ordinal)));
        Assert.True(tests[^1].Succeeded);
    }

    private async Task<List<FtpConnectionTest>> TestAsync(FtpMode mode, string? path = null, string? start = null)
    {
        var tests = new List<FtpConnectionTest>();
        await FtpSession.TestAsync(Options with { InitialDirectory = start }, mode, path, tests.Add, Bound);
        return tests;
    }
}
