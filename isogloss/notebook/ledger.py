"""The cases of a workspace: one file of SQLite that many processes read and write; changes can be undone."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from isogloss.errors import InvalidValue, NotFound, StoreError, reason_of
from isogloss.notebook.case import HOWS, Case, clean_tags, now
from isogloss.text.normalize import nfc

FILE = "notebook.sqlite"
SCHEMA = 1
MOST_CASES = 1_000_000
MOST_STEPS = 200  # that can be undone
WAIT = 60.0  # seconds for another writer
SORTS = {
    "newest": "created DESC, rowid DESC",
    "oldest": "created, rowid",
    "title": "title, rowid",
    "page": "page, rowid",
}
_TABLES = (
    "CREATE TABLE cases (id TEXT PRIMARY KEY, created TEXT NOT NULL, title TEXT NOT NULL, page TEXT NOT NULL,"
    " how TEXT NOT NULL, word TEXT NOT NULL, words TEXT NOT NULL, body TEXT NOT NULL)",
    "CREATE TABLE tags (id TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE, tag TEXT NOT NULL,"
    " PRIMARY KEY (id, tag)) WITHOUT ROWID",
    "CREATE TABLE history (step INTEGER NOT NULL, id TEXT NOT NULL, before TEXT, after TEXT, what TEXT NOT NULL,"
    " created TEXT NOT NULL, PRIMARY KEY (step, id)) WITHOUT ROWID",
    *(f"CREATE INDEX cases_{one} ON cases ({one})" for one in ("created", "page", "word")),
    "CREATE INDEX tags_tag ON tags (tag)",
    f"PRAGMA user_version = {SCHEMA}",
)


@dataclass(frozen=True)
class Wanted:
    """Which cases: all that have the tag, are of the page, about the word, hold the text, and came in so. Empty is
    any.
    """

    tag: str = ""
    page: str = ""
    word: str = ""
    text: str = ""
    how: str = ""

    def where(self) -> tuple[str, list[str]]:
        """The condition in SQL, and its values; no text of a user stands in it."""
        told, values = ["1"], []
        for column, value in (("page", self.page), ("how", self.how), ("word", _plain(nfc(self.word.strip())))):
            if value:
                told.append(f"{column} = ?")
                values.append(_plain(value))
        if self.tag:
            told.append("id IN (SELECT id FROM tags WHERE tag = ?)")
            values.append(_plain(self.tag))
        for part in self.text.split()[:20]:
            told.append("words LIKE ? ESCAPE '!'")
            found = _folded(part[:200]).replace("!", "!!").replace("%", "!%").replace("_", "!_")
            values.append(f"%{found}%")
        return " AND ".join(told), values


class Ledger:
    """The cases of a file; of the memory of this process alone where there is none.

    An acknowledged change is on the disk (`synchronous=FULL`): a process that is killed loses none. Reading makes no
    file. Raises StoreError for a file that is damaged, of a later version, or cannot be written.

    >>> ledger = Ledger(None)
    >>> from isogloss.notebook.view import View
    >>> kept = ledger.keep(Case(View("Drift"), title="peace", tags=("war",)))
    >>> [one.title for one in ledger.cases(Wanted(tag="war"))], ledger.undo(), ledger.count()
    (['peace'], 'keep peace', 0)
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._memory: sqlite3.Connection | None = None

    def keep(self, case: Case) -> Case:
        """Take a case in. Raises InvalidValue where there is one of its id, or too many."""
        self.keep_all([case])
        return case

    def keep_all(self, cases: Sequence[Case], what: str = "") -> int:
        """Take cases in, all or none, as one step. Raises InvalidValue where one of its id is there."""
        with self._open(write=True) as base:
            (n,) = base.execute("SELECT count(*) FROM cases").fetchone()
            if n + len(cases) > MOST_CASES:
                raise InvalidValue(f"the notebook has {n:,} cases", f"it holds {MOST_CASES:,}: export and delete some")
            for case in cases:
                if base.execute("SELECT 1 FROM cases WHERE id = ?", [case.id]).fetchone():
                    raise InvalidValue(f"the case {case.id} is there already", "change it, or keep it once")
            told = what or ("keep " + (cases[0].title if len(cases) == 1 else f"{len(cases):,} cases"))
            self._change(base, [(case.id, None, case) for case in cases], told)
        return len(cases)

    def get(self, id: str) -> Case:
        """Raises NotFound. The first letters of an id are enough where they are those of one case."""
        found = []
        if id and id.isalnum():
            with self._open() as base:
                pattern = f"{_plain(id[:32])}%"
                found = base.execute("SELECT body FROM cases WHERE id LIKE ? LIMIT 2", [pattern]).fetchall()
        if len(found) != 1:
            many = "no case" if not found else "more than one case"
            raise NotFound(f"there is {many} {id[:40]!r}", lever="isogloss cases list shows them")
        return self._case(found[0][0])

    def cases(
        self, wanted: Wanted | None = None, *, sort: str = "newest", limit: int = 100_000, offset: int = 0
    ) -> list[Case]:
        """Those that are wanted, in order. Raises InvalidValue for an order that there is not."""
        if sort not in SORTS:
            raise InvalidValue(f"the order {sort[:40]!r} was asked for", f"choose from {', '.join(SORTS)}")
        where, values = (wanted or Wanted()).where()
        with self._open() as base:
            asked = f"SELECT body FROM cases WHERE {where} ORDER BY {SORTS[sort]} LIMIT ? OFFSET ?"
            rows = base.execute(asked, [*values, limit, offset]).fetchall()
        return [self._case(body) for (body,) in rows]

    def count(self, wanted: Wanted | None = None) -> int:
        where, values = (wanted or Wanted()).where()
        with self._open() as base:
            return int(base.execute(f"SELECT count(*) FROM cases WHERE {where}", values).fetchone()[0])

    def tags(self) -> dict[str, int]:
        """Tag → how many cases have it, the most used first."""
        with self._open() as base:
            asked = "SELECT tag, count(*) AS n FROM tags GROUP BY tag ORDER BY n DESC, tag LIMIT 1000"
            return dict(base.execute(asked).fetchall())

    def pages(self) -> list[str]:
        """The pages that there are cases of."""
        with self._open() as base:
            return [page for (page,) in base.execute("SELECT DISTINCT page FROM cases ORDER BY page LIMIT 100")]

    def update(self, id: str, *, comment: str | None = None, tags: Sequence[str] | None = None) -> Case:
        """Another comment, other tags. Raises NotFound, InvalidValue."""
        more: dict[str, Any] = {} if comment is None else {"comment": comment}
        more |= {} if tags is None else {"tags": clean_tags(tags)}
        return self.put(replace(self.get(id), **more), "change")

    def put(self, case: Case, what: str = "change") -> Case:
        """A case in the place of the one of its id. Raises NotFound."""
        with self._open(write=True) as base:
            before = self._of(base, [case.id])
            if before[0].text() != case.text():
                self._change(base, [(case.id, before[0], case)], f"{what} {case.title}")
        return case

    def tag_all(self, ids: Sequence[str], tag: str, *, away: bool = False) -> int:
        """Give a tag to cases, or take it away; how many it changed. Raises NotFound, InvalidValue."""
        (tag,) = clean_tags([tag]) or ("",)
        if not tag:
            raise InvalidValue("the tag is empty", "write a word")
        with self._open(write=True) as base:
            changes: list[tuple[str, Case | None, Case | None]] = []
            for case in self._of(base, ids):
                tags = tuple(one for one in case.tags if one != tag) + (() if away else (tag,))
                if (tag in case.tags) == away:
                    changes.append((case.id, case, replace(case, tags=tags)))
            self._change(base, changes, f"{'untag' if away else 'tag'} {len(changes):,} cases {tag}")
        return len(changes)

    def delete(self, ids: Sequence[str]) -> int:
        """Take cases away; `undo` brings them back. Raises NotFound."""
        with self._open(write=True) as base:
            found = self._of(base, ids)
            told = found[0].title if len(found) == 1 else f"{len(found):,} cases"
            self._change(base, [(case.id, case, None) for case in found], f"delete {told}")
        return len(found)

    def undo(self) -> str:
        """Take the last change back, whole; what it was. Raises NotFound where there is none left."""
        with self._open(write=True) as base:
            (step,) = base.execute("SELECT max(step) FROM history").fetchone()
            if step is None:
                raise NotFound("there is no change to undo", lever="the last 200 changes can be undone")
            rows = base.execute("SELECT id, before, what FROM history WHERE step = ?", [step]).fetchall()
            for id, before, _ in rows:
                self._write(base, id, None if before is None else self._case(before))
            base.execute("DELETE FROM history WHERE step = ?", [step])
        return str(rows[0][2])

    def last(self) -> str:
        """What `undo` would take back; empty for nothing."""
        with self._open() as base:
            row = base.execute("SELECT what FROM history ORDER BY step DESC LIMIT 1").fetchone()
        return str(row[0]) if row else ""

    def _of(self, base: sqlite3.Connection, ids: Sequence[str]) -> list[Case]:
        found = []
        for id in dict.fromkeys(ids):
            row = base.execute("SELECT body FROM cases WHERE id = ?", [_plain(id)]).fetchone()
            if row is None:
                raise NotFound(f"there is no case {id[:40]!r}", lever="isogloss cases list shows them")
            found.append(self._case(row[0]))
        return found

    def _change(
        self, base: sqlite3.Connection, changes: Sequence[tuple[str, Case | None, Case | None]], what: str
    ) -> None:
        if not changes:
            return
        (last,) = base.execute("SELECT coalesce(max(step), 0) FROM history").fetchone()
        at, step = now(), last + 1
        for id, before, after in changes:
            told = (before.text() if before else None, after.text() if after else None)
            base.execute("INSERT INTO history VALUES (?, ?, ?, ?, ?, ?)", [step, id, *told, _plain(what[:200]), at])
            self._write(base, id, after)
        base.execute("DELETE FROM history WHERE step <= ?", [step - MOST_STEPS])

    def _write(self, base: sqlite3.Connection, id: str, case: Case | None) -> None:
        base.execute("DELETE FROM tags WHERE id = ?", [id])
        if case is None:
            base.execute("DELETE FROM cases WHERE id = ?", [id])
            return
        if case.how not in HOWS:
            raise InvalidValue(f"the case came in {case.how!r}", f"choose from {', '.join(HOWS)}")
        near = (item for items in case.neighbors.values() for item in items[:10])
        words = _folded(" ".join((case.title, case.comment, case.items, *case.tags, *near, *case.lines))[:20_000])
        row = [case.id, case.created, case.title, case.view.page, case.how, nfc(case.items.strip()), words]
        base.execute(
            "INSERT INTO cases VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET title = excluded.title,"
            " page = excluded.page, how = excluded.how, word = excluded.word, words = excluded.words,"
            " body = excluded.body",
            [*map(_plain, row), case.text()],
        )
        tags = dict.fromkeys((id, _plain(tag)) for tag in case.tags)
        base.executemany("INSERT INTO tags VALUES (?, ?)", list(tags))

    def _case(self, body: str) -> Case:
        try:
            return Case.of_text(body)
        except InvalidValue as error:
            raise StoreError(f"a case of {self._name} is damaged ({error.fact})", _lever(self.path)) from error

    @property
    def _name(self) -> str:
        return "the notebook in memory" if self.path is None else f"the notebook {self.path.name!r}"

    @contextmanager
    def _open(self, *, write: bool = False) -> Iterator[sqlite3.Connection]:
        """A connection, in a transaction that ends whole or not at all. Raises StoreError."""
        try:
            if self.path is None or (not write and not self.path.exists()):
                with self._lock, _transaction(self._in_memory(), write):
                    yield self._in_memory()
                return
            with self._lock:
                base = self._connected(self.path, write)
                try:
                    with _transaction(base, write):
                        yield base
                finally:
                    base.close()
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                raise StoreError(f"{self._name} is being written by others", "try again in a moment") from error
            raise StoreError(f"{self._name} cannot be used ({error})", _lever(self.path)) from error
        except sqlite3.DatabaseError as error:
            raise StoreError(f"{self._name} is damaged ({error})", _lever(self.path)) from error
        except OSError as error:
            raise StoreError(f"{self._name} cannot be written ({reason_of(error)})", "check the workspace") from error

    def _in_memory(self) -> sqlite3.Connection:
        if self._memory is None:
            self._memory = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
            _prepare(self._memory, self._refuse)
            weakref.finalize(self, self._memory.close)
        return self._memory

    def _connected(self, path: Path, write: bool) -> sqlite3.Connection:
        if write:
            path.parent.mkdir(parents=True, exist_ok=True)
        base = sqlite3.connect(path, timeout=WAIT, check_same_thread=False, isolation_level=None)
        try:
            base.execute("PRAGMA synchronous = FULL")
            if write:
                base.execute("PRAGMA journal_mode = WAL")
            _prepare(base, self._refuse)
        except BaseException:
            base.close()
            raise
        return base

    def _refuse(self, version: int) -> None:
        raise StoreError(
            f"{self._name} has version {version}, this Isogloss reads {SCHEMA}",
            "update Isogloss, or move the file away",
        )


def _prepare(base: sqlite3.Connection, refuse: Callable[[int], None]) -> None:
    """Make the tables of a new file; one process does, the others wait."""
    base.execute(f"PRAGMA busy_timeout = {int(1000 * WAIT)}")
    if (version := base.execute("PRAGMA user_version").fetchone()[0]) == 0:
        with _transaction(base, True):
            if base.execute("PRAGMA user_version").fetchone()[0] == 0:
                for line in _TABLES:
                    base.execute(line)
        version = SCHEMA
    if version != SCHEMA:
        refuse(version)


@contextmanager
def _transaction(base: sqlite3.Connection, write: bool) -> Iterator[None]:
    base.execute("BEGIN IMMEDIATE" if write else "BEGIN")
    try:
        yield
    except BaseException:
        with suppress(sqlite3.Error):
            base.execute("ROLLBACK")
        raise
    base.execute("COMMIT")


def _plain(text: str) -> str:
    """Text as SQLite takes it: halves of surrogate pairs become question marks in what is searched, not in the case."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "\ufffd")


def _folded(text: str) -> str:
    return _plain(nfc(text)).casefold()


def _lever(path: Path | None) -> str:
    where = f"move {path} away" if path else "start again"
    return f"{where}: a new one is made; cases that were exported can be imported"
