using System;
using System.Globalization;
using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

/// <summary>Dates of three numbers in all their orders, and times of day.</summary>
public sealed class ListingTimeTests
{
    [Theory]
    [InlineData("2024-01-31", false, "2024-1-31")]
    [InlineData("2024/1/5", false, "2024-1-5")]
    [InlineData("01/31/24", false, "2024-1-31")]
    [InlineData("1/2/2024", false, "2024-1-2")]
    [InlineData("1/2/2024", true, "2024-2-1")]
    [InlineData("12/31/2024", true, "2024-12-31")]
    [InlineData("12/12/2024", true, "2024-12-12")]
    [InlineData("01.02.24", false, "2024-2-1")]
    [InlineData("31.01.2024", false, "2024-1-31")]
    [InlineData("12-11-24", false, "2024-12-11")]
    [InlineData("13-12-24", false, "2024-12-13")]
    [InlineData("13-13-24", false, "2024-13-13")] // no such day
    [InlineData("12-13-101", false, "2001-12-13")] // OS/2 counts from 1900
    [InlineData("01-31-69", false, "2069-1-31")]
    [InlineData("01-31-70", false, "1970-1-31")]
    [InlineData("98/11/27", false, "1998-11-27")] // IBM i
    [InlineData("98/12/31", false, "1998-12-31")]
    [InlineData("98/01/01", false, "1998-1-1")]
    [InlineData("32/11/27", false, "2032-11-27")]
    [InlineData("00/11/27", false, "2000-11-27")]
    [InlineData("31/11/27", false, "2027-11-31")]
    [InlineData("98/00/27", false, "2027-0-98")]
    [InlineData("98/13/27", false, "2027-98-13")]
    [InlineData("98/11/00", false, "2000-11-98")]
    [InlineData("98/11/32", false, "2032-11-98")]
    public void ReadsADateOfThreeNumbers(string text, bool isDayFirst, string date)
    {
        var time = default(ListingTime);
        Assert.True(time.TryDate("(" + text + ")", 1, text.Length + 1, isDayFirst));
        Assert.Equal(date, $"{time.Year}-{time.Month}-{time.Day}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("2024")]
    [InlineData("2024-01")]
    [InlineData("2024-01-")]
    [InlineData("2024--31")]
    [InlineData("-01-31")]
    [InlineData("2024-01/31")]
    [InlineData("2024_01_31")]
    [InlineData("20240131")]
    [InlineData("2024-001-31")]
    [InlineData("2024-01-311")]
    [InlineData("024-01-31")]
    [InlineData("02024-01-31")]
    [InlineData("24-01-2")]
    [InlineData("24-01-20245")]
    [InlineData("024-01-24")]
    [InlineData("a-01-24")]
    [InlineData("01-a-24")]
    [InlineData("01-02-2a")]
    [InlineData("2024-01-3a")]
    public void RefusesWhatIsNoDate(string text)
    {
        var time = default(ListingTime);
        Assert.False(time.TryDate("(" + text, 1, text.Length + 1));
    }

    [Theory]
    [InlineData("12:34", "12:34:0 Minute")]
    [InlineData("1:23", "1:23:0 Minute")]
    [InlineData("12.34", "12:34:0 Minute")]
    [InlineData("99:99", "99:99:0 Minute")]
    [InlineData("12:34:56", "12:34:56 Second")]
    [InlineData("12.34.56", "12:34:56 Second")]
    [InlineData("12:34:56.78", "12:34:56 Second")]
    [InlineData("12:34:56,7", "12:34:56 Second")]
    [InlineData("12:34:56.", "12:34:56 Second")]
    [InlineData("3:41p", "15:41:0 Minute")]
    [InlineData("3:41A", "3:41:0 Minute")]
    [InlineData("12:41a", "0:41:0 Minute")]
    [InlineData("3:41PM", "15:41:0 Minute")]
    [InlineData("12:41:56am", "0:41:56 Second")]
    [InlineData("13:41p", "99:41:0 Minute")]
    [InlineData("3:41m", null)]
    [InlineData("3:41xm", null)]
    [InlineData("3:41q", null)]
    [InlineData("p", null)]
    [InlineData("m", null)]
    [InlineData("pm", null)]
    [InlineData("3:p", null)]
    [InlineData("", null)]
    [InlineData("12", null)]
    [InlineData("12:", null)]
    [InlineData("12:3", null)]
    [InlineData("12:3x", null)]
    [InlineData(":34", null)]
    [InlineData("123:45", null)]
    [InlineData("1234", null)]
    [InlineData("12-34", null)]
    [InlineData("12:345", null)]
    [InlineData("12:34x56", null)]
    [InlineData("12:34.56", null)]
    [InlineData("12:34:", null)]
    [InlineData("12:34:5", null)]
    [InlineData("12:34:567", null)]
    [InlineData("12:34:56x", null)]
    [InlineData("12:34:56x7", null)]
    [InlineData("12:34:56.7x", null)]
    public void ReadsATimeOfDay(string text, string? expected)
    {
        // Whatever stands behind it.
        foreach (var behind in new[] { "", ")", "5:55" })
        {
            var time = default(ListingTime);
            var isRead = time.TryTimeOfDay("(" + text + behind, 1, text.Length + 1);
            Assert.Equal(expected, isRead ? $"{time.Hour}:{time.Minute}:{time.Second} {time.Precision}" : null);
        }
    }

    [Fact]
    public void WhatIsNotKnownMakesNoTime()
    {
        Assert.False(new ListingTime { Year = 2024, Month = 1, Day = 31 }.TryGet(ListingTestData.Now, out _));
        Assert.False(new ListingTime { Year = 2024, Day = 31, Precision = FtpTimePrecision.Day }.TryGet(ListingTestData.Now, out _));
        Assert.True(new ListingTime { Year = 2024, Month = 1, Day = 31, Precision = FtpTimePrecision.Day }.TryGet(ListingTestData.Now, out var utc));
        Assert.Equal(new DateTime(2024, 1, 31), utc);
    }

    [Theory]
    [InlineData(9999, 24, 0, 0, "9999-12-31 00:00:00")] // and no day later
    [InlineData(9998, 24, 0, 0, "9999-01-01 00:00:00")]
    [InlineData(9999, 23, 59, 59, "9999-12-31 23:59:59")]
    [InlineData(9999, 24, 1, 0, null)]
    [InlineData(9999, 24, 0, 1, null)]
    [InlineData(9999, 25, 0, 0, null)]
    public void TheEndOfADayIsTheNextOnesBeginning(int year, int hour, int minute, int second, string? expected)
    {
        var time = new ListingTime { Year = year, Month = 12, Day = 31, Hour = hour, Minute = minute, Second = second, Precision = FtpTimePrecision.Second };
        Assert.Equal(expected, time.TryGet(ListingTestData.Now, out var utc) ? utc.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : null);
    }

    [Fact]
    public void ADateWithoutAYearIsKnownAtTheEndOfTimeToo()
    {
        var time = new ListingTime { Month = 12, Day = 31, Hour = 23, Precision = FtpTimePrecision.Minute };
        Assert.True(time.TryGet(DateTime.MaxValue, out var utc));
        Assert.Equal(9999, utc.Year);
    }
}
