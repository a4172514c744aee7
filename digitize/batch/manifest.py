"""What a run knows of its pictures: which there are, what became of each, and the points not yet in the dataset.

An SQLite database: each outcome is kept in one transaction, so that a run can be killed at any moment and goes on where
it stood, and a million pictures take no memory. Nobody else may open it meanwhile.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from digitize.batch.records import STATUSES, Entry, Found, Outcome
from digitize.errors import OutputError, UsageError
from digitize.model import Reason

RESTORED = "?"  # the stamp of a picture that only the dataset tells of: whatever it is now, it stays
BLOCK = 1000  # pictures to a part of the dataset: some ten to thirty MiB of Parquet

_TABLES = """
CREATE TABLE IF NOT EXISTS about (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS entries (
    number INTEGER PRIMARY KEY, block INTEGER NOT NULL, source TEXT NOT NULL, asked TEXT NOT NULL,
    image TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE COLLATE NOCASE, metadata TEXT NOT NULL,
    stamp TEXT NOT NULL DEFAULT '', digest TEXT, rank REAL, outcome TEXT, UNIQUE (source, asked)
);
CREATE INDEX IF NOT EXISTS pending ON entries (block, number) WHERE outcome IS NULL;
CREATE INDEX IF NOT EXISTS digests ON entries (digest) WHERE digest IS NOT NULL;
CREATE INDEX IF NOT EXISTS ranks ON entries (rank, number) WHERE rank IS NOT NULL;
CREATE INDEX IF NOT EXISTS blocks ON entries (block, number);
CREATE TABLE IF NOT EXISTS points (number INTEGER PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS written (block INTEGER PRIMARY KEY, stale INTEGER NOT NULL DEFAULT 0);
"""
_ENTRY = "number, block, source, asked, image, metadata"
_OUTSIDE = ("points", "reading")  # of an outcome: kept elsewhere, or never


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
            self._db.execute("PRAGMA cache_size = -16000")
            self._db.executescript(f"BEGIN IMMEDIATE; {_TABLES} COMMIT;")
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                raise UsageError(
                    f"{path.parent}: another run writes there; wait for its end, or choose another folder"
                ) from error
            if "unable to open" in str(error) or "readonly" in str(error):
                raise OutputError(
                    f"{path.parent}: results cannot be written ({error}); check its permissions"
                ) from error
            raise UsageError(f"{path}: this is no manifest of a run ({error}); choose another folder") from error

    def close(self) -> None:
        self._db.close()

    def agree(self, about: Mapping[str, str]) -> None:
        """Make sure that what was read before was read in the same way.

        Raises
        ------
        UsageError
            It was not.
        """
        for key, value in about.items():
            known = self._db.execute("SELECT value FROM about WHERE key = ?", (key,)).fetchone()
            if known and known[0] != value:
                raise UsageError(
                    f"{self._path.parent}: its pictures were read with {key} {known[0]}, not {value}; choose another "
                    "folder with -o, or begin anew with --no-resume"
                )
        self._db.executemany("INSERT OR IGNORE INTO about VALUES (?, ?)", about.items())

    def run(self) -> str | None:
        """Which run's output this belongs to, where that is told."""
        row = self._db.execute("SELECT value FROM about WHERE key = 'run'").fetchone()
        return row[0] if row else None

    def set_run(self, run: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO about VALUES ('run', ?)", (run,))

    def restore(self, rows: Sequence[tuple[Entry, Outcome]]) -> None:
        """Enter a part of a dataset, whole and with its outcomes."""
        first = self._next("number")
        for number, (entry, outcome) in enumerate(rows, start=first):
            entered = replace(entry, number=number)
            self._insert(entered, RESTORED)
            self.record(entered, outcome)
        if rows:
            self.mark_written(rows[0][0].block)
        self._add_columns(name for entry, _ in rows for name in entry.metadata)

    def add(self, found: Iterable[Found]) -> int:
        """Enter pictures that are not there yet, or are no longer the same; returns how many those were.

        New ones get numbers in their order, and all of them parts of the dataset of their own. A picture whose id
        another has is told apart by a number at its end.
        """
        number = self._next("number")
        block, count = self._next("block"), 0
        columns: dict[str, None] = {}
        with self._transaction():
            for one in found:
                columns.update(dict.fromkeys(one.metadata))
                query = "SELECT number, stamp FROM entries WHERE source = ? AND asked = ?"
                known = self._db.execute(query, (one.source, one.image)).fetchone()
                if known is None:
                    self._insert_apart(one, number, block + count // BLOCK)
                    number += 1
                elif known[1] == one.stamp:
                    continue
                elif known[1] == RESTORED:
                    self._db.execute("UPDATE entries SET stamp = ? WHERE number = ?", (one.stamp, known[0]))
                    continue
                else:
                    self._forget(known[0], block + count // BLOCK, one.stamp)
                count += 1
            self._add_columns(columns)
        return count

    def _add_columns(self, names: Iterable[str]) -> None:
        before = self.columns()
        columns = list(dict.fromkeys([*before, *names]))
        if columns != before:
            self._db.execute("INSERT OR REPLACE INTO about VALUES ('columns', ?)", (json.dumps(columns),))
            self._db.execute("UPDATE written SET stale = 1")  # all parts of one table have the same columns

    def _next(self, column: str) -> int:
        (last,) = self._db.execute(f"SELECT max({column}) FROM entries").fetchone()
        return 0 if last is None else last + 1

    def _insert_apart(self, found: Found, number: int, block: int) -> None:
        """Enter a picture by an id of its own."""
        entry = Entry(
            number=number,
            block=block,
            source=found.source,
            asked=found.image,
            image=found.image,
            metadata=found.metadata,
        )
        copy = 1
        while True:
            try:
                self._insert(entry, found.stamp)
                return
            except sqlite3.IntegrityError:
                copy += 1
                entry = replace(entry, image=f"{found.image} ({copy})")

    def _insert(self, entry: Entry, stamp: str = "") -> None:
        metadata = json.dumps(dict(entry.metadata), ensure_ascii=False) if entry.metadata else "{}"
        row = (entry.number, entry.block, entry.source, entry.asked, entry.image, metadata, entry.name, stamp)
        self._db.execute(f"INSERT INTO entries ({_ENTRY}, name, stamp) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def _forget(self, number: int, block: int, stamp: str) -> None:
        """Have a picture read anew, in another part; the one that it was in holds what is no longer so."""
        stale = "UPDATE written SET stale = 1 WHERE block = (SELECT block FROM entries WHERE number = ?)"
        self._db.execute(stale, (number,))
        self._db.execute("DELETE FROM points WHERE number = ?", (number,))
        self._db.execute(
            "UPDATE entries SET outcome = NULL, digest = NULL, rank = NULL, block = ?, stamp = ? WHERE number = ?",
            (block, stamp, number),
        )

    def retry_failed(self) -> None:
        """Have all that failed read again, in parts of their own."""
        failed = self._db.execute("SELECT number, stamp FROM entries WHERE rank = 0.0 ORDER BY number").fetchall()
        block = self._next("block")
        with self._transaction():
            for place, (number, stamp) in enumerate(failed):
                self._forget(number, block + place // BLOCK, stamp)

    def stale(self) -> list[int]:
        """The parts of the dataset that hold what is no longer so."""
        return [block for (block,) in self._db.execute("SELECT block FROM written WHERE stale ORDER BY block")]

    def mark_fresh(self, block: int) -> None:
        """A part holds again what its pictures came to."""
        self._db.execute("UPDATE written SET stale = 0 WHERE block = ?", (block,))

    def pending(self) -> Iterator[Entry]:
        """The pictures without an outcome, in order; those whose outcome comes in the meantime are left out."""
        block = number = -1
        query = f"""SELECT {_ENTRY} FROM entries WHERE outcome IS NULL AND (block, number) > (?, ?)
                    ORDER BY block, number LIMIT 64"""
        while rows := self._db.execute(query, (block, number)).fetchall():
            for row in rows:
                yield _to_entry(row)
            block, number = rows[-1][1], rows[-1][0]

    def count(self) -> tuple[int, int]:
        """How many pictures there are, and how many have an outcome."""
        (total,) = self._db.execute("SELECT count(*) FROM entries").fetchone()
        (waiting,) = self._db.execute("SELECT count(*) FROM entries WHERE outcome IS NULL").fetchone()
        return total, total - waiting

    def columns(self) -> list[str]:
        """The names of all metadata, in order of their first appearance."""
        row = self._db.execute("SELECT value FROM about WHERE key = 'columns'").fetchone()
        return json.loads(row[0]) if row else []

    def twin(self, digest: str) -> tuple[Entry, Outcome] | None:
        """A picture of the same bytes that has an outcome of its own."""
        query = f"SELECT {_ENTRY}, outcome FROM entries WHERE digest = ? ORDER BY number LIMIT 1"
        row = self._db.execute(query, (digest,)).fetchone()
        return None if row is None else (_to_entry(row), _to_outcome(row[-1]))

    def record(self, entry: Entry, outcome: Outcome) -> None:
        """Keep the outcome of a picture, and its points until they are in the dataset."""
        rank = STATUSES.index(outcome.status) - min(outcome.doubt, 999.0) / 1000
        own = outcome.digest if outcome.duplicate_of is None else None
        with self._transaction():
            self._db.execute(
                "UPDATE entries SET outcome = ?, digest = ?, rank = ? WHERE number = ?",
                (_to_json(outcome), own, rank, entry.number),
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

    def unwritten(self) -> list[int]:
        """The parts with outcomes that are not in the dataset, or not all."""
        query = """SELECT DISTINCT block FROM entries WHERE outcome IS NOT NULL
                   AND block NOT IN (SELECT block FROM written) ORDER BY block"""
        return [block for (block,) in self._db.execute(query)]

    def block(self, block: int) -> Iterator[tuple[Entry, Outcome]]:
        """The pictures of a part that have outcomes, in order."""
        query = f"SELECT {_ENTRY}, outcome FROM entries WHERE block = ? AND outcome IS NOT NULL ORDER BY number"
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
        query = f"SELECT {_ENTRY}, outcome FROM entries WHERE rank IS NOT NULL ORDER BY rank, number"
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
            yield _to_entry(row), _to_outcome(row[-1])

    def _transaction(self) -> _Transaction:
        return _Transaction(self._db)


class _Transaction:
    """All or nothing, also where the caller is interrupted."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        self._db.execute("COMMIT" if kind is None else "ROLLBACK")


def _to_entry(row: tuple[Any, ...]) -> Entry:
    number, block, source, asked, image, metadata = row[:6]
    known = {} if metadata == "{}" else json.loads(metadata)
    return Entry(number=number, block=block, source=source, asked=asked, image=image, metadata=known)


def _to_json(outcome: Outcome) -> str:
    content = {f.name: getattr(outcome, f.name) for f in fields(outcome) if f.name not in _OUTSIDE}
    content["reasons"] = [(reason.code, reason.message) for reason in outcome.reasons]
    content["timings"] = {stage: round(seconds, 3) for stage, seconds in outcome.timings.items()}
    content["seconds"], content["doubt"] = round(outcome.seconds, 3), round(outcome.doubt, 4)
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _to_outcome(text: str) -> Outcome:
    content = json.loads(text)
    content["reasons"] = tuple(Reason(code=code, message=message) for code, message in content["reasons"])
    content["panels"] = tuple(content["panels"])
    return Outcome(**content)
