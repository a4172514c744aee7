"""The index of a run: web pages with a thumbnail of each picture, the doubtful ones first."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote

from digitize.batch.manifest import Manifest
from digitize.batch.records import STATUSES, Entry, Outcome, Task
from digitize.batch.store import Store
from digitize.batch.work import file_name, thumbnail_name
from digitize.outputs.files import Format

PAGE = 500  # pictures: what a browser shows at once without effort
WIDE = 2.5  # widths to a height: such a picture is shown across two columns
FIRST, FURTHER = "index.html", "pages/page-{:04d}.html"


@dataclass(frozen=True, kw_only=True)
class Card:
    """One picture as a page shows it; links are relative to the page, None where there is nothing to open."""

    image: str
    status: str
    note: str
    reasons: Sequence[tuple[str, str]]
    thumbnail: str | None
    target: str | None
    files: Sequence[tuple[str, str]]
    wide: bool


def write_index(store: Store, manifest: Manifest, task: Task) -> None:
    """Write the pages, the first as ``index.html``.

    Raises
    ------
    OutputError
        A page cannot be written.
    """
    import jinja2

    environment = jinja2.Environment(loader=jinja2.PackageLoader("digitize.batch"), autoescape=True, trim_blocks=True)
    template = environment.get_template("index.html.j2")
    statuses = manifest.statuses()
    pages = -(-sum(statuses.values()) // PAGE)
    shared = {
        "statuses": statuses,
        "reasons": manifest.reasons()[:40],
        "pages": max(pages, 1),
        "starts": _starts(statuses),
    }
    rows = manifest.worst_first()
    for number in range(max(pages, 1)):
        up = "../" if number else ""
        cards = [_card(store, task, entry, outcome, up) for entry, outcome in islice(rows, PAGE)]
        links = [up + FIRST, *(up + FURTHER.format(other) for other in range(2, pages + 1))]
        text = template.render(number=number + 1, cards=cards, links=links, **shared)
        store.put(FURTHER.format(number + 1) if number else FIRST, text.encode())


def _starts(statuses: Mapping[str, int]) -> dict[str, int]:
    """The page (from 1) that the pictures of each status begin on."""
    starts: dict[str, int] = {}
    before = 0
    for status in STATUSES:
        starts[status] = before // PAGE + 1
        before += statuses[status]
    return starts


def _card(store: Store, task: Task, entry: Entry, outcome: Outcome, up: str) -> Card:
    failed = outcome.status == "failed"
    kept = [] if failed else [(form.name.lower(), up + quote(file_name(entry, form))) for form in task.forms]
    overlay = dict(kept).get(Format.OVERLAY.name.lower())
    states = [f"{outcome.panels.count(state)} {state}" for state in reversed(STATUSES) if state in outcome.panels]
    notes = [*states, *([f"same bytes as {outcome.duplicate_of}"] if outcome.duplicate_of else [])]
    return Card(
        image=entry.image,
        status=outcome.status,
        note="; ".join(notes),
        reasons=[(reason.code, reason.message) for reason in outcome.reasons],
        thumbnail=None if failed else up + quote(thumbnail_name(entry)),
        target=overlay or _link(store, entry.source, up),
        files=kept,
        wide=outcome.width > WIDE * outcome.height,
    )


def _link(store: Store, source: str, up: str) -> str | None:
    """Where a browser finds the picture itself, seen from a page."""
    if source.startswith(("http://", "https://")):
        return source
    if "://" in source or store.folder is None:
        return None
    return up + quote(os.path.relpath(source, store.folder).replace(os.sep, "/"))
