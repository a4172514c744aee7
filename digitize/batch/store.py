"""Where a run writes: a local folder, or any file system that fsspec knows. Files appear whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import posixpath
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec

from digitize.errors import OutputError, UsageError

PARTIAL = ".part"  # the suffix of a local file while it is written


class Store:
    """A folder to write into, by a path or a URL such as ``s3://bucket/folder``.

    Attributes
    ----------
    given : the place as it was given.
    url : the same place wherever it is used from: absolute, in one spelling.

    Raises
    ------
    UsageError
        The URL's protocol is unknown, or its package is not installed.
    """

    def __init__(self, url: str) -> None:
        self.given = url
        try:
            self._fs, root = fsspec.core.url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise UsageError(f"{url}: this place cannot be written to ({error})") from error
        self.root = str(root).rstrip("/") or "/"
        self.url = self.root if self.folder is not None else str(self._fs.unstrip_protocol(self.root))

    @property
    def folder(self) -> Path | None:
        """The folder itself where it is local."""
        return Path(self.root) if isinstance(self._fs, fsspec.implementations.local.LocalFileSystem) else None

    def path(self, name: str) -> str:
        return posixpath.join(self.root, name)

    def put(self, name: str, content: bytes) -> None:
        """Write a file; one of that name is replaced. Raises as `replacing` does."""
        with self.replacing(name) as partial:
            Path(partial).write_bytes(content)

    @contextlib.contextmanager
    def replacing(self, name: str) -> Iterator[str]:
        """A local path to write a file's content to; afterwards the file is there in one step.

        Raises
        ------
        OutputError
            The file cannot be written.
        """
        try:
            with self._beside(name) as partial:
                yield partial
        except OSError as error:
            raise self.fault(error) from error

    @contextlib.contextmanager
    def _beside(self, name: str) -> Iterator[str]:
        if self.folder is None:
            with tempfile.TemporaryDirectory() as scratch:
                partial = str(Path(scratch) / "part")
                yield partial
                self._upload(partial, name)
            return
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{uuid.uuid4().hex}{PARTIAL}")
        try:
            yield str(beside)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)

    def _upload(self, partial: str, name: str) -> None:
        try:
            self._fs.makedirs(posixpath.dirname(self.path(name)), exist_ok=True)
            self._fs.put_file(partial, self.path(name))
        except Exception as error:  # every file system has errors of its own
            raise self.fault(error) from error

    def copy(self, name: str, to: str) -> None:
        """A second file of the same content, where the first is there."""
        if self.has(name):
            self.put(to, self.get(name))

    def has(self, name: str) -> bool:
        """Whether a file or a folder is there now, whatever an earlier look at its folder told."""
        self._fs.invalidate_cache()
        return bool(self._fs.exists(self.path(name)))

    def get(self, name: str) -> bytes:
        content: bytes = self._fs.cat_file(self.path(name))
        return content

    def open(self, name: str) -> Any:
        """A binary file object to read a file from."""
        return self._fs.open(self.path(name), "rb")

    def names(self, folder: str) -> list[str]:
        """The names of what lies right beneath a folder, sorted."""
        self._fs.invalidate_cache()
        try:
            found = self._fs.ls(self.path(folder), detail=False)
        except FileNotFoundError:
            return []
        return sorted(posixpath.basename(str(path).rstrip("/")) for path in found)

    def remove(self, name: str) -> None:
        """Remove a file, or a folder with all in it, where it is there."""
        if self.has(name):
            self._fs.rm(self.path(name), recursive=True)

    def fault(self, error: Exception) -> OutputError:
        """What to tell a user whose results cannot be written."""
        full = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or "disk is full" in str(error)
        why = "the disk is full" if full else (getattr(error, "strerror", None) or str(error)).lower()
        what = "free some space" if full else "mend that"
        return OutputError(
            f"{self.given}: results cannot be written ({why}); {what} and run the same command again: "
            "it goes on where it stopped"
        )
