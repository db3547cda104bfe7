using System;
using System.Collections.Generic;

namespace FtpTools.Listing;

/// <summary>The names of months, short and long, as <c>ls</c> writes them in the languages that servers run in.</summary>
internal static class MonthNames
{
    private const string English = "JanFebMarAprMayJunJulAugSepOctNovDec";

    private static readonly Dictionary<string, int> _others = Load(
        // English, German, Dutch, Scandinavian
        "january february march april may june july august september october november december",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "jänner feber mrz apr mai jun jul aug sept okt nov dez",
        "jän - - - - - - - - - - -",
        "januari februari maart april mei juni juli augustus september oktober november december",
        "- - mrt - mei - - - - okt - -",
        "januari februari mars april maj juni juli augusti - oktober - desember",
        "- - mär - maj - - - - - - des",
        "- - mar - maí jún júl ágú - - nóv -",
        // French, Italian, Spanish, Portuguese, Catalan, Romanian
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "janv févr mars avr mai juin juil août sept oct nov déc",
        "- fév - - - - jui aoû - - - -",
        "janv fevr - - - - - aout - - - decembre",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "gen feb mar apr mag giu lug ago set ott nov dic",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "ene feb mar abr may jun jul ago sep oct nov dic",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "jan fev mar abr mai jun jul ago set out nov dez",
        "gener febr març abr maig juny jul ag set oct nov des",
        "xan - - - - xuñ xul - - - - -",
        "urt ots mar api mai eka uzt abu ira urr aza abe",
        "ian feb mar apr mai iun iul aug sept oct noi dec",
        // Polish, Czech, Slovak, Slovenian, Hungarian
        "sty lut mar kwi maj cze lip sie wrz paź lis gru",
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
        "led úno bře dub kvě čen čec srp zář říj lis pro",
        "- - - - máj čer - - - - - -",
        "- - - - - čvn čvc - - - - -",
        "- - - - maj - - avg - - - -",
        "január február március április május június július augusztus szeptember október november december",
        "jan febr márc ápr máj jún júl aug szept okt nov dec",
        "- - már - - - - - szep - - -",
        // Croatian, as far as its names are not those of other months in Polish and Czech
        "sij velj ožu tra svi - - kol ruj - stu -",
        // Polish and Czech in ISO 8859-2, Turkish in ISO 8859-9
        "- - bøe - kvì èen èec - záø øíj - -",
        "- þub - - - èer - aðu - pa¼ - -",
        // Finnish, Estonian, Latvian, Lithuanian, Turkish, Indonesian
        "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
        "jaan veebr märts apr mai juuni juuli aug sept okt nov dets",
        "janv febr marts apr maijs jūn jūl aug sept okt nov dec",
        "sau vas kov bal geg bir lie rgp rgs spa lap grd",
        "saus - - - - birž liep rugp rugs spal lapkr gruod",
        "- shk - pri maj qer kor gsh sht tet nën dhj",
        "oca şub mar nis may haz tem ağu eyl eki kas ara",
        "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
        "- - - - mei - - agu - - - -",
        // Russian, Ukrainian, Belarusian, Bulgarian, Serbian, Macedonian, Greek, Chinese
        "янв фев мар апр мая июн июл авг сен окт ноя дек",
        "января февраля марта апреля май июня июля августа сентября октября ноября декабря",
        "- февр - - мая - - - сент - нояб -",
        "січ лют бер кві тра чер лип сер вер жов лис гру",
        "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
        "- - - квіт трав черв - серп - жовт лист груд",
        "сту - сак кра - чэр ліп жні - кас ліс сне",
        "јан феб - - мај јун јул - - - нов дец",
        "яну фев мар апр май юни юли авг сеп окт ное дек",
        "ιαν φεβ μαρ απρ μαι ιουν ιουλ αυγ σεπ οκτ νοε δεκ",
        "- - μάρ - μαΐ ιούν ιούλ αύγ - - νοέ -",
        "一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月 十二月");

    private const string Cyrillic = "абвгдежзийклмнопрстуфхцчшщъыьэюя";

    private const string Koi8 = "юабцдефгхийклмнопярстужвьызшэщчъ";

    // The letters of the bytes from the first on, in Windows-1251, KOI8-R, ISO 8859-5 and ISO 8859-7: all but the last have small
    // letters and capitals in the same order, and case does not count.
    private static readonly (char First, string Letters)[] _alphabets =
    [
        ('\u00C0', Cyrillic + Cyrillic),
        ('\u00C0', Koi8 + Koi8),
        ('\u00B0', Cyrillic + Cyrillic),
        ('\u00C0', "ΐαβγδεζηθικλμνξοπρ?στυφχψωϊϋάέήίΰαβγδεζηθικλμνξοπρςστυφχψωϊϋόύώ"),
    ];

    /// <summary>Whether the part of the line can be a month's name in a language, or an encoding, that is not known.</summary>
    public static bool CanBe(string line, int start, int end)
    {
        if (end - start is < 2 or > 20)
            return false;
        for (var i = start; i < end; i++)
        {
            if (line[i] < 0x80 && !char.IsLetter(line[i]) && line[i] is not ('.' or ','))
                return false;
        }
        return true;
    }

    /// <summary>Whether the part of the line is the day of the week, in three letters.</summary>
    public static bool IsWeekday(string line, int start, int end)
    {
        const string Weekdays = "MonTueWedThuFriSatSun";
        for (var i = 0; end - start == 3 && i < Weekdays.Length; i += 3)
        {
            if (string.Compare(line, start, Weekdays, i, 3, StringComparison.OrdinalIgnoreCase) == 0)
                return true;
        }
        return false;
    }

    /// <summary>
    /// The number of the month that is the part of <paramref name="line"/>, in letters of any case and perhaps with a point
    /// or a comma behind it; 0 where it is none that is known.
    /// </summary>
    public static int Find(string line, int start, int end)
    {
        while (end > start && line[end - 1] is '.' or ',')
            end--;
        if (end - start is < 2 or > 12)
            return 0;
        if (end - start == 3)
        {
            for (var i = 0; i < English.Length; i += 3)
            {
                if ((line[start] | 0x20) == (English[i] | 0x20) && string.Compare(line, start, English, i, 3, StringComparison.OrdinalIgnoreCase) == 0)
                    return i / 3 + 1;
            }
        }
        // A number is none, and by far the most frequent of what is asked about.
        return ListingText.IsDigit(line[start]) ? 0 : FindOther(line, start, end);
    }

    // Where a server has no UTF-8, a byte is a letter of Latin-1, or of another alphabet: no two months are the same bytes in these.
    private static int FindOther(string line, int start, int end)
    {
        var name = new char[end - start];
        for (var i = start; i < end; i++)
            name[i - start] = line[i] is >= '\uDC80' and <= '\uDCFF' ? (char)(line[i] - 0xDC00) : line[i];
        if (_others.TryGetValue(new string(name), out var month) || Array.TrueForAll(name, letter => letter < '\u0080'))
            return month;
        foreach (var (first, letters) in _alphabets)
        {
            var other = Array.ConvertAll(name, letter => letter >= first && letter < first + letters.Length ? letters[letter - first] : letter);
            if (_others.TryGetValue(new string(other), out month))
                return month;
        }
        return 0;
    }

    private static Dictionary<string, int> Load(params string[] languages)
    {
        var months = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var language in languages)
        {
            var names = language.Split(' ');
            for (var i = 0; i < names.Length; i++)
            {
                // Nobody asks for the dash: no name has less than two letters.
                if (!months.ContainsKey(names[i]))
                    months.Add(names[i], i + 1);
            }
        }
        return months;
    }
}
