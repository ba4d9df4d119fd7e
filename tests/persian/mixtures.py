"""Texts of official words, affixes, glue, numbers, Latin, markup, controls, in any mixture."""

from hypothesis import strategies as st

from aggregator.persian.letters import words

_WORDS = words(
    """
    وزارت تعاون کار رفاه اجتماعی مرکز روابط عمومی اطلاع رسانی اداره کل استان تهران البرز مدیر وزیر معاون شورای
    هماهنگی دستگاه اجرایی آموزش فنی حرفه برنامه خانه کارخانه رسانه مؤسسه مسئول هیأت شئون مسئله زندگی همه آن
    این
    که و در از به با را تا بر یا اما مورد ها برای بین سال ماه روز سه شنبه خرداد بزرگ کوچک بهتر دختر دفتر
    تنها بها
    میز میدانی میراث می شود کند گردد رفته کرده داده آمده یافته است اند بود شد دارد گفت هم پیش باز فرا نشده
    نیامده
    دانش آموز بهره برداری سرمایه گذاری قرض الحسنه بی شک کتاب انسان ایرانی شخصیت قلعه قاضی متقاضی
    """
)
_AFFIXES = words(
    """
    می نمی بی ها های هایی هایشان هایم ها، تر ترین تری گر گری مند مندان ناک ی ای ام ات اش اند ایم اید مان تان
    شان
    ان ین گان ات کننده یافته گذاری
    """
)
_OTHERS = words(
    """
    25 ۱۳۹۹ ٤٥ 1399/03/20 ۰۹:۰۱ 3.14 ۲۵٪ 40% 021-64491 192.168.1.1 COVID-19 HTML5 4G NGO ام آر آی بی بی سی
    https://x.ir/الف?a=1 www.mcls.gov.ir info@mcls.gov.ir /fa/news/12 @mcls_ir #روابط_عمومی <b> </b> <br/>
    &nbsp;
    `می شود` [الف](http://x) ![](y) {{نام}} %s ج.ا.ایران (ها) (های) ۵م ۲۰ام
    . , ; ، ؛ : ؟ ! … ... - – — / \\ | = _ ~ ^ $ " ' ‹ › « » ( ) [ ] { } ٪ % * + ٫ ٬ ، ـ ـــ
    ﺳﻼﻡ ﷲ ﷺ ﷼ ﻻ ﮐ ﯾ ي ك ى ة ۀ هٔ أ إ ؤ ئ ء َ ً ّ ٔ ٕ ٓ
    """
)
_SIGNS = [
    "\u200c", "\u200c\u200c", "\u200d", "\u200e", "\u200f", "\u202b", "\u202c", "\u2066", "\ufeff", "\u00ad",
    "¬", "\u200b", "\u00a0", "\u2009", "\u3000", "\t", "\n", "\r\n", "\x0b", "\x85", "\u2028", "\x00", "\x1c",
    "\ue000", "\ue001\uf8ff", "\ud800", "\udfff", "👨\u200d👩", "é", "ß", "İ", "ж",
]  # fmt: skip

_words = st.sampled_from(_WORDS)
_pieces = st.one_of(
    _words, _words, st.sampled_from(_AFFIXES), st.sampled_from(_OTHERS), st.sampled_from(_SIGNS)
)
_glue = st.sampled_from(["", "", " ", " ", " ", "  ", "\u200c"])

mixtures = st.lists(st.tuples(_pieces, _glue), max_size=30).map(
    lambda parts: "".join(piece + glue for piece, glue in parts)
)
