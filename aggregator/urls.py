"""Cleaning and identity of addresses. Pure; used by extraction and by the crawl alike.

Three forms are kept apart: the *cleaned* address (what is fetched), the *canonical* one (what one article is
called, however it was reached) and the *id* (the canonical one without scheme, ``www.`` and ``m.``, hashed).
"""

import re
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import SplitResult, quote, unquote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

from aggregator.platforms.base import Platform

#: characters; longer addresses are traps, not pages (and PostgreSQL's indexes hold 2,704 bytes at most)
MAX_LENGTH = 2500

_DEFAULT_PORTS = {"http": 80, "https": 443}

_TRACKING = re.compile(
    r"(?:utm|mtm|piwik|matomo|hsa)_\w+|pk_(?:campaign|kwd|keyword|source|medium|content|cid)|_hsenc|_hsmi|__hs\w+"
    r"|gclid|gclsrc|dclid|gbraid|wbraid|gad_source|fbclid"
    r"|fb_(?:action_ids|action_types|source|ref)|msclkid|yclid|ysclid|_openstat|twclid|ttclid|igshid|igsh|li_fat_id"
    r"|mc_cid|mc_eid|mkt_tok|vero_id|vero_conv|oly_anon_id|oly_enc_id|_ga|_gl|ref_src|__twitter_impression",
    re.IGNORECASE,
)
_SESSION = re.compile(
    r"jsessionid|phpsessid|aspsessionid\w*|asp\.net_sessionid|oscsid|cftoken|zenid", re.IGNORECASE
)
# These may also mean a sitting of parliament or a meeting: they are dropped only with a long random value.
_SESSION_LIKE = re.compile(r"(?:session_?id|sess_?id|session|sid)=(?=\w*\d)\w{16,}", re.IGNORECASE)
_PATH_SESSION = re.compile(r"(?:;|%3B)(?:jsessionid|phpsessid|aspsessionid\w*)=[^/;?]*", re.IGNORECASE)
_ASP_NET_SESSION = re.compile(r"/\([SFAX]\([a-z0-9]{12,}\)\)(?=/|$)", re.IGNORECASE)

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_SLASHES = re.compile(r"(https?):/+(?=[^/])", re.IGNORECASE)
_BARE_WWW = re.compile(r"www\.(?:[\w-]+\.)+[a-z]{2,}(?:[/?#:]|$)", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|[0-9a-f.]*:[0-9a-f:.]*")
_ESCAPE = re.compile(r"%(?![89A-F][0-9A-F])([0-9A-Fa-f]{2})?")  # Persian letters are right as they are
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_NON_ASCII_ESCAPES = re.compile(r"(?:%[89A-F][0-9A-F])+")
_HOME = re.compile(r"/?(?:fa|en|ar)?/?(?:(?:index|default|home)(?:\.\w+)?)?/?", re.IGNORECASE)
_EDITION = re.compile(r"(?:m|mobile|amp)\.(?=[a-z0-9-]*[a-z])")
_SUFFIX = re.compile(r"(?:gov|ac|co|org|net|sch|id)\.ir(?::\d+)?")
# Parameters and parts of a path that choose how an article is shown or where its link stood, never which one.
_DISPLAY = re.compile(
    r"(?:amp|mobile|is_?mobile|mobile_?view|desktop|print)(?:=(?:1|true|yes|on|amp)?)?"
    r"|(?:outputtype|view|device|theme|layout)=(?:amp|mobile|desktop|print)|(?:ref|from)=[a-z_-]{1,20}",
    re.IGNORECASE,
)
_AMP_LAST = re.compile(r"(?:/amp)+/?$", re.IGNORECASE)
_AMP_FIRST = re.compile(r"^(/[a-z]{2})?(?:/amp)+/", re.IGNORECASE)
# What pages leave around a link. A half-space (ZWNJ) is not among them: it may be the end of a slug.
_EDGES = "".join(map(chr, range(0x21))) + "\x7f\x85\xa0\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\ufeff"

_REMEMBERED = 4096  # addresses: each page of a site has the same menu


# --- cleaning -----------------------------------------------------------------------------------------------


def clean_url(url: str, base: str | None = None) -> str | None:
    """The absolute http(s) address that ``url`` means on the page ``base``, in one spelling.

    None: not the address of a page (``mailto:``, ``javascript:``, a bare fragment without base, garbage).
    Host in lower case (IDNA), without default port, user name and password; no fragment, no tracking
    parameters, no known session ids. Unknown parameters stay, in their order, also twice. Idempotent.
    """
    try:
        return _cleaned(_absolute(url, base))
    except ValueError:
        return None


@lru_cache(_REMEMBERED)
def _cleaned(url: str) -> str | None:
    """An absolute address cleaned. ValueError: garbage."""
    parts = urlsplit(safe_url_string(url))
    netloc = _netloc(parts)
    if parts.scheme not in _DEFAULT_PORTS or not netloc:
        return None
    cleaned = urlunsplit((parts.scheme, netloc, _clean_path(parts.path), _clean_query(parts.query), ""))
    return cleaned if len(cleaned) <= MAX_LENGTH else None


def _absolute(url: str, base: str | None) -> str:
    """``url`` resolved as a browser would, slips of hand-made pages repaired. ValueError: too long."""
    text = re.sub(r"[\t\r\n]", "", url).strip(_EDGES)
    if len(text) > MAX_LENGTH:
        raise ValueError("address too long")
    place, mark, rest = re.match(r"([^?#]*)([?#]?)(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    text = place.replace("\\", "/").strip(_EDGES) + mark + rest
    if _BARE_WWW.match(text):
        text = "//" + text
    if not _SCHEME.match(text):
        return urljoin(base, text) if base else text
    return _SLASHES.sub(r"\1://", text, count=1)


def _netloc(parts: SplitResult) -> str:
    """Host and, where it is not the default, port. ValueError: no such port or host."""
    host = (parts.hostname or "").removesuffix(".")
    if not _HOST.fullmatch(host):
        raise ValueError("no host")
    if ":" in host:
        host = f"[{host}]"
    return host if parts.port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f"{host}:{parts.port}"


def _clean_path(path: str) -> str:
    path = _ASP_NET_SESSION.sub("", _PATH_SESSION.sub("", _one_spelling(path)))
    kept: list[str] = []
    segments = path.split("/")[1:] or [""]
    for segment in segments:
        if segment == "..":
            kept[-1:] = []
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", "..") and (not kept or kept[-1]):
        kept.append("")
    return "/" + "/".join(kept)


def _clean_query(query: str) -> str:
    pairs = (re.sub(r"^(?:amp;)+", "", pair) for pair in _one_spelling(query).split("&"))
    return "&".join(pair for pair in pairs if pair and not _is_noise(pair))


def _is_noise(pair: str) -> bool:
    name = pair.partition("=")[0]
    return bool(_TRACKING.fullmatch(name) or _SESSION.fullmatch(name) or _SESSION_LIKE.fullmatch(pair))


def _one_spelling(text: str) -> str:
    """Percent-encoding in one spelling: capital digits, only what must be is encoded, a lone ``%`` too."""
    return _ESCAPE.sub(_tidy_escape, text)


def _tidy_escape(match: re.Match[str]) -> str:
    if not match[1]:
        return "%25"
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0].upper()


# --- identity -----------------------------------------------------------------------------------------------


def canonical_url(url: str, platform: Platform | None, rel_canonical: str | None = None) -> str:
    """The one address of the article at ``url``: what the platform says identifies it, else the page's own
    ``rel=canonical`` (absolute, or relative to ``url``) where it can be trusted, else the cleaned address."""
    cleaned = clean_url(url) or url
    declared = clean_url(rel_canonical, cleaned) if rel_canonical else None
    if declared and not _same_publisher(declared, cleaned):
        declared = None
    for candidate in (cleaned, declared):
        identity = candidate and platform_identity(candidate, platform)
        if identity:
            return identity
    return _plain(declared if declared and _names_this_article(declared, cleaned) else cleaned)


def _plain(url: str) -> str:
    """A cleaned address without what only chooses how the article is shown: ``?mobile=1``, ``?print=1``,
    ``/amp`` at the end of the path or at its beginning."""
    try:
        parts = urlsplit(url)
    except ValueError:  # the caller's address was none
        return url
    query = "&".join(pair for pair in parts.query.split("&") if not _DISPLAY.fullmatch(pair))
    path, before = parts.path, ""
    while path != before:  # ``/amp/fa/amp/12``
        before, shorter = path, _AMP_FIRST.sub(r"\1/", _AMP_LAST.sub("", path))
        path = path if is_home(shorter) else shorter
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def platform_identity(url: str, platform: Platform | None) -> str | None:
    """The canonical address of a cleaned ``url`` by its platform; None where the platform has no say."""
    match = article_match(url, platform)
    if not match or not platform or not platform.canonical:
        return None
    return clean_url(platform.canonical.format_map(match.groupdict(default="")), site_root(url))


def article_match(url: str, platform: Platform | None) -> re.Match[str] | None:
    """The platform's ``article_url`` as it matches a cleaned ``url``; None: no article's address."""
    return platform.article_url.search(path_and_query(url)) if platform else None


@lru_cache(_REMEMBERED)
def path_and_query(url: str) -> str:
    """Path and query of a cleaned address, with letters outside ASCII readable, everything else as it is."""
    parts = urlsplit(url)
    text = parts.path + ("?" + parts.query if parts.query else "")
    return _NON_ASCII_ESCAPES.sub(_readable, text)


def _readable(match: re.Match[str]) -> str:
    try:
        return unquote_to_bytes(match[0]).decode()
    except UnicodeDecodeError:  # a page in windows-1256
        return match[0]


def article_id(canonical_url: str) -> str:
    """20 hexadecimal characters that name the article: a hash of its address without scheme, ``www.``, ``m.``
    and a slash at the end of the path."""
    parts = urlsplit(canonical_url)
    query = "?" + parts.query if parts.query else ""
    address = _publisher(parts.netloc.lower()) + parts.path.rstrip("/") + query
    return blake2b(address.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def same_site(a: str, b: str) -> bool:
    """Whether two addresses have the same host and port, ``www.`` aside. http and https are one site."""
    try:
        return host_of(a) == host_of(b)
    except ValueError:
        return False


def _same_publisher(a: str, b: str) -> bool:
    """Whether two cleaned addresses are of one site, its edition for telephones included."""
    try:
        return _publisher(host_of(a)) == _publisher(host_of(b))
    except ValueError:
        return False


def _publisher(host: str) -> str:
    """A host without what names only an edition of its pages: ``www.``, ``m.``, ``mobile.``, ``amp.``."""
    bare = host.removeprefix("www.")
    whole = _EDITION.sub("", bare, count=1)
    # ``m.gov.ir`` would be the site of some body, and ``gov.ir`` is none
    return bare if "." not in whole or _SUFFIX.fullmatch(whole) else whole


@lru_cache(_REMEMBERED)
def host_of(url: str) -> str:
    """Host, and port where not the default, without ``www.``: what one site is called. ValueError: none."""
    return _netloc(urlsplit(url)).removeprefix("www.")


def site_root(url: str) -> str:
    """The start page of a site, for example ``https://www.example.ir/``. ValueError: no address."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, _netloc(parts), "/", "", ""))


def is_home(path: str) -> bool:
    """Whether a path is that of a site's start page: ``/``, ``/fa/``, ``/index.php`` …"""
    return bool(_HOME.fullmatch(path))


# --- may rel=canonical be trusted? --------------------------------------------------------------------------

_NUMBER = re.compile(r"\b\d{3,}|\d{5,}")
_YEAR = re.compile(r"(?:1[34]|19|20)\d\d")
_SCRIPT = re.compile(r"\.(?:aspx?|php|jsp|do|cgi)$", re.IGNORECASE)
_VARIANT = re.compile(r"(?:amp|print|mobile|m|outputtype=amp|amp=\w*|print=\w*)?", re.IGNORECASE)
_SECTION = re.compile(
    r"(?:cat|category|section|sec|service|tab|menu|group|topic)_?(?:id|code)?=.*", re.IGNORECASE
)
_IDENTIFYING = re.compile(r"(?:[^=]*=)?\d{2,}$|\d{4,}\b")


def _names_this_article(declared: str, cleaned: str) -> bool:
    """False where a site's template declares its home page, a section or some other article as canonical:
    believing it would merge every article of the site into one."""
    there, here = urlsplit(declared), urlsplit(cleaned)
    if is_home(path_and_query(declared)):
        return False
    if (here.path.rstrip("/") + "/").startswith(there.path.rstrip("/") + "/"):
        return _drops_nothing_that_identifies(there, here)
    ours, theirs = _numbers(here.path), _numbers(declared)
    if ours and theirs:
        return bool(ours & theirs)
    if theirs:  # a short link or WordPress' ``?p=`` declares the full address
        return len(_words(here.path)) < 3 or _last_part(here.path) in declared
    return len(_words(there.path)) >= (3 if ours else 2)


def _drops_nothing_that_identifies(there: SplitResult, here: SplitResult) -> bool:
    """Where the declared address begins our own (``/news/12``, ``/news/12/slug``): is the rest no id?"""
    kept = there.query.split("&")
    rest = here.path[len(there.path.rstrip("/")) :].split("/")
    dropped = rest + [pair for pair in here.query.split("&") if pair not in kept]
    if all(_VARIANT.fullmatch(part) for part in dropped):
        return True
    telling = [part for part in dropped if not _SECTION.fullmatch(part)]
    return bool(_numbers(there.geturl())) and not any(_IDENTIFYING.match(part) for part in telling)


def _numbers(url: str) -> set[str]:
    """The numbers in an address that may be ids: three digits and more, no years."""
    return {number for number in _NUMBER.findall(path_and_query(url)) if not _YEAR.fullmatch(number)}


def _last_part(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def _words(path: str) -> list[str]:
    """The words of a path's last part, where that is a headline's slug and not the name of a script."""
    last = _last_part(path)
    return [] if _SCRIPT.search(last) else re.findall(r"(?:[^-_+%.]|%(?!20|C2%A0)..)+", last)


def readable_address(url: str) -> str:
    """An address with its Persian letters as letters; blanks stay encoded, so that it can be copied."""
    return re.sub(r"\s", lambda blank: quote(blank[0]), unquote(url, errors="replace"))
