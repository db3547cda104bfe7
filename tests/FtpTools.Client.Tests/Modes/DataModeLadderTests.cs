using System;
using System.Linq;
using System.Net.Sockets;
using FtpTools.Dialogue;
using Xunit;

namespace FtpTools.Tests.Modes;

/// <summary>Which command comes next, and what is remembered.</summary>
public sealed class DataModeLadderTests
{
    private static readonly TimeSpan _usual = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _moment = TimeSpan.FromSeconds(0.5);

    [Theory]
    [InlineData(FtpMode.Auto, "Epsv Pasv Port Eprt", "Epsv Eprt Pasv", "Epsv Pasv")]
    [InlineData(FtpMode.Passive, "Epsv Pasv", "Epsv Pasv", "Epsv Pasv")]
    [InlineData(FtpMode.Active, "Port Eprt", "Eprt", "")]
    [InlineData(FtpMode.Epsv, "Epsv", "Epsv", "Epsv")]
    [InlineData(FtpMode.Pasv, "Pasv", "Pasv", "Pasv")]
    [InlineData(FtpMode.Port, "Port", "Port", "")]
    [InlineData(FtpMode.Eprt, "Eprt", "Eprt", "")]
    public void Begins_with_the_best_of_the_mode(FtpMode mode, string four, string six, string proxied)
    {
        var ladder = new DataModeLadder(mode);
        Assert.Equal(mode, ladder.Mode);
        Assert.Equal(four, Rungs(ladder));
        Assert.Equal(six, Rungs(ladder, AddressFamily.InterNetworkV6));
        Assert.Equal(proxied, Rungs(ladder, AddressFamily.InterNetwork, throughProxy: true));
        Assert.Equal(proxied, Rungs(ladder, AddressFamily.InterNetworkV6, throughProxy: true));
    }

    [Theory]
    [InlineData(FtpMode.Epsv, false, "Pasv Port Eprt")]
    [InlineData(FtpMode.Epsv, true, "Pasv Port Eprt")]
    [InlineData(FtpMode.Pasv, true, "Epsv Port Eprt")]
    [InlineData(FtpMode.Port, false, "Epsv Pasv Eprt")]
    [InlineData(FtpMode.Port, true, "Epsv Pasv")] // a call that did not come would not come after EPRT either
    [InlineData(FtpMode.Eprt, false, "Epsv Pasv Port")]
    [InlineData(FtpMode.Eprt, true, "Epsv Pasv")]
    public void What_failed_is_left_out(FtpMode failed, bool timedOut, string left)
    {
        var ladder = new DataModeLadder(FtpMode.Auto);
        ladder.StepDown(failed, timedOut);
        Assert.Equal(left, Rungs(ladder));
    }

    [Fact]
    public void The_next_rung_is_one_that_is_not_known_to_fail()
    {
        var ladder = new DataModeLadder(FtpMode.Auto);
        var rungs = ladder.Rungs(AddressFamily.InterNetwork, false);
        Assert.Equal(1, ladder.Next(rungs, 0));
        ladder.StepDown(FtpMode.Pasv, false); // by another connection of the session, meanwhile
        Assert.Equal(2, ladder.Next(rungs, 0));
        ladder.StepDown(FtpMode.Port, true);
        Assert.Equal(4, ladder.Next(rungs, 0));
        Assert.Equal(4, ladder.Next(rungs, 3));
    }

    [Theory]
    [InlineData(FtpMode.Auto)]
    [InlineData(FtpMode.Passive)]
    [InlineData(FtpMode.Active)]
    [InlineData(FtpMode.Port)]
    public void When_all_have_failed_all_is_forgotten(FtpMode mode)
    {
        var ladder = new DataModeLadder(mode);
        var all = Rungs(ladder);
        foreach (var rung in ladder.Rungs(AddressFamily.InterNetwork, false))
            ladder.StepDown(rung, true);
        Assert.Equal(all, Rungs(ladder));
        Assert.Equal(_usual, ladder.DialTime(FtpMode.Pasv, _usual));
        ladder.StepDown(ladder.Rungs(AddressFamily.InterNetwork, false)[0], false);
        Assert.Equal(mode == FtpMode.Port, Rungs(ladder) == all);
    }

    [Fact]
    public void After_EPSV_timed_out_PASV_has_half_a_second_where_active_mode_can_follow()
    {
        var ladder = new DataModeLadder(FtpMode.Auto);
        Assert.Equal(_usual, ladder.DialTime(FtpMode.Pasv, _usual));
        ladder.StepDown(FtpMode.Epsv, timedOut: true);
        Assert.Equal(_moment, ladder.DialTime(FtpMode.Pasv, _usual));
        Assert.Equal(TimeSpan.FromSeconds(0.2), ladder.DialTime(FtpMode.Pasv, TimeSpan.FromSeconds(0.2)));
        Assert.Equal(_usual, ladder.DialTime(FtpMode.Port, _usual));
        ladder.StepDown(FtpMode.Port, timedOut: true);
        Assert.Equal(_usual, ladder.DialTime(FtpMode.Pasv, _usual)); // it is the last hope now
    }

    [Fact]
    public void After_EPSV_was_refused_PASV_has_all_the_time()
    {
        var ladder = new DataModeLadder(FtpMode.Auto);
        ladder.StepDown(FtpMode.Epsv, timedOut: false);
        Assert.Equal(_usual, ladder.DialTime(FtpMode.Pasv, _usual));
    }

    [Fact]
    public void Outside_of_Auto_PASV_has_all_the_time()
    {
        var ladder = new DataModeLadder(FtpMode.Passive);
        ladder.StepDown(FtpMode.Epsv, timedOut: true);
        Assert.Equal(_usual, ladder.DialTime(FtpMode.Pasv, _usual));
    }

    [Fact]
    public void What_has_worked_before_fails_twice_before_it_is_left_out()
    {
        var ladder = new DataModeLadder(FtpMode.Auto);
        ladder.Prove(FtpMode.Epsv);
        ladder.StepDown(FtpMode.Epsv, timedOut: false);
        Assert.Equal("Epsv Pasv Port Eprt", Rungs(ladder));
        Assert.False(ladder.IsProven(FtpMode.Epsv));
        ladder.StepDown(FtpMode.Epsv, timedOut: false);
        Assert.Equal("Pasv Port Eprt", Rungs(ladder));
    }

    private static string Rungs(DataModeLadder ladder, AddressFamily family = AddressFamily.InterNetwork, bool throughProxy = false) =>
        string.Join(' ', ladder.Rungs(family, throughProxy).Select(rung => rung.ToString()));
}
