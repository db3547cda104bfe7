using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

public sealed class EplfParserTests
{
    /// <summary>Lines as sent, and the items that they tell of: kind, name, size, time, target.</summary>
    [Theory]
    [InlineData("+i484.80370,m1373213333,r,s500961081,up644\tthistle.log", "File|thistle.log|500961081|2013-07-07 16:08:53|")]
    [InlineData("+i731.24332,m1459957206,/,\tquill orchid", "Directory|quill orchid||2016-04-06 15:40:06|")]
    [InlineData("+i72.80733,m1459143250,r,s1346,up644\tmeadow.json", "File|meadow.json|1346|2016-03-28 05:34:10|")]
    [InlineData("+i554.70883,m1555923389,/,\tmeadow-28", "Directory|meadow-28||2019-04-22 08:56:29|")]
    [InlineData("+i107.69948,m1440441618,r,s637,up644\torchid.log", "File|orchid.log|637|2015-08-24 18:40:18|")]
    [InlineData("+i481.58731,m1745850380,/,\tjuniper walnut", "Directory|juniper walnut||2025-04-28 14:26:20|")]
    [InlineData("+i638.58644,m1449605707,r,s14,up644\tsaffron.txt", "File|saffron.txt|14|2015-12-08 20:15:07|")]
    [InlineData("+i620.51280,m1311693092,/,\tyarrow", "Directory|yarrow||2011-07-26 15:11:32|")]
    [InlineData("+/,\tno facts else", "Directory|no facts else|||")]
    [InlineData("+r,s0,\tnothing in it", "File|nothing in it|0||")]
    [InlineData("+s5,up600,r\t leading and\ttab", "File| leading and\ttab|5||")]
    [InlineData("+m99999999999999,r,s1,\tbeyond time", "File|beyond time|1||")]
    [InlineData("+,\tunknown kind", "Other|unknown kind|||")]
    public void ReadsLines(string lines, string items) => ListingTestData.Check(ListingFormat.List, lines, items);
}
