"""Pages that are no article, and articles that look a little like one of them."""

from collections.abc import Callable

import pytest

from aggregator.model import Article, NotArticle, Rejection

Reject = Callable[..., NotArticle]
Read = Callable[..., Article]

PARAGRAPHS = (
    "<p>مردم روستا از نخستین ساعت های صبح برای کاشت نهال در دامنه کوه گرد آمدند و تا نیمروز ماندند.</p>" * 3
)
LINKS = "".join(
    f'<li><a href="/news/{number}">بازدید مدیران از طرح شماره {number} در روستاهای دامنه کوه</a></li>'
    for number in range(8)
)


@pytest.mark.parametrize(
    "body",
    [
        "<html><head><title></title></head><body><h1>در حال بررسی مرورگر، پیش از انتقال به سایت هستیم "
        "...</h1></body></html>",
        "<html><head><title>Just a moment...</title></head><body><div class='cf-turnstile'></div></body>"
        "</html>",
        "<html><body><script>window.AR_Key = '__arcsjs'</script></body></html>",
        "<html><body><p>لطفا ثابت کنید ربات نیستید</p><div class='g-recaptcha'></div></body></html>",
    ],
)
def test_challenge(reject: Reject, body: str) -> None:
    assert reject(body).kind is Rejection.CHALLENGE
    assert reject(body, status=403).kind is Rejection.CHALLENGE


@pytest.mark.parametrize(
    "body",
    [
        "<head><title>Document Moved</title></head><body><h1>Object Moved</h1>This document may be found "
        '<a HREF="https://x.ir/">here</a></body>',
        '<html><head><meta http-equiv="refresh" content="0; url=/fa/index.html"></head><body></body></html>',
        "<html><script>window.location.href = '/home';</script><body>لطفا صبر کنید</body></html>",
        "<html><body>در حال انتقال به نشانی جدید</body></html>",
    ],
)
def test_redirect_stub(reject: Reject, body: str) -> None:
    assert reject(body).kind is Rejection.REDIRECT_STUB


def test_a_page_that_refreshes_itself_is_no_stub(read: Read) -> None:
    article = read(f'<meta http-equiv="refresh" content="300"><h1>کاشت نهال در دامنه کوه</h1>{PARAGRAPHS}')
    assert len(article.body) == 3


@pytest.mark.parametrize(
    "text",
    [
        "سایت به دلیل انجام عملیات به روز رسانی یا بروز خطا برای لحظاتی در دسترس نیست",
        "Server Error in '/' Application.",
        "خطای سرور! لطفا بعدا تلاش کنید",
        "Service Unavailable",
    ],
)
def test_error_page(reject: Reject, text: str) -> None:
    assert reject(f"<html><body><p>{text}</p></body></html>").kind is Rejection.ERROR_PAGE


@pytest.mark.parametrize(
    "text",
    [
        "خطای ۴۰۴",
        "404 - Not Found",
        "صفحه مورد نظر شما یافت نشد",
        "خبر درخواستی حذف شده است",
        "The page you requested was not found",
    ],
)
def test_soft_404(reject: Reject, text: str) -> None:
    assert reject(f"<html><body><h2>{text}</h2></body></html>").kind is Rejection.SOFT_404
    framed = f"<html><body><ul>{LINKS}</ul><div class='content'><h1>{text}</h1></div></body></html>"
    assert reject(framed).kind is Rejection.SOFT_404


def test_news_of_something_lost_is_news(read: Read) -> None:
    article = read(
        f"<title>کوهنورد گمشده پیدا نشد</title><h1>کوهنورد گمشده در دامنه کوه پیدا نشد</h1>{PARAGRAPHS}"
    )
    assert article.headline == "کوهنورد گمشده در دامنه کوه پیدا نشد"


@pytest.mark.parametrize(
    "sentence",
    [
        "هنوز خبری از سه کوهنورد گمشده در دامنه کوه پیدا نشده است و جستجو ادامه دارد و خبر تازه ای یافت نشد.",
        "شمار دیگری از زخمیان نیز هم اکنون در حال انتقال به بیمارستان شهر هستند و حال آنان خوب است.",
        "به گفته مدیر این اداره دلیل این رویداد بروز خطا در سامانه برق بوده است و به زودی برطرف می شود.",
    ],
)
def test_a_short_item_about_such_things_is_news(read: Read, sentence: str) -> None:
    assert read(f"<h1>تازه ترین خبر از دامنه کوه</h1>{PARAGRAPHS}<p>{sentence}</p>").body[-1] == sentence


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (404, Rejection.SOFT_404),
        (410, Rejection.SOFT_404),
        (401, Rejection.LOGIN),
        (403, Rejection.ERROR_PAGE),
        (500, Rejection.ERROR_PAGE),
    ],
)
def test_status(reject: Reject, status: int, kind: Rejection) -> None:
    verdict = reject(f"<h1>کاشت نهال در دامنه کوه</h1>{PARAGRAPHS}", status=status)
    assert verdict.kind is kind
    assert str(status) in verdict.reason


def test_login(reject: Reject) -> None:
    form = (
        "<form><h2>ورود به سامانه</h2><label>نام کاربری</label><input name=u><input type=password name=p>"
        "</form>"
    )
    assert reject(f"<html><body>{form}</body></html>").kind is Rejection.LOGIN
    assert reject(f"<html><body><div class=menu>{LINKS}</div>{form}</body></html>").kind is Rejection.LOGIN


def test_an_article_with_a_login_box_is_an_article(read: Read) -> None:
    box = "<div id=login>ورود اعضا <input type=password></div>"
    assert len(read(f"<body>{box}<h1>کاشت نهال در دامنه کوه</h1>{PARAGRAPHS}</body>").body) == 3


@pytest.mark.parametrize(
    "url", ["https://www.example.ir/", "https://www.example.ir/fa", "https://www.example.ir/news?cat=3"]
)
def test_listing(reject: Reject, url: str) -> None:
    verdict = reject(f"<html><body><h1>اخبار استان</h1><ul>{LINKS}</ul></body></html>", url)
    assert verdict.kind is Rejection.LISTING
    assert "8 links" in verdict.reason


def test_listing_with_leads(reject: Reject) -> None:
    teasers = "".join(
        f'<div class="news"><h3><a href="/n/{i}">نشست شماره {i} شورای مسکن در فرمانداری برگزار شد</a></h3>'
        f"<p>در نشست شماره {i} شورای مسکن که با حضور فرماندار برگزار شد، ساخت خانه های تازه بررسی شد.</p>"
        f"</div>"
        for i in range(6)
    )
    verdict = reject(
        f"<html><head><title>آرشیو</title></head><body><div id=list>{teasers}</div></body></html>"
    )
    assert verdict.kind is Rejection.LISTING


def test_the_home_page_of_a_known_family_is_a_listing(reject: Reject) -> None:
    body = (
        f'<link href="/client/themes/fa/main/css/x.css"><div class="title"><h1>سرخط</h1></div><div '
        f'class="body"><p>متن.</p></div><ul>{LINKS}</ul>'
    )
    assert reject(body, "https://www.example.ir/fa/society/12").kind is Rejection.LISTING


def test_empty(reject: Reject) -> None:
    assert (
        reject("<html><head><title>سایت</title></head><body><script>x()</script></body></html>").kind
        is Rejection.EMPTY
    )


def test_page_about_the_site(reject: Reject) -> None:
    body = f"<html><head><title>تماس با ما</title></head><body><h1>تماس با ما</h1>{PARAGRAPHS}</body></html>"
    assert reject(body).kind is Rejection.NO_ARTICLE
