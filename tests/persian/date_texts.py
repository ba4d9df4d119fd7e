"""Texts for properties, made of what the patterns of dates look for."""

from hypothesis import strategies as st

from aggregator.persian.letters import words

_PIECES = words(
    """
    شنبه دوشنبه سه پنج یک جمعه خرداد تیر مهر دی می مه شوال ژوئن Jun Khordad Tue ماه سال ساعت روز هفته دیروز
    امروز فردا گذشته آینده جاری پیش قبل دیگر ago تا و الی در از بیستم دوم بیست نیم ظهر صبح ب.ظ pm قمری شمسی
    میلادی نفر شد است می‌شود دنیای خیابان شماره هر نسخه مورخ پارسال دقیقه GMT IRDT Z T +04:30 0 1 2 5 12 19 20
    25 31 99 1399 1441 2020 ۱۳۹۹ ٢٠ ۰۹:۰۱ 12:60 99/03/20 1399-03-20 20200609
    """
)
_SIGNS = [" ", " ", " ", " ", "", "\u200c", "\u00a0", "\n", "/", "-", ".", ":", "،", "(", ")", "«", "\u2044"]

date_texts = st.lists(st.tuples(st.sampled_from(_PIECES), st.sampled_from(_SIGNS)), max_size=14).map(
    lambda pairs: "".join(piece + sign for piece, sign in pairs)
)
