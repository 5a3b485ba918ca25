"""All contact with Whoosh: its files, its writer, its searcher and its queries."""

import os
import threading
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from content.search.generations import Shelf, sync

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # 2.7.4 is older than some warnings of the compiler
    from whoosh import fields, formats, index, query
    from whoosh.reading import IndexReader
    from whoosh.searching import Searcher

Query = query.Query
KEY = "key"
HITS_MAX = 10_000
OPENINGS = 5  # a generation may be cleared away between reading its name and opening it
_threads = threading.local()


@dataclass(frozen=True)
class Document:
    """What the index keeps of one object: tokens by field."""

    key: str
    fields: dict[str, list[str]]


class SearchIndex:
    """One index of documents. Searching never waits for writing."""

    def __init__(self, folder: Path) -> None:
        self.shelf = Shelf(folder)

    # --- writing; the caller holds the lock ---------------------------------
    def live_generation(self) -> str:
        """Name of the generation that is searched; makes the first one. Needs the writers' lock."""
        return self.shelf.current() or self.publish(self.begin_generation())

    def begin_generation(self) -> str:
        """An empty generation that nobody searches yet."""
        generation = self.shelf.add()
        index.create_in(str(self.shelf.path(generation)), fields.Schema(key=fields.ID(unique=True, sortable=True)))
        return generation

    def publish(self, generation: str) -> str:
        """Let everybody search this generation from now on. Needs the writers' lock."""
        self.shelf.make_current(generation)
        return generation

    def write(self, generation: str, documents: Sequence[Document], removed: Iterable[str] = ()) -> None:
        """Put documents in, instead of those with the same keys, and take others out: all in one commit."""
        replaced = {*removed, *(document.key for document in documents)}
        if not replaced:
            return
        folder = self.shelf.path(generation)
        before = set(folder.iterdir())
        live = index.open_dir(str(folder))
        writer = live.writer(limitmb=64)
        try:
            with writer.searcher() as searcher:
                for key in replaced:
                    writer.delete_by_term(KEY, key, searcher=searcher)
            for name in sorted({name for document in documents for name in document.fields} - set(live.schema.names())):
                writer.add_field(name, Tokens())
            for document in documents:
                writer.add_document(**{KEY: document.key}, **document.fields)
        except BaseException:
            writer.cancel()
            raise
        writer.commit()
        for written in set(folder.iterdir()) - before:
            sync(written)
        sync(folder)

    # --- searching ----------------------------------------------------------
    def search(self, wanted: Query, limit: int = HITS_MAX) -> list[tuple[str, float]]:
        """Keys and scores, best first."""
        searcher = self._searcher()
        if searcher is None:
            return []
        # Never normalised first: Whoosh would make of «this and everything» everything.
        results = searcher.search(wanted, limit=limit)
        keys = searcher.reader().column_reader(KEY) if results.scored_length() else {}
        return [(keys[number], score) for number, score in results.items()]

    def rarest(self, names: Iterable[str], tokens: Iterable[str], count: int) -> list[str]:
        """Those of the tokens that stand in the fewest documents, but in one at least."""
        searcher = self._searcher()
        if searcher is None:
            return []
        known = [name for name in names if name in searcher.schema]
        often = {token: sum(searcher.doc_frequency(name, token) for name in known) for token in tokens}
        return sorted((token for token in often if often[token]), key=often.__getitem__)[:count]

    def document_count(self) -> int:
        searcher = self._searcher()
        return searcher.doc_count() if searcher else 0

    def _searcher(self) -> Searcher | None:
        """The searcher of this thread, opened anew whenever the index has changed; None before the first document.

        Never refreshed: a reader that is carried over may still show what was deleted. Not shared between
        threads or processes: its readers move a position in their files.
        """
        opened = _threads.__dict__.setdefault("opened", {})
        for opening in range(OPENINGS):
            name = self.shelf.current()
            if not name:
                return None
            try:
                return _current_searcher(opened, self.shelf.path(name))
            except (OSError, index.EmptyIndexError):
                if opening == OPENINGS - 1:
                    raise
        return None


class _Opened(NamedTuple):
    owner: tuple[int, Path]  # process and generation
    index: index.Index
    commit: int
    searcher: Searcher


def _current_searcher(opened: dict[Path, _Opened], folder: Path) -> Searcher:
    owner, kept = (os.getpid(), folder), opened.get(folder.parent)
    live = kept.index if kept and kept.owner == owner else index.open_dir(str(folder))
    commit = live.latest_generation()
    if kept is None or (kept.owner, kept.commit) != (owner, commit):
        opened[folder.parent] = kept = _Opened(owner, live, commit, live.searcher())
    return kept.searcher


class Tokens(fields.FieldType):
    """A field that takes its tokens ready-made and keeps how often each occurs."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), analyzer=None, scorable=True)

    def index(self, tokens: list[str], **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        return ((token.encode(), count, float(count), b"") for token, count in Counter(tokens).items())


# --- queries ------------------------------------------------------------------
class _Beginning(query.Prefix):
    """Finds nothing, where Whoosh raises, in a field that no document has yet."""

    def _btexts(self, reader: IndexReader) -> Iterable[bytes]:
        return super()._btexts(reader) if self.fieldname in reader.schema else ()


def term(name: str, token: str, boost: float = 1.0) -> Query:
    return query.Term(name, token, boost=boost)


def beginning(name: str, token: str, boost: float = 1.0) -> Query:
    return _Beginning(name, token, boost=boost)


def all_of(queries: Iterable[Query]) -> Query:
    return query.And(list(queries) or [query.NullQuery])


def any_of(queries: Iterable[Query]) -> Query:
    return query.Or(list(queries) or [query.NullQuery])


def none_of(unwanted: Query) -> Query:
    return query.Not(unwanted)


def preferring(required: Query, optional: Query) -> Query:
    """Finds what is required; what is optional only raises the score."""
    return query.AndMaybe(required, optional)


def everything() -> Query:
    return query.Every()


def nothing() -> Query:
    return query.NullQuery
