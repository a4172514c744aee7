"""What a run knows of its pictures: which there are, what became of each, and the points not yet in the dataset.

An SQLite database: each outcome is kept in one transaction, so that a run can be killed at any moment and goes on where
it stood, and a million pictures take no memory. Nobody else may open it meanwhile.
"""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from digitize.batch.records import STATUSES, Entry, Found, Outcome
from digitize.batch.rows import ENTRY, metadata_json, to_entry, to_json, to_outcome
from digitize.errors import OutputError, UsageError

RESTORED = "?"  # the stamp of a picture that only the dataset tells of: whatever it is now, it stays
VERSION = 1  # of the tables below
BLOCK = 1000  # pictures to a part of the dataset: some ten to thirty MiB of Parquet

_TABLES = """
CREATE TABLE IF NOT EXISTS about (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS entries (
    number INTEGER PRIMARY KEY, block INTEGER NOT NULL, source TEXT NOT NULL, asked TEXT NOT NULL,
    image TEXT NOT NULL UNIQUE, place TEXT NOT NULL UNIQUE, metadata TEXT NOT NULL, stamp TEXT NOT NULL,
    scan INTEGER NOT NULL, digest TEXT, rank REAL, outcome TEXT, UNIQUE (source, asked)
);
CREATE INDEX IF NOT EXISTS pending ON entries (block, number) WHERE outcome IS NULL;
CREATE INDEX IF NOT EXISTS digests ON entries (digest) WHERE digest IS NOT NULL;
CREATE INDEX IF NOT EXISTS ranks ON entries (rank, number) WHERE rank IS NOT NULL;
CREATE INDEX IF NOT EXISTS blocks ON entries (block, number);
CREATE TABLE IF NOT EXISTS points (number INTEGER PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS written (block INTEGER PRIMARY KEY, stale INTEGER NOT NULL DEFAULT 0);
"""
_STALE = "UPDATE written SET stale = 1 WHERE block = (SELECT block FROM entries WHERE number = ?)"


class Manifest:
    """The records of one run, in a file of their own.

    Raises
    ------
    UsageError
        Another run is at it, or the file is no manifest.
    OutputError
        It cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._db = sqlite3.connect(path, isolation_level=None, timeout=1.0)
            # Exclusive: a second run on the same output would read everything twice. The log needs no shared memory
            # then, so that network file systems serve as well.
            self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute("PRAGMA cache_size = -8000")
            self._db.execute("PRAGMA wal_autocheckpoint = 8000")
            with self._transaction():
                self._set_up()
        except sqlite3.DatabaseError as error:
            raise _fault(path, error) from error

    def _set_up(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version == VERSION:
            return
        if version or self._db.execute("SELECT 1 FROM sqlite_master").fetchone():
            raise sqlite3.DatabaseError("of another version of digitize")
        for statement in _TABLES.split(";"):
            self._db.execute(statement)
        self._db.execute(f"PRAGMA user_version = {VERSION}")

    def close(self) -> None:
        self._db.close()

    def check(self, about: Mapping[str, str]) -> None:
        """Make sure that what was read before was read in the same way.

        Raises
        ------
        UsageError
            It was not.
        """
        for key, value in about.items():
            known = self._get(key)
            if known is not None and known != value:
                raise UsageError(
                    f"{self._path.parent}: its pictures were read with {key} {known}, not {value}; choose another "
                    "folder with -o, or begin anew with --no-resume"
                )

    def settle(self, about: Mapping[str, str]) -> None:
        """Keep how pictures are read, for `check`."""
        self._db.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", about.items())

    def mark(self) -> str | None:
        """What the last run that went on from this manifest left in its output."""
        return self._get("mark")

    def set_mark(self, mark: str) -> None:
        self.settle({"mark": mark})

    def _get(self, key: str) -> str | None:
        row = self._db.execute("SELECT value FROM about WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def restore(self, rows: Sequence[tuple[Entry, Outcome]]) -> None:
        """Enter a part of a dataset, whole and with its outcomes."""
        first = self._next("number")
        for number, (entry, outcome) in enumerate(rows, start=first):
            entered = replace(entry, number=number)
            self._insert(entered, RESTORED, 0)
            self.record(entered, outcome)
        if rows:
            self.mark_written(rows[0][0].block)
        self._add_columns(name for entry, _ in rows for name in entry.metadata)

    def add(self, found: Iterable[Found]) -> int:
        """Enter pictures that are not there yet, or whose files are no longer the same; returns how many those were.

        New ones get numbers in their order, and all of them parts of the dataset of their own. A picture whose id
        another has is told apart by a number at its end, and so is one that a list names again with other metadata.
        """
        adding = _Adding(scan=int(self._get("scan") or 0) + 1, number=self._next("number"), block=self._next("block"))
        columns: dict[str, None] = {}
        with self._transaction():
            for one in found:
                columns.update(dict.fromkeys(one.metadata))
                self._add(one, adding)
            self._add_columns(columns)
            self.settle({"scan": str(adding.scan)})
        return adding.count

    def _add(self, found: Found, adding: _Adding, asked: str | None = None) -> None:
        asked = asked or found.image
        metadata = metadata_json(found.metadata)
        query = "SELECT number, stamp, metadata, scan FROM entries WHERE source = ? AND asked = ?"
        known = self._db.execute(query, (found.source, asked)).fetchone()
        if known is None:
            self._insert_apart(found, asked, adding)
            return
        number, stamp, before, scan = known
        if not found.metadata:  # a folder says nothing against a list
            metadata = before
        if scan == adding.scan:  # named before by the same sources
            if metadata != before:
                self._add(found, adding, adding.apart(found.image))
            return
        self._db.execute(
            "UPDATE entries SET scan = ?, stamp = ?, metadata = ? WHERE number = ?",
            (adding.scan, found.stamp, metadata, number),
        )
        if stamp not in (found.stamp, RESTORED):
            self._forget(number, adding.next_block())
        elif metadata != before:
            self._db.execute(_STALE, (number,))

    def _add_columns(self, names: Iterable[str]) -> None:
        before = self.columns()
        columns = list(dict.fromkeys([*before, *names]))
        if columns != before:
            self.settle({"columns": json.dumps(columns)})
            self._db.execute("UPDATE written SET stale = 1")  # all parts of one table have the same columns

    def _next(self, column: str) -> int:
        (last,) = self._db.execute(f"SELECT max({column}) FROM entries").fetchone()
        return 0 if last is None else last + 1

    def _insert_apart(self, found: Found, asked: str, adding: _Adding) -> None:
        """Enter a picture by an id of its own."""
        entry = Entry(
            number=adding.number,
            block=adding.next_block(),
            source=found.source,
            asked=asked,
            image=asked,
            metadata=found.metadata,
        )
        adding.number += 1
        while True:
            try:
                self._insert(entry, found.stamp, adding.scan)
                return
            except sqlite3.IntegrityError:
                entry = replace(entry, image=adding.apart(found.image))

    def _insert(self, entry: Entry, stamp: str, scan: int) -> None:
        place = unicodedata.normalize("NFC", entry.name).casefold()  # which no file system tells apart from the name
        row = (entry.number, entry.block, entry.source, entry.asked, entry.image, metadata_json(entry.metadata))
        columns = f"{ENTRY}, place, stamp, scan"
        self._db.execute(
            f"INSERT INTO entries ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, place, stamp, scan)
        )

    def _forget(self, number: int, block: int) -> None:
        """Have a picture read anew, in another part; the one that it was in holds what is no longer so."""
        self._db.execute(_STALE, (number,))
        self._db.execute("DELETE FROM points WHERE number = ?", (number,))
        query = "UPDATE entries SET outcome = NULL, digest = NULL, rank = NULL, block = ? WHERE number = ?"
        self._db.execute(query, (block, number))

    def retry_failed(self) -> None:
        """Have all that failed read again, in parts of their own."""
        failed = self._db.execute("SELECT number FROM entries WHERE rank = 0.0 ORDER BY number").fetchall()
        block = self._next("block")
        with self._transaction():
            for place, (number,) in enumerate(failed):
                self._forget(number, block + place // BLOCK)

    def stale(self) -> list[int]:
        """The parts of the dataset that hold what is no longer so."""
        return [block for (block,) in self._db.execute("SELECT block FROM written WHERE stale ORDER BY block")]

    def mark_fresh(self, block: int) -> None:
        """A part holds again what its pictures came to."""
        self._db.execute("UPDATE written SET stale = 0 WHERE block = ?", (block,))

    def pending(self) -> Iterator[Entry]:
        """The pictures without an outcome, in order; those whose outcome comes in the meantime are left out."""
        block = number = -1
        query = f"""SELECT {ENTRY} FROM entries WHERE outcome IS NULL AND (block, number) > (?, ?)
                    ORDER BY block, number LIMIT 64"""
        while rows := self._db.execute(query, (block, number)).fetchall():
            for row in rows:
                yield to_entry(row)
            block, number = rows[-1][1], rows[-1][0]

    def count(self) -> tuple[int, int]:
        """How many pictures there are, and how many have an outcome."""
        (total,) = self._db.execute("SELECT count(*) FROM entries").fetchone()
        (waiting,) = self._db.execute("SELECT count(*) FROM entries WHERE outcome IS NULL").fetchone()
        return total, total - waiting

    def columns(self) -> list[str]:
        """The names of all metadata, in order of their first appearance."""
        return list(json.loads(self._get("columns") or "[]"))

    def twin(self, digest: str) -> tuple[Entry, Outcome] | None:
        """A picture of the same bytes that has an outcome."""
        query = f"SELECT {ENTRY}, outcome FROM entries WHERE digest = ? ORDER BY number LIMIT 1"
        row = self._db.execute(query, (digest,)).fetchone()
        return None if row is None else (to_entry(row), to_outcome(row[-1]))

    def record(self, entry: Entry, outcome: Outcome) -> None:
        """Keep the outcome of a picture, and its points until they are in the dataset."""
        rank = STATUSES.index(outcome.status) - min(outcome.doubt, 999.0) / 1000
        with self._transaction():
            self._db.execute(
                "UPDATE entries SET outcome = ?, digest = ?, rank = ? WHERE number = ?",
                (to_json(outcome), outcome.digest, rank, entry.number),
            )
            if outcome.points:
                self._db.execute("INSERT OR REPLACE INTO points VALUES (?, ?)", (entry.number, outcome.points))

    def points_of(self, entry: Entry) -> bytes | None:
        """The points of a picture, while they are not in the dataset."""
        row = self._db.execute("SELECT content FROM points WHERE number = ?", (entry.number,)).fetchone()
        return None if row is None else row[0]

    def is_complete(self, block: int) -> bool:
        """Whether all pictures of a part have an outcome."""
        query = "SELECT 1 FROM entries INDEXED BY pending WHERE block = ? AND outcome IS NULL LIMIT 1"
        return self._db.execute(query, (block,)).fetchone() is None

    def has_outcomes(self, block: int) -> bool:
        """Whether any picture of a part is settled."""
        query = "SELECT 1 FROM entries WHERE block = ? AND outcome IS NOT NULL LIMIT 1"
        return self._db.execute(query, (block,)).fetchone() is not None

    def unwritten(self) -> list[int]:
        """The parts with outcomes that are not in the dataset, or not all."""
        query = """SELECT DISTINCT block FROM entries WHERE outcome IS NOT NULL
                   AND block NOT IN (SELECT block FROM written) ORDER BY block"""
        return [block for (block,) in self._db.execute(query)]

    def block(self, block: int) -> Iterator[tuple[Entry, Outcome]]:
        """The pictures of a part that have outcomes, in order."""
        query = f"SELECT {ENTRY}, outcome FROM entries WHERE block = ? AND outcome IS NOT NULL ORDER BY number"
        yield from self._with_outcomes(query, (block,))

    def block_points(self, block: int) -> Iterator[bytes]:
        """The points of a part's pictures, in order."""
        query = """SELECT content FROM entries CROSS JOIN points ON points.number = entries.number
                   WHERE entries.block = ? ORDER BY entries.number"""  # cross: outer first, so that nothing is sorted
        for (content,) in self._db.execute(query, (block,)):
            yield content

    def mark_written(self, block: int) -> None:
        """A part is whole in the dataset: its points need not be kept."""
        with self._transaction():
            self._db.execute("INSERT OR REPLACE INTO written VALUES (?, 0)", (block,))
            self._db.execute(
                "DELETE FROM points WHERE number IN (SELECT number FROM entries WHERE block = ?)", (block,)
            )

    def worst_first(self) -> Iterator[tuple[Entry, Outcome]]:
        """All pictures with outcomes: the failed ones, the refused ones, and so on, the least certain first."""
        query = f"SELECT {ENTRY}, outcome FROM entries WHERE rank IS NOT NULL ORDER BY rank, number"
        yield from self._with_outcomes(query, ())

    def statuses(self) -> dict[str, int]:
        """How many pictures came to each status."""
        query = (
            "SELECT json_extract(outcome, '$.status') AS s, count(*) FROM entries WHERE outcome IS NOT NULL GROUP BY s"
        )
        found = dict(self._db.execute(query).fetchall())
        return {status: found.get(status, 0) for status in STATUSES}

    def reasons(self) -> list[tuple[str, str, int]]:
        """Status, code and number of pictures of each reason that stands for any, the most frequent first."""
        query = """SELECT s, code, count(*) FROM (
                     SELECT DISTINCT number, json_extract(outcome, '$.status') AS s, json_extract(value, '$[0]') AS code
                     FROM entries, json_each(outcome, '$.reasons') WHERE outcome IS NOT NULL)
                   GROUP BY s, code ORDER BY count(*) DESC, code"""
        return [(status, code, count) for status, code, count in self._db.execute(query)]

    def _with_outcomes(self, query: str, values: tuple[Any, ...]) -> Iterator[tuple[Entry, Outcome]]:
        for row in self._db.execute(query, values):
            yield to_entry(row), to_outcome(row[-1])

    def _transaction(self) -> _Transaction:
        return _Transaction(self._db)


@dataclass
class _Adding:
    """Where one scan of the sources stands: its number, the next picture's, the next part's, and how many it added."""

    scan: int
    number: int
    block: int
    count: int = 0
    copies: Counter[str] = field(default_factory=Counter)

    def next_block(self) -> int:
        """The part that one more picture goes to."""
        self.count += 1
        return self.block + (self.count - 1) // BLOCK

    def apart(self, image: str) -> str:
        """An id with the next number at its end."""
        self.copies[image] += 1
        return f"{image} ({self.copies[image] + 1})"


class _Transaction:
    """All or nothing, also where the caller is interrupted."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        self._db.execute("COMMIT" if kind is None else "ROLLBACK")


def _fault(path: Path, error: sqlite3.DatabaseError) -> UsageError | OutputError:
    """What to tell a user whose manifest cannot be opened."""
    text = str(error)
    if "locked" in text:
        return UsageError(f"{path.parent}: another run writes there; wait for its end, or choose another folder")
    if any(word in text for word in ("not a database", "malformed", "another version")):
        return UsageError(f"{path}: this is no manifest that can be gone on from ({text}); choose another folder")
    why = "the disk is full" if "full" in text else text
    return OutputError(f"{path.parent}: results cannot be written ({why}); mend that, or choose another folder")
