using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

public sealed class ListingFieldsTests
{
    [Fact]
    public void ALineIsItsOwnAfterALongerOne()
    {
        var fields = new ListingFields();
        Assert.Equal(0, fields.Count);
        Assert.Equal(0, fields.Start(0));
        fields.Split("  one two\tthree four ");
        Assert.Equal((4, 2, 5, 3), (fields.Count, fields.Start(0), fields.End(0), fields.Length(0)));
        Assert.Equal("three", fields.Text(2));
        Assert.Equal((21, 21, 0, ""), (fields.Start(4), fields.End(4), fields.Length(4), fields.Text(4)));
        fields.Split("a 12");
        Assert.Equal((2, 0, 1), (fields.Count, fields.Start(0), fields.End(0)));
        Assert.Equal((4, 4, 0, ""), (fields.Start(2), fields.End(2), fields.Length(2), fields.Text(2)));
        Assert.True(fields.Is(0, "A"));
        Assert.False(fields.Is(1, "A"));
        Assert.False(fields.Is(2, "A"));
        Assert.True(fields.TryNumber(1, out var number));
        Assert.Equal(12, number);
        Assert.False(fields.TryNumber(0, out _));
        Assert.False(fields.TryNumber(2, out _));
        Assert.True(fields.IsOf(1, "0123"));
        Assert.False(fields.IsOf(1, "023"));
        Assert.False(fields.IsOf(1, "013"));
        Assert.False(fields.IsOf(2, "0123"));
    }

    [Fact]
    public void NoMoreThanSixteenAreToldApart()
    {
        var fields = new ListingFields().Split("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18");
        Assert.Equal((16, "16", ""), (fields.Count, fields.Text(15), fields.Text(16)));
    }
}
