"""Every limit on what a site may do to us. Pure; ``docs/reliability.md`` shows each with its outcome.

What a user may want to change (delay, concurrency, timeout) is in ``aggregator.config``.
"""

KIB, MIB = 2**10, 2**20

# --- one answer ---------------------------------------------------------------------------------------------

MAX_HEAD = 256 * KIB  #: bytes of an answer's status line and headers
MAX_BODY = 10 * MIB  #: bytes of an answer's body, packed and unpacked alike
MAX_CODINGS = 3  #: layers of Content-Encoding that are taken off
MAX_COOKIES = 50  #: of one site; with more, all are forgotten
MAX_COOKIE = 4 * KIB  #: bytes of one cookie; a longer one is not kept
MAX_REDIRECTS = 8  #: in a row, for a page
MAX_META_REFRESH = 32 * KIB  #: bytes of a page that may do nothing but lead to another one

# --- one document -------------------------------------------------------------------------------------------

MAX_TAGS = 50_000  #: ``<`` in a page; reading a million takes minutes and a gigabyte
MAX_TEXT = 300_000  #: characters of an article's body; more than a hundred printed pages

# --- robots.txt (RFC 9309) ----------------------------------------------------------------------------------

MAX_ROBOTS = 500 * KIB  #: bytes that are read; what follows is as if it were not there
MAX_ROBOTS_REDIRECTS = 5  #: in a row; with more there is no robots.txt
ROBOTS_RETRIES = 3  #: further tries, each after a longer wait
MAX_CRAWL_DELAY = 60.0  #: seconds; a longer one is taken for a slip

# --- a site in trouble --------------------------------------------------------------------------------------

RETRIES = 2  #: further tries of a page in one crawl
RETRIES_WHEN_TOLD = 5  #: likewise where the site said when to come back
BACKOFF_START = 1.0  #: seconds of the first wait; each further one is twice as long
BACKOFF_CAP = 60.0  #: seconds; no wait of ours is longer
MAX_RETRY_AFTER = 300.0  #: seconds that a crawl waits because the site says so; asked for more, it ends
MAX_WAITING = 1800.0  #: seconds that a crawl waits for one host in all
FORGIVEN_FAILURES = 2  #: pages that fail in a row before the whole host is given a rest
MAX_FAILURES = 10  #: pages that fail in a row, with all the rests between them, before the host is left alone

# --- discovery ----------------------------------------------------------------------------------------------

MAX_PAGES = 5000  #: pages of one listing in one walk: a hundred thousand articles
MAX_PAGE_NUMBER = 100_000  #: of a page of a listing
MAX_BROKEN_PAGES = 3  #: of a listing, one after another, behind which a further one is tried by its number
MAX_EMPTY_DAYS = 31  #: days of a calendar without a new article, one after another
MAX_LISTINGS = 200  #: sections of one source
MAX_SITEMAPS = 1000  #: files of one source, over all indexes
MAX_FORM = 1_000_000  #: characters of a form that is sent to get the next page of a listing
MAX_DEPTH = 20  #: parts of a path
MAX_REPEATS = 2  #: times that the same parts may follow one another in a path
MAX_DOUBLE_PARAMETERS = 3  #: times that a query may hold the same parameter with the same value
