"""How a long run shows itself: a bar on a terminal, plain lines elsewhere, or a line of JSON for each picture."""

from __future__ import annotations

import json
import time
from collections import Counter
from types import TracebackType
from typing import TYPE_CHECKING, Self

from digitize.console import talk

if TYPE_CHECKING:
    from digitize.batch.records import Entry, Outcome

EVERY_S = 10.0  # between plain lines
SHOWN = {"ok": "ok", "review": "for review", "refused": "refused", "failed": "failed"}


class Quiet:
    """What all of them keep: how many pictures there are, and what became of those that are settled."""

    def __init__(self) -> None:
        self.total = self.before = 0
        self.counts: Counter[str] = Counter()
        self.began = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the terminal as it was."""

    def start(self, total: int, done: int) -> None:
        self.total, self.before = total, done
        self.began = time.monotonic()

    def picture(self, entry: Entry, outcome: Outcome) -> None:  # noqa: ARG002
        self.counts[outcome.status] += 1

    @property
    def settled(self) -> int:
        return self.before + self.counts.total()

    @property
    def rate(self) -> float:
        """Pictures a second since the start."""
        return self.counts.total() / max(time.monotonic() - self.began, 1e-9)

    def tally(self) -> str:
        return ", ".join(f"{self.counts[status]:,} {word}" for status, word in SHOWN.items())


class Lines(Quiet):
    """A line every few seconds."""

    def __init__(self) -> None:
        super().__init__()
        self._told = 0.0

    def start(self, total: int, done: int) -> None:
        super().start(total, done)
        self._told = self.began
        talk(f"{total:,} pictures" + (f", {done:,} of them read before" if done else ""))

    def picture(self, entry: Entry, outcome: Outcome) -> None:
        super().picture(entry, outcome)
        now = time.monotonic()
        if now - self._told >= EVERY_S and self.settled < self.total:
            self._told = now
            left = duration((self.total - self.settled) / self.rate)
            talk(f"{self.settled:,} of {self.total:,}  {self.rate:.2g} a second, {left} left  {self.tally()}")


class Json(Quiet):
    """A line of JSON for the start and for each picture."""

    def start(self, total: int, done: int) -> None:
        super().start(total, done)
        self.tell("start", total=total, done=done)

    def picture(self, entry: Entry, outcome: Outcome) -> None:
        super().picture(entry, outcome)
        self.tell(
            "picture",
            image=entry.image,
            source=entry.source,
            status=outcome.status,
            reasons=[{"code": reason.code, "message": reason.message} for reason in outcome.reasons],
            panels=list(outcome.panels),
            seconds=round(outcome.seconds, 3),
            duplicate_of=outcome.duplicate_of,
            settled=self.settled,
            total=self.total,
        )

    @staticmethod
    def tell(event: str, **content: object) -> None:
        talk(json.dumps({"time": round(time.time(), 3), "event": event, **content}, ensure_ascii=False))


class Bar(Quiet):
    """A bar with rate and time left."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        super().__init__()
        self._progress = Progress(
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pace]}"),
            TextColumn("{task.fields[tally]}"),
            console=Console(stderr=True),
            refresh_per_second=2,  # drawing takes time from the workers
        )
        self._task = self._progress.add_task("", total=None, pace="", tally="")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def start(self, total: int, done: int) -> None:
        super().start(total, done)
        self._progress.update(self._task, total=total, completed=done)
        self._progress.start()

    def picture(self, entry: Entry, outcome: Outcome) -> None:
        super().picture(entry, outcome)
        left = duration((self.total - self.settled) / self.rate)
        pace = f"{self.rate:.2g} a second, {left} left"
        self._progress.update(self._task, completed=self.settled, pace=pace, tally=self.tally())


def duration(seconds: float) -> str:
    """A span of time as people say it.

    >>> duration(4.2), duration(200), duration(93_600)
    ('4 s', '3 min 20 s', '1 d 2 h')
    """
    whole = max(round(seconds), 0)
    days, hours, minutes = whole // 86_400, whole // 3600 % 24, whole // 60 % 60
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (whole % 60, "s")]
    first = next((place for place, (count, _) in enumerate(parts) if count), len(parts) - 1)
    return " ".join(f"{count} {unit}" for count, unit in parts[first : first + 2] if count) or "0 s"
