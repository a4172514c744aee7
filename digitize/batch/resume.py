"""The manifest of an output: found again, made anew, or put together again from the dataset."""

from __future__ import annotations

import hashlib
import json
import uuid
from pathlib import Path

import platformdirs

from digitize.batch.dataset import POINTS, Dataset
from digitize.batch.manifest import Manifest
from digitize.batch.store import Store
from digitize.errors import UsageError

MANIFEST = "manifest.sqlite"
RUN = "run.json"  # tells which manifest belongs to an output that lies elsewhere
#: All that a run writes.
OURS = (
    "points",
    "images",
    "points-csv",
    "images-csv",
    "readings",
    "descriptions",
    "overlays",
    "thumbnails",
    "pages",
    "index.html",
    RUN,
    MANIFEST,
    f"{MANIFEST}-wal",
)


def open_manifest(store: Store, dataset: Dataset, *, resume: bool) -> Manifest:
    """The manifest of an output; without `resume` whatever a run wrote there before is removed.

    A local output holds its manifest. That of another lies among this machine's user data; where it is not there, or
    belongs to an earlier output at the same place, it is put together from the dataset: pictures that were read and not
    yet in the dataset are read again then.

    Raises
    ------
    UsageError
        Another run is at it.
    OutputError
        It cannot be written.
    """
    path = _manifest_path(store)
    if not resume:
        Manifest(path).close()  # which fails where another run is at it
        _remove(store, path)
    if store.folder is not None:
        return Manifest(path)
    run = _run_of(store)
    manifest = Manifest(path)
    if run is None or manifest.run() != run:
        manifest.close()
        _forget(path)
        manifest = Manifest(path)
        _restore(manifest, dataset)
        run = run or uuid.uuid4().hex
        manifest.set_run(run)
        store.put(RUN, json.dumps({"run": run}).encode())
    return manifest


def _manifest_path(store: Store) -> Path:
    folder = store.folder
    try:
        if folder is None:
            place = hashlib.sha256(store.url.encode()).hexdigest()[:20]
            folder = Path(platformdirs.user_data_path("digitize", appauthor=False)) / "runs" / place
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"{folder}: this is a file; name a folder with -o")
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise store.fault(error) from error
    return folder / MANIFEST


def _run_of(store: Store) -> str | None:
    try:
        return str(json.loads(store.get(RUN))["run"])
    except FileNotFoundError:
        return None


def _remove(store: Store, path: Path) -> None:
    for name in OURS:
        store.remove(name)
    _forget(path)


def _forget(path: Path) -> None:
    for one in (path, path.with_name(f"{MANIFEST}-wal")):
        one.unlink(missing_ok=True)


def _restore(manifest: Manifest, dataset: Dataset) -> None:
    """Enter what the dataset tells; a part whose two tables disagree was cut short, and is removed."""
    for block in dataset.blocks():
        rows = list(dataset.read_images(block))
        if dataset.count_points(block) == sum(outcome.points_count for _, outcome in rows):
            manifest.restore(rows)
        else:
            dataset.remove(block)
    known = set(dataset.blocks())
    for block in dataset.blocks(POINTS):
        if block not in known:
            dataset.remove(block)
