"""Texts for properties: any at all, and ones made of what the rules look for."""

from hypothesis import strategies as st

from aggregator.persian.letters import words

_PIECES = words(
    """
می نمی بی ها های هایی تر ترین تری گر ام اند ای ی اش شان تان کتاب خانه رفته کرده شود رود شده کارورفاه
واطلاع رسانی اطلاع دانش آموزان ﷺ ﻻ ـ ـــ ¬ . ، : ؛ ؟ ! « » ( ) [ ] " ' / - % ٪ 25 ۱۳۹۹ /۰۳/۲۰ 3.14
COVID-19 a@b.ir https://x.ir/الف <b> </b> & ; # @ ٔ ً ّ ء آ ۀ ة ئ مسئول هیأت تنها آن این میدانی
برمیگردد 12:30 خرداد دیروز پیش ساعت سه شنبه می‌شود بر در … ﮐ ﷲ ۵م ج.
"""
)
_SIGNS = [*_PIECES, "\u200c", "\u200c\u200c", "\u00ad", "\u200f", "\n", "\t", "\u00a0", "\ue000", "\ue001"]

texts = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from([*_SIGNS, *[" "] * 25]), max_size=25).map("".join),
    st.text(alphabet='ابپتدرزهویمنشکگسآئؤءة\u200c ـ.،:1۲/-a\u0654\u064e\ue000"()«»', max_size=40),
)
