"""The manifest of an output: found again, made anew, or put together again from the dataset."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from digitize.batch.dataset import IMAGES, POINTS, Dataset
from digitize.batch.manifest import Manifest
from digitize.batch.store import PARTIAL, Store
from digitize.errors import UsageError

MANIFEST = "manifest.sqlite"
RUN = "run.json"  # tells which manifest belongs to an output that lies elsewhere
#: All that a run writes besides its manifest.
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
)


class Place:
    """An output and where its manifest is: within it where it is local, else among this machine's user data.

    Raises
    ------
    UsageError
        The output is a file.
    OutputError
        The folder of the manifest cannot be made.
    """

    def __init__(self, store: Store, dataset: Dataset) -> None:
        self._store = store
        self._dataset = dataset
        folder = store.folder
        if folder is None:
            name = hashlib.sha256(store.url.encode()).hexdigest()[:20]
            folder = Path(platformdirs.user_data_path("digitize", appauthor=False)) / "runs" / name
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"{store.given}: this is a file; name a folder with -o")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise store.fault(error) from error
        self._path = folder / MANIFEST

    def open(self) -> Manifest:
        """The manifest.

        Where the output lies elsewhere and another machine went on with it, or this one's manifest is lost, it is put
        together from the dataset: pictures that were read and not yet in the dataset are read again then.

        Raises
        ------
        UsageError
            Another run is at it, or the output holds files of the same names that no run wrote.
        """
        known = self._has_run()
        if not known:
            self._refuse_others()
            _forget(self._path)
        manifest = Manifest(self._path)
        if self._store.folder is None:
            manifest = self._go_on_elsewhere(manifest)
        return manifest

    @contextmanager
    def begin_anew(self) -> Iterator[Manifest]:
        """A new manifest; when it is filled, what an earlier run wrote is removed, and it takes the old one's place.

        Raises as `open` does.
        """
        if not self._has_run():
            self._refuse_others()
        old = Manifest(self._path)  # which fails where another run is at it
        fresh = self._path.with_name(f"new-{MANIFEST}")
        _forget(fresh)
        manifest = Manifest(fresh)
        try:
            yield manifest
            mark = uuid.uuid4().hex
            manifest.set_mark(mark)
            manifest.close()
            old.close()
            _forget(self._path)
            fresh.replace(self._path)
            if self._store.folder is None:
                self._leave(mark)
            for name in OURS:  # last: a manifest whose dataset is gone would take it for written
                self._store.remove(name)
        finally:
            manifest.close()
            old.close()
            _forget(fresh)

    def mend(self, manifest: Manifest) -> None:
        """Make the dataset hold what the manifest tells, now that it knows the sources.

        What a killed run left half written is removed. Parts that are not whole, or tell what is no longer so, are
        written anew, or removed where nothing is left of them.

        Raises
        ------
        OutputError
            A part cannot be written.
        """
        for folder in (POINTS, IMAGES, "points-csv", "images-csv", "pages", ""):
            for name in self._store.names(folder):
                if name.startswith(".") and name.endswith(PARTIAL):
                    self._store.remove(f"{folder}/{name}".lstrip("/"))
        for block in manifest.stale():
            self._dataset.refresh(block, list(manifest.block(block)), manifest.columns())
            manifest.mark_fresh(block)
        unwritten = set(manifest.unwritten())
        for block in sorted({*self._dataset.blocks(POINTS), *self._dataset.blocks(IMAGES)}):
            if block in unwritten:
                self._dataset.write_points(block, manifest.block_points(block))
                self._dataset.write_images(block, manifest.block(block), manifest.columns())
            elif not manifest.has_outcomes(block):
                self._dataset.remove(block)

    def _has_run(self) -> bool:
        """Whether a run wrote to this output before."""
        return self._path.exists() if self._store.folder is not None else self._store.has(RUN)

    def _refuse_others(self) -> None:
        others = [name for name in OURS if self._store.has(name)]
        if others:
            raise UsageError(
                f"{self._store.given}: it holds {', '.join(others)}, which no run wrote and a run would overwrite; "
                "choose another folder with -o"
            )

    def _go_on_elsewhere(self, manifest: Manifest) -> Manifest:
        """The manifest as it is, if nobody wrote since; each run leaves a mark of its own for the next one to know."""
        mark = self._mark()
        if mark is None or manifest.mark() != mark:
            manifest.close()
            _forget(self._path)
            manifest = Manifest(self._path)
            self._restore(manifest)
        mark = uuid.uuid4().hex
        manifest.set_mark(mark)
        self._leave(mark)
        return manifest

    def _leave(self, mark: str) -> None:
        self._store.put(RUN, json.dumps({"run": mark}).encode())

    def _mark(self) -> str | None:
        try:
            return str(json.loads(self._store.get(RUN))["run"])
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def _restore(self, manifest: Manifest) -> None:
        """Enter what the dataset tells; a part whose two tables disagree was cut short, and is removed."""
        for block in self._dataset.blocks(IMAGES):
            rows = list(self._dataset.read_images(block))
            if self._dataset.count_points(block) == sum(outcome.points_count for _, outcome in rows):
                manifest.restore(rows)
            else:
                self._dataset.remove(block)


def _forget(path: Path) -> None:
    for one in (path, path.with_name(f"{path.name}-wal")):
        one.unlink(missing_ok=True)
