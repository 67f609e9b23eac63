"""What ordinary text of each language is written with: the evidence that tells one legacy encoding from another.

In: nothing. Out: `ALPHABETS`, a table of data. Must not know: bytes, codecs, pages.
"""

from __future__ import annotations

from typing import NamedTuple


class Alphabet(NamedTuple):
    """The common characters of one language beyond ASCII, and the encodings it was published in, likeliest first."""

    languages: tuple[str, ...]
    encodings: tuple[str, ...]
    common: frozenset[str]
    share: float
    """Share of the language's non-ASCII text that `common` covers in ordinary news prose; 1 for whole alphabets."""
    latin: bool

    def fit(self, density: float) -> float:
        """Return how well the alphabet goes with text whose non-ASCII bytes stand side by side in the share `density`.

        Latin letters with accents stand alone between ASCII ones; the letters of other scripts fill whole words.
        """
        return min(1.0, 2 * (1 - density)) if self.latin else min(1.0, density / 0.7)


def _alphabet(languages: str, encodings: str, common: str, share: float = 1.0) -> Alphabet:
    latin = all(character < "\u0250" for character in common if character.isalpha())
    return Alphabet(tuple(languages.split()), tuple(encodings.split()), frozenset(common), share, latin)


# Typographic signs that sit at the same bytes in every windows-125x page, so they speak for none against another.
_SIGNS = "\u00a0‘’“”–—…«»©®™×•†·€"
_CJK_SIGNS = "，。、：；？！“”‘’「」『』《》（）…—·　"
_HAN = (
    "的一是不在人有我他中上大和地到以要就出可也你生能而子那得下自之年用道行所然家事成方多去法如都同面起看定天分好小部其些主理心本前"
    "但因只想日者意力它把十民第公此已工使情明性知全三又正外高由很最重物手向文政美相被利二等或新制身果加西月合回特代信表化老位次度任常"
    "先海通教原立及比解水名真走入口平系打女四神何安少才反受目太量再感建做接必件期市直德命山金指克保至社便空治展科司五基眼非白界光放"
    "即像思王完式色路南品住告求程北死交取拉格共清今"
)
# The two scripts' commonest characters that are not in both, after general frequency lists of modern Chinese.
_SIMPLIFIED = (
    "了这个们来为国说时会对于着过发后作里种经么学现当没动还进样开从实军无与长机关点业将两间问并应战头体见什产己话内给世门儿东声提员论处义"
    "各几认条气题活尔更别变总电数报结务场计管资许统区队形决马书则听却达强难且权象设记类据边张该规万望觉术领确传师观切院让识候带导争运"
)
_TRADITIONAL = (
    "了這個們來為國說時會對於著過發後作里裡種經麼學現當沒動還進樣開從實軍無與長機關點業將兩間問並應戰頭體見什產己話內給世門兒東聲提員論處義"
    "各幾認條氣題活爾更別變總電數報結務場計管資許統區隊形決馬書則聽卻達強難且權象設記類據邊張該規萬望覺術領確傳師觀切院讓識候帶導爭運"
)
_KANA = "".join(map(chr, (*range(0x3041, 0x3094), *range(0x30A1, 0x30F7), 0x30FC)))
_HANGUL = (
    "이다는에의가을를하고은지기도로서인나사한대자리시어정아스일전수해부니과장그들원보조주구요성제적있것게상동면위여라신경공국년월금오비무만"
    "했며습중할안우선으회된내진번소간분방관당용없데때까모통연물개업김및세출영재발강주"
)

ALPHABETS = (
    _alphabet("zh zh-hans zh-cn zh-sg", "gb18030", _HAN + _SIMPLIFIED + _CJK_SIGNS, 0.6),
    _alphabet("zh-hant zh-tw zh-hk zh-mo", "big5", _HAN + _TRADITIONAL + _CJK_SIGNS, 0.6),
    _alphabet("ja", "shift_jis euc-jp", _KANA + "日本人年大国会中出事者月時分後前上新間" + _CJK_SIGNS, 0.65),
    _alphabet("ko", "euc-kr", _HANGUL, 0.65),
    # Names of every country stand in English text: any Western letter, but never as sure as a language's own alphabet.
    _alphabet("en", "windows-1252", "".join(map(chr, range(0xC0, 0x100))) + "£°½œ", 1.3),
    _alphabet("fr", "windows-1252 iso-8859-15", "éèêëàâçîïôûùœÉÀ°"),
    _alphabet("de", "windows-1252", "äöüßÄÖÜ„§"),
    _alphabet("es ca gl", "windows-1252", "áéíóúñü¿¡ªºÁÉÓ"),
    _alphabet("pt", "windows-1252", "áâãàçéêíóôõúºªÉÁ"),
    _alphabet("it", "windows-1252", "àèéìòùÈ°"),
    _alphabet("sv da no fi nb nn is", "windows-1252", "åäöæøéÅÄÖÆØðþáíóúý"),
    _alphabet("nl id ms", "windows-1252", "éëïèö"),
    _alphabet("ru bg be mk kk", "windows-1251 koi8-r iso-8859-5 ibm866", "оеаинтсрвлкмдпуяы", 0.87),
    _alphabet("uk", "windows-1251 koi8-u", "оаинтвіресклудмпя", 0.87),
    _alphabet("sr", "windows-1251", "аоиенсрјтувкдмлпз", 0.87),
    _alphabet("el", "windows-1253 iso-8859-7", "αοιετσνηυρπκμλςωάίόέή", 0.9),
    _alphabet("he", "windows-1255 iso-8859-8", "יוהלאתרבמשנםדעק", 0.87),
    _alphabet("ar fa ur", "windows-1256 iso-8859-6", "اليمونرتبةعدسفهكقأحج،", 0.9),
    _alphabet("th", "windows-874", "านรกอเงมยลวดทสตะปบ่้ัิี", 0.8),
    _alphabet("pl", "windows-1250 iso-8859-2", "ąćęłńóśźżŁŚŻ„"),
    _alphabet("cs sk", "windows-1250 iso-8859-2", "áčďéěíňóřšťúůýžäľĺŕôČŘŠŽÚ„"),
    _alphabet("hu", "windows-1250 iso-8859-2", "áéíóöőúüűÁÉÓÖ„"),
    _alphabet("hr sl bs", "windows-1250 iso-8859-2", "čćđšžČĆŠŽ„"),
    _alphabet("ro", "windows-1250 iso-8859-2", "ăâîşţșțÎŞŢ„"),
    _alphabet("tr az ku", "windows-1254", "çğıöşüİÇÖŞÜâî"),
    _alphabet("lt", "windows-1257", "ąčęėįšųūžŠŽ„"),
    _alphabet("lv", "windows-1257", "āčēģīķļņšūžŠĀ„"),
    _alphabet("et", "windows-1257", "äöõüšžÕÄÜ„"),
    _alphabet("vi", "windows-1258", "ăâđêôơưàáèéìíòóùúýãõ\u0300\u0301\u0303\u0309\u0323Đ"),
)
SIGNS = frozenset(_SIGNS)
