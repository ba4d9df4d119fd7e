"""Bytes to text and tree."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.extract import extract
from aggregator.extract.document import Document, decode, parse_document
from aggregator.model import Article, NotArticle, Page, Rejection

FETCHED = datetime(2024, 6, 1, tzinfo=UTC)
TEXT = "<html><head>{meta}</head><body><p>گزارش پاک‌سازی چشمه ژاله</p></body></html>"
MakePage = Callable[..., Page]


def parsed(page: Page) -> Document:
    document = parse_document(page)
    assert isinstance(document, Document), document
    return document


@pytest.mark.parametrize(
    ("encoding", "meta", "header"),
    [
        ("utf-8", "", None),
        ("utf-8", "<meta charset=utf-8>", "text/html; charset=utf-8"),
        ("utf-8", "<meta charset=windows-1256>", None),
        ("utf-8", "", "text/html; charset=iso-8859-1"),
        ("utf-8", '<meta http-equiv="Content-Type" content="text/html; charset=windows-utf-8">', None),
        ("utf-8-sig", "<meta charset=windows-1256>", None),
        ("utf-16", "", None),
        ("utf-16-le", "", "text/html"),
        ("utf-16-be", "", "text/html; charset=utf-8"),
    ],
)
def test_any_declaration_is_survived(page: MakePage, encoding: str, meta: str, header: str | None) -> None:
    headers = {"content-type": header} if header else {}
    document = parsed(page(TEXT.format(meta=meta).encode(encoding), headers=headers))
    assert document.root.text_content() == "گزارش پاک‌سازی چشمه ژاله"


@pytest.mark.parametrize(
    "meta", ["", "<meta charset=windows-1256>", "<meta charset=utf-8>", "<meta charset=latin1>"]
)
def test_windows_1256_whatever_is_declared(page: MakePage, meta: str) -> None:
    # This encoding has no Persian yeh: such pages are written with the Arabic one.
    text = "مديركل آب از گشايش پنج چاه ژرف خبر داد"
    markup = f"<html><head>{meta}</head><body><p>{text}</p></body></html>"
    document = parsed(page(markup.encode("cp1256")))
    assert document.root.text_content() == text
    assert document.encoding == "cp1256"


def test_a_few_broken_bytes_do_not_change_the_encoding(page: MakePage) -> None:
    body = TEXT.format(meta="").encode().replace(b"</p>", b"\xd8</p>") * 3
    assert parsed(page(body)).encoding == "utf-8"


@pytest.mark.parametrize(
    "name", ["zlib", "hex", "idna", "punycode", "utf-16", "no-such-thing", "\x00", "undefined"]
)
def test_a_senseless_declaration_is_no_error(page: MakePage, name: str) -> None:
    body = TEXT.format(meta=f"<meta charset='{name}'>").encode("cp1256", "ignore")
    assert isinstance(parse_document(page(body)), Document)


def test_nul_bytes_are_dropped(page: MakePage) -> None:
    document = parsed(page(b"<p>a\x00b</p>\x00<p>c</p>"))
    assert document.root.text_content() == "abc"
    assert "\x00" not in document.markup


def test_references_without_semicolon(page: MakePage) -> None:
    document = parsed(page("<p>&#1777&#1779&#1784&#1785/&#1777&#1778</p>"))
    assert document.root.text_content() == "۱۳۸۹/۱۲"


def test_two_documents_in_one_file_and_a_comment_first(page: MakePage) -> None:
    document = parsed(
        page(
            "<!-- 10 --><!DOCTYPE html><html><body><p>یک</p></body></html><!DOCTYPE html><html><body><p>"
            "دو</p></body></html>"
        )
    )
    assert document.root.text_content() == "یکدو"


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("", "https://www.example.ir/fa/page/7"),
        ("<base href='/news/'>", "https://www.example.ir/news/"),
        ("<base href='http://[broken'>", "https://www.example.ir/fa/page/7"),
        ("<base href='javascript:x'>", "https://www.example.ir/fa/page/7"),
    ],
)
def test_base(page: MakePage, base: str, expected: str) -> None:
    assert parsed(page(f"<head>{base}</head><p>متن</p>")).base_url == expected


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7 ...", b"\x89PNG\r\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"PK\x03\x04", b'{"a": [1]}', b"[1]",
        b'<?xml version="1.0"?><!-- c --><rss version="2.0"></rss>', b"<feed xmlns='x'></feed>",
        b"<?xml version='1.0' encoding='utf-8'?>\n<urlset></urlset>", b"plain words", "فقط متن".encode(),
    ],
)  # fmt: skip
def test_not_html(page: MakePage, body: bytes) -> None:
    found = parse_document(page(body, headers={"content-type": "text/html"}))
    assert isinstance(found, NotArticle)
    assert found.kind is Rejection.NOT_HTML


@pytest.mark.parametrize("label", ["application/json", "text/plain", "application/octet-stream"])
def test_content_counts_more_than_its_label(page: MakePage, label: str) -> None:
    assert isinstance(
        parse_document(page("<html><p>متن</p></html>", headers={"content-type": label})), Document
    )


@pytest.mark.parametrize("body", [b"", b" \r\n\t"])
def test_empty(page: MakePage, body: bytes) -> None:
    found = parse_document(page(body))
    assert isinstance(found, NotArticle)
    assert found.kind is Rejection.EMPTY


def test_absurd_depth_is_told(page: MakePage) -> None:
    deep = "<div>" * 30_000
    assert parsed(page(f"<p>پیش از آن</p>{deep}<p>درون</p>")).truncated
    assert not parsed(page("<div>" * 300 + "متن")).truncated
    assert isinstance(extract(page(deep + "متن")), NotArticle)


def test_depth_below_the_limit_is_read(page: MakePage) -> None:
    inner = "<div>" * 1500 + "چشمه ژاله پس از دو سال کار مردم روستا پاک شد." + "</div>" * 1500
    article = extract(
        page(
            f'<!-- www.nastooh.ir --><h1 class="title">پاک‌سازی چشمه</h1><div class="item-text">{inner}</div>'
        )
    )
    assert isinstance(article, Article)
    assert article.body == ("چشمه ژاله پس از دو سال کار مردم روستا پاک شد.",)


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=400), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
    )
)
def test_any_bytes(body: bytes) -> None:
    assert isinstance(extract(Page("https://example.ir/a", body, FETCHED, "test")), Article | NotArticle)


_TAGS = (
    "<div>",
    "</div>",
    "<p>",
    "</p>",
    "<br>",
    "<h1>",
    "</h1>",
    "<a href='//['>",
    "</a>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<li>",
    "<title>",
    "</title>",
    "<meta",
    " property='og:title' content='x'>",
    "<script type='application/ld+json'>",
    "{",
    "}",
    "</script>",
    "<base href='http://[x'>",
    "<div class='item-text'>",
    "<div class=body>",
    "<link rel=canonical href='http://['>",
    "<img src='data:x'>",
    "<!--",
    "-->",
    "<pre>",
    "۱۲ تیر ۱۳۹۹",
    "متن خبر که کمی بلند است.",
    "<svg>",
    "<input type=password>",
    "<time datetime='۱۳۹۹-۱۳-۴۰'>",
    "/client/themes/",
    "www.nastooh.ir",
    "&#xD800;",
    "&#0;",
    "\u200c",
    "\x00",
    "<o:p>",
    "<p hidden>",
    "<html lang='x'>",
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(_TAGS), max_size=60).map("".join),
    st.sampled_from(["https://example.ir/news/1", "", "x", "http://[", "file:///a"]),
)
def test_any_heap_of_markup(markup: str, url: str) -> None:
    assert isinstance(
        extract(Page(url, markup.encode("utf-8", "replace"), FETCHED, "test")), Article | NotArticle
    )


@given(st.text())
def test_utf8_comes_back_without_its_control_characters(text: str) -> None:
    try:
        body = text.encode()
    except UnicodeEncodeError:
        return
    decoded, encoding = decode(body)
    if encoding == "utf-8" and not text.startswith("\ufeff"):
        assert decoded == "".join(sign for sign in text if sign in "\t\n\r" or ord(sign) >= 32)
