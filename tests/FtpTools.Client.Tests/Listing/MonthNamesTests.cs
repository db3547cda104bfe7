using System.Globalization;
using System.Linq;
using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

/// <summary>The names of months that listings have in the languages of their servers.</summary>
public sealed class MonthNamesTests
{
    [Theory]
    [InlineData("Jan=1 Feb=2 Mar=3 Apr=4 May=5 Jun=6 Jul=7 Aug=8 Sep=9 Oct=10 Nov=11 Dec=12")]
    [InlineData("january=1 february=2 march=3 june=6 july=7 october=10")]
    [InlineData("januar=1 februar=2 märz=3 dezember=12")]
    [InlineData("jänner=1 feber=2 mrz=3")]
    [InlineData("jän=1")]
    [InlineData("maart=3 augustus=8")]
    [InlineData("mrt=3")]
    [InlineData("augusti=8 desember=12")]
    [InlineData("mär=3")]
    [InlineData("maí=5 ágú=8 nóv=11")]
    [InlineData("janvier=1 février=2 avril=4 juillet=7 septembre=9 octobre=10 décembre=12")]
    [InlineData("févr=2 avr=4 juil=7 déc=12")]
    [InlineData("fév=2 jui=7 aoû=8")]
    [InlineData("fevr=2 aout=8 decembre=12")]
    [InlineData("gennaio=1 febbraio=2 aprile=4 maggio=5 giugno=6 luglio=7 settembre=9 ottobre=10 dicembre=12")]
    [InlineData("gen=1 mag=5 giu=6 lug=7 ott=10")]
    [InlineData("enero=1 febrero=2 mayo=5 junio=6 julio=7 septiembre=9 octubre=10 noviembre=11 diciembre=12")]
    [InlineData("ene=1")]
    [InlineData("janeiro=1 fevereiro=2 março=3 maio=5 junho=6 julho=7 setembro=9 outubro=10 novembro=11 dezembro=12")]
    [InlineData("fev=2 out=10")]
    [InlineData("gener=1 març=3 maig=5 juny=6 ag=8")]
    [InlineData("xan=1 xuñ=6 xul=7")]
    [InlineData("urt=1 ots=2 api=4 eka=6 uzt=7 abu=8 ira=9 urr=10 aza=11 abe=12")]
    [InlineData("ian=1 iun=6 iul=7 noi=11")]
    [InlineData("sty=1 lut=2 kwi=4 cze=6 lip=7 sie=8 wrz=9 paź=10 gru=12")]
    [InlineData("stycznia=1 lutego=2 marca=3 kwietnia=4 maja=5 czerwca=6 lipca=7 sierpnia=8 września=9 października=10 listopada=11 grudnia=12")]
    [InlineData("led=1 úno=2 bře=3 dub=4 kvě=5 čen=6 čec=7 srp=8 zář=9 říj=10 pro=12")]
    [InlineData("čer=6")]
    [InlineData("čvn=6 čvc=7")]
    [InlineData("sij=1 velj=2 ožu=3 tra=4 svi=5 kol=8 ruj=9 stu=11")]
    [InlineData("bøe=3 kvì=5 èen=6 èec=7 záø=9 øíj=10")]
    [InlineData("þub=2 èer=6 aðu=8 pa¼=10")]
    [InlineData("avg=8")]
    [InlineData("január=1 február=2 március=3 április=4 május=5 június=6 július=7 augusztus=8 szeptember=9 október=10")]
    [InlineData("márc=3 ápr=4 szept=9")]
    [InlineData("már=3 szep=9")]
    [InlineData("tammi=1 helmi=2 maalis=3 huhti=4 touko=5 kesä=6 heinä=7 elo=8 syys=9 loka=10 marras=11 joulu=12")]
    [InlineData("jaan=1 veebr=2 märts=3 juuni=6 juuli=7 dets=12")]
    [InlineData("marts=3 maijs=5 jūn=6 jūl=7")]
    [InlineData("sau=1 vas=2 kov=3 bal=4 geg=5 bir=6 lie=7 rgp=8 rgs=9 spa=10 lap=11 grd=12")]
    [InlineData("saus=1 birž=6 liep=7 rugp=8 rugs=9 spal=10 lapkr=11 gruod=12")]
    [InlineData("shk=2 pri=4 maj=5 qer=6 kor=7 gsh=8 sht=9 tet=10 nën=11 dhj=12")]
    [InlineData("oca=1 şub=2 nis=4 haz=6 tem=7 ağu=8 eyl=9 eki=10 kas=11 ara=12")]
    [InlineData("ocak=1 şubat=2 mart=3 nisan=4 mayıs=5 haziran=6 temmuz=7 ağustos=8 eylül=9 ekim=10 kasım=11 aralık=12")]
    [InlineData("agu=8")]
    [InlineData("янв=1 июн=6 июл=7 сен=9 ноя=11")]
    [InlineData("января=1 февраля=2 марта=3 апреля=4 июня=6 июля=7 августа=8 сентября=9 октября=10 ноября=11 декабря=12")]
    [InlineData("февр=2 сент=9 нояб=11")]
    [InlineData("січ=1 лют=2 бер=3 кві=4 тра=5 чер=6 лип=7 сер=8 вер=9 жов=10 лис=11 гру=12")]
    [InlineData("январь=1 февраль=2 март=3 апрель=4 май=5 июнь=6 июль=7 август=8 сентябрь=9 октябрь=10 ноябрь=11 декабрь=12")]
    [InlineData("квіт=4 трав=5 черв=6 серп=8 жовт=10 лист=11 груд=12")]
    [InlineData("сту=1 сак=3 кра=4 чэр=6 ліп=7 жні=8 кас=10 ліс=11 сне=12")]
    [InlineData("јан=1 феб=2 мај=5 јун=6 јул=7 нов=11 дец=12")]
    [InlineData("一月=1 二月=2 三月=3 四月=4 五月=5 六月=6 七月=7 八月=8 九月=9 十月=10 十一月=11 十二月=12")]
    [InlineData("яну=1 юни=6 юли=7 сеп=9 ное=11")]
    [InlineData("ιαν=1 φεβ=2 μαρ=3 απρ=4 μαι=5 ιουν=6 ιουλ=7 αυγ=8 σεπ=9 οκτ=10 νοε=11 δεκ=12")]
    [InlineData("μάρ=3 μαΐ=5 ιούν=6 ιούλ=7 αύγ=8 νοέ=11")]
    public void KnowsTheMonthsOfALanguage(string names) => Assert.All(names.Split(' '), pair =>
    {
        var (name, month) = (pair.Split('=')[0], int.Parse(pair.Split('=')[1], CultureInfo.InvariantCulture));
        foreach (var text in new[] { name, name.ToUpperInvariant(), name + ".", name + "," })
            Assert.Equal(month, MonthNames.Find("(" + text + ")", 1, text.Length + 1));
    });

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("-")]
    [InlineData("--")]
    [InlineData("J")]
    [InlineData("Ja")]
    [InlineData("Jax")]
    [InlineData("xen")]
    [InlineData("ÀÁ")]
    [InlineData("àáâ")]
    [InlineData("Janu")]
    [InlineData("123")]
    [InlineData("12")]
    [InlineData("pazdziernika.")]
    [InlineData("septemberseptember")]
    [InlineData("\u0100\u0100\u0100")]
    public void KnowsNoOthers(string name) => Assert.Equal(0, MonthNames.Find(name, 0, name.Length));

    // In Windows-1251, KOI8-R, ISO 8859-5 and ISO 8859-7: the bytes of each, as letters of Latin-1.
    [Theory]
    [InlineData("ÿíâ=1 ôåâ=2 ìàð=3 àïð=4 ìàé=5 èþí=6 èþë=7 àâã=8 ñåí=9 îêò=10 íîÿ=11 äåê=12 ßÍÂ=1 Àâã=8 Äåêàáðÿ=12 äåêàáðü=12")]
    [InlineData("ÑÎ×=1 ÆÅ×=2 ÍÁÒ=3 ÁÐÒ=4 ÍÁÊ=5 ÉÀÎ=6 ÉÀÌ=7 Á×Ç=8 ÓÅÎ=9 ÏËÔ=10 ÎÏÑ=11 ÄÅË=12 ñî÷=1 äÅËÁÂÒÑ=12 ß=0")]
    [InlineData("ïÝÒ=1 äÕÒ=2 ÜÐà=3 Ðßà=4 ÜÐÙ=5 ØîÝ=6 ØîÛ=7 ÐÒÓ=8 áÕÝ=9 ÞÚâ=10 ÝÞï=11 ÔÕÚ=12 Ï½²=1 °àÐ=0 °ßà=4 ´ÕÚÐÑàï=12")]
    [InlineData("éáí=1 öåâ=2 ìáñ=3 áðñ=4 ìáé=5 éïõí=6 éïõë=7 áõã=8 óåð=9 ïêô=10 íïå=11 äåê=12 ÉÁÍ=1 ìÜñ=3 ÍïÝ=11 þ=0")]
    [InlineData("ÿÿÿ=0 ààà=0 ¯¯¯=0 °°°=0 ïïï=0 ððð=0 ´´´=0 ¿¿¿=0 ÀÀÀ=0 þþþ=0")]
    public void KnowsMonthsInBytesOfOtherAlphabets(string names) => Assert.All(names.Split(' '), pair =>
    {
        var (name, month) = (pair.Split('=')[0], int.Parse(pair.Split('=')[1], CultureInfo.InvariantCulture));
        Assert.Equal(month, MonthNames.Find(name, 0, name.Length));
        var bytes = new string([.. name.Select(letter => (char)(letter + 0xDC00))]);
        Assert.Equal(month, MonthNames.Find(bytes, 0, bytes.Length));
    });

    // An attribute cannot hold half a surrogate pair.
    [Fact]
    public void TakesAByteThatIsNoUtf8ForALetterOfLatin1()
    {
        Assert.Equal(3, MonthNames.Find("M\uDCE4rz", 0, 4));
        Assert.Equal(8, MonthNames.Find("ao\uDCFBt", 0, 4));
        Assert.Equal(0, MonthNames.Find("M\uDCE5rz", 0, 4));
        Assert.Equal(0, MonthNames.Find("M\uDDE4rz", 0, 4));
    }
}
