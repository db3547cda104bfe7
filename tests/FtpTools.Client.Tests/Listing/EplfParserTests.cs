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
    [InlineData("+/,r,\tboth", "Directory|both|||")]
    [InlineData("+r,/,\tboth", "Directory|both|||")]
    [InlineData("+r,s,m,,\tempty facts", "File|empty facts|||")]
    [InlineData("+r,s5x,mx,\tno numbers", "File|no numbers|||")]
    [InlineData("+r,s1,s2\tthe last", "File|the last|2||")]
    [InlineData("+r\tx", "File|x|||")]
    [InlineData("+\tx", "Other|x|||")]
    [InlineData("+m253402300799,r,\tlast second", "File|last second||9999-12-31 23:59:59|")]
    [InlineData("+m253402300800,r,\tbeyond", "File|beyond|||")]
    [InlineData("+i,\ta,b", "Other|a,b|||")]
    public void ReadsLines(string lines, string items) => ListingTestData.Check(ListingFormat.List, lines, items);

    /// <summary>Lines as sent, and what they tell beside that: permission, owner, group.</summary>
    [Theory]
    [InlineData("+r,s5,up644,\tx", "644|-|-")]
    [InlineData("+r,s5,up,\tx", "-|-|-")]
    [InlineData("+r,s5,u,\tx", "-|-|-")]
    [InlineData("+r,ux644,\tx", "-|-|-")]
    [InlineData("+r,up6\tx", "6|-|-")]
    public void TellsRights(string line, string rights) => Assert.Equal(rights, ListingTestData.Rights(EplfParser.TryParse, line));

    [Theory]
    [InlineData("")]
    [InlineData("+\t")]
    [InlineData("+r")]
    [InlineData("+r,s5 x")]
    [InlineData("-r,\tx")]
    [InlineData("r,\tx")]
    [InlineData("+r,\t../x")]
    [InlineData("+r,\t")]
    public void RefusesLinesOfAnotherForm(string line) => ListingTestData.Refuses(EplfParser.TryParse, line);
}
