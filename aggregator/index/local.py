"""The local index: tantivy in a folder, one process writing, any number reading."""

import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import tantivy

from aggregator.errors import AggregatorError, TryLaterError
from aggregator.index.document import IndexDocument, folding_version
from aggregator.index.protocol import EMPTY, RebuildIndexError, Rebuilt, Refused
from aggregator.index.tantivy_document import TOKENIZER, build_schema, tantivy_document
from aggregator.index.tantivy_search import Reading
from aggregator.search.plan import SearchPlan
from aggregator.search.results import SearchResult

#: To be raised when the schema changes, or what is put into its fields; the index is then filled again from
#: the database, as it is when the folding changes.
VERSION = 3

HEAP = 64_000_000  # bytes that one writer gathers before it writes a segment
PATIENCE = 5.0  # seconds to wait for another writer
_POLL = 0.05

#: What the engine says of a disk or a process that is short of something, not of a broken index.
_PASSING = (
    "No space left",
    "File too large",
    "Permission denied",
    "Read-only file system",
    "Too many open files",
    "Cannot allocate memory",
)
#: What it says where its writing thread has met one of these; what was written before stands.
_WRITER_DIED = "An index writer was killed"


class LocalIndex:
    """The index in ``directory``, made at the first writing; see ``SearchIndex`` for what it does.

    Each version of schema and folding has a folder of its own in there: an index of another one is
    never misread. Safe to read from several threads.
    """

    def __init__(self, directory: Path, *, patience: float = PATIENCE) -> None:
        self.directory = directory
        self._path = directory / f"v{VERSION}-{folding_version()}"
        self._patience = patience
        self._schema = build_schema()
        self._opened: tantivy.Index | None = None

    def is_current(self) -> bool:
        """Whether an index of this version exists."""
        return (self._path / "meta.json").exists()

    def changes(self) -> tuple[str, ...]:
        """What keeps it from being current, see ``SearchIndex``."""
        outdated = not self.is_current() and self._other_versions()
        return ("its fields or its folding are others",) if outdated else ()

    @contextmanager
    def writing(self, patience: float | None = None) -> Iterator["LocalWriter"]:
        """Changes that become visible together, see ``SearchIndex``."""
        index = self._open() or self._create()
        engine = self._lock(index, patience)
        try:
            yield LocalWriter(engine, self._told)
            with self._told():
                engine.commit()
        except BaseException:
            with suppress(ValueError, OSError):
                engine.rollback()
            raise
        finally:
            with self._told():
                engine.wait_merging_threads()  # ends the writer, and with it the lock

    def rebuild(self, documents: Iterable[IndexDocument]) -> Rebuilt:
        """Replace everything in one step, see ``SearchIndex``; what cannot be read is thrown away."""
        if not self._is_readable():
            self._opened = None
            shutil.rmtree(self._path, ignore_errors=True)
        with self.writing() as writer:
            writer.clear()
            writer.add(documents)
        return Rebuilt(self.count())

    def search(self, plan: SearchPlan) -> SearchResult:
        """One page, see ``SearchIndex``."""
        searcher = self._searcher()
        if searcher is None:
            return SearchResult(total=0, hits=(), notes=(EMPTY,))
        reading = Reading(searcher, self._schema, plan)
        with self._told():
            return reading.page()

    def ids(self, plan: SearchPlan) -> Iterator[str]:
        """All ids, newest first, see ``SearchIndex``."""
        searcher = self._searcher()
        if searcher is not None:
            reading = Reading(searcher, self._schema, plan)
            with self._told():
                yield from reading.ids()

    def count(self) -> int:
        """How many articles can be found."""
        searcher = self._searcher()
        return searcher.num_docs if searcher else 0

    def drop_old(self) -> tuple[str, ...]:
        """Nothing is left of former indices: a rebuilding is one step."""
        return ()

    def _is_readable(self) -> bool:
        try:
            return self.is_current() and self.count() >= 0
        except RebuildIndexError:
            return False

    def _searcher(self) -> tantivy.Searcher | None:
        """The index as of now, with what other processes have committed; None where there is none."""
        index = self._open()
        if index is None:
            if self._other_versions():
                raise RebuildIndexError(self.directory, "was written by another version of this software")
            return None
        with self._told():
            index.reload()
            return index.searcher()

    def _open(self) -> tantivy.Index | None:
        if self._opened is None and self.is_current():
            with self._told():
                index = tantivy.Index.open(str(self._path))
                analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
                index.register_tokenizer(TOKENIZER, analyzer)
                index.config_reader("manual")  # reloaded at every search: no thread that watches files
                self._opened = index
        return self._opened

    def _create(self) -> tantivy.Index:
        """A new index in place of those of other versions, or the one that another process just made."""
        with self._told():
            made = self.directory / f"new-{uuid4().hex}"
            made.mkdir(parents=True)
            tantivy.Index(self._schema, path=str(made))
            try:
                made.rename(self._path)  # appears whole, and never in place of one that has something in it
            except OSError:
                shutil.rmtree(made, ignore_errors=True)
        for outdated in self._other_versions():
            shutil.rmtree(outdated, ignore_errors=True)
        index = self._open()
        if index is None:
            raise RebuildIndexError(self._path, "cannot be read (it is incomplete)")
        return index

    def _other_versions(self) -> list[Path]:
        return [meta.parent for meta in self.directory.glob("v*/meta.json") if meta.parent != self._path]

    def _lock(self, index: tantivy.Index, patience: float | None = None) -> tantivy.IndexWriter:
        """The one writer; TryLaterError when another process does not let go of it in time."""
        deadline = time.monotonic() + (self._patience if patience is None else patience)
        while True:
            try:
                return index.writer(heap_size=HEAP, num_threads=1)
            except ValueError as error:
                if "LockBusy" not in str(error):
                    raise self._reason(error) from error
            if time.monotonic() >= deadline:
                raise TryLaterError(f"another process is writing the search index {self.directory}")
            time.sleep(_POLL)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What the engine raises, as an error that a caller can act on. The cause is kept."""
        try:
            yield
        except (ValueError, OSError) as error:
            raise self._reason(error) from error
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # how the engine fails on broken files
                raise
            raise self._reason(error) from error

    def _reason(self, error: BaseException) -> AggregatorError:
        if _WRITER_DIED in str(error):
            free = shutil.disk_usage(self.directory).free
            return TryLaterError(
                f"the search index {self.directory} cannot be written: "
                f"is the disk full? ({free:,} bytes are free)"
            )
        if any(sign in str(error) for sign in _PASSING):
            return TryLaterError(f"the search index {self.directory} cannot be used: {error}")
        return RebuildIndexError(self.directory, f"cannot be read ({_first_line(error)})")


class LocalWriter:
    """The changes of one ``LocalIndex.writing``."""

    def __init__(self, engine: tantivy.IndexWriter, told: Callable[[], AbstractContextManager[None]]) -> None:
        self.refused: list[Refused] = []  # this engine takes anything
        self._engine, self._told = engine, told

    def add(self, documents: Iterable[IndexDocument]) -> None:
        """Put documents in, each in place of the one with its id."""
        for document in documents:
            made = tantivy_document(document)
            with self._told():
                self._engine.delete_documents_by_term("id", document.id)
                self._engine.add_document(made)

    def delete(self, ids: Iterable[str]) -> None:
        """Take documents out; unknown ids are ignored."""
        for article_id in ids:
            with self._told():
                self._engine.delete_documents_by_term("id", article_id)

    def clear(self) -> None:
        """Take everything out."""
        with self._told():
            self._engine.delete_all_documents()


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0][:200]
