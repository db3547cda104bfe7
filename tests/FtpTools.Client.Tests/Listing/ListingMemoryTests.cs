using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

/// <summary>What a session learns of its server's listings.</summary>
public sealed class ListingMemoryTests
{
    [Theory]
    [InlineData("UNIX Type: L8", "Unix", false)]
    [InlineData("unix", "Unix", false)]
    [InlineData("Windows_NT", "Dos", false)]
    [InlineData("VMS OpenVMS V8.4", "Vms", true)]
    [InlineData("MVS is the operating system of this server.", "Mvs", false)]
    [InlineData("z/OS", "Mvs", false)]
    [InlineData("OS/400 is the remote operating system.", "Os400", false)]
    [InlineData("NONSTOP FTP", "NonStop", false)]
    [InlineData("Guardian", "NonStop", false)]
    [InlineData("NETWARE Type: L8", "NetWare", false)]
    [InlineData("OS/2 operating system", "Os2", false)]
    [InlineData("VxWorks 5.4", "VxWorks", false)]
    [InlineData("MACOS Peter's Server", "Unknown", false)]
    [InlineData("", "Unknown", false)]
    public void TheSystemTellsWhatItsListingsAreLike(string system, string dialect, bool isVms)
    {
        var memory = new ListingMemory();
        memory.LearnSystem(system);
        Assert.Equal((dialect, isVms), (memory.Dialect.ToString(), memory.IsVms));
    }

    [Fact]
    public void WhatWasSeenCountsForMoreThanWhatTheServerSays()
    {
        var memory = new ListingMemory { Dialect = ListingDialect.Dos };
        memory.LearnSystem("UNIX Type: L8");
        Assert.Equal(ListingDialect.Dos, memory.Dialect);
    }

    [Theory]
    [InlineData("25/02/2024", true)]
    [InlineData("13/12/2024", true)]
    [InlineData("13/1/2024", true)]
    [InlineData("02/25/2024", false)]
    [InlineData("12/12/2024", false)]
    [InlineData("25/13/2024", false)]
    [InlineData("25-02-2024", false)]
    [InlineData("25.02.2024", false)]
    [InlineData("2024/02/25", false)]
    [InlineData("24/02/25", true)]
    public void ADateThatCanOnlyHaveTheDayFirstIsRemembered(string date, bool isDayFirst)
    {
        var memory = new ListingMemory();
        var time = default(ListingTime);
        Assert.True(memory.TryDate(date, 0, date.Length, ref time));
        Assert.Equal(isDayFirst, memory.IsDayFirst);
    }

    [Fact]
    public void WhatIsNoDateIsNotRead()
    {
        var time = default(ListingTime);
        Assert.False(new ListingMemory().TryDate("ab", 0, 2, ref time));
        Assert.False(new ListingMemory().TryDate("x a", 2, 3, ref time));
        Assert.False(new ListingMemory().TryDate("", 0, 0, ref time));
    }
}
