"""What a run reads: files, folders, globs, lists, archives and URLs, named one by one."""

from __future__ import annotations

import csv
import glob
import io
import os
import posixpath
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

import fsspec

from digitize.batch.records import Found
from digitize.errors import InputError, UsageError
from digitize.sources.raster import most_bytes

PICTURES = (".png", ".jpg", ".jpeg", ".jpe", ".webp", ".tif", ".tiff", ".gif", ".bmp")
LISTS = (".txt", ".csv")
ARCHIVES = {".zip": "zip", ".tar": "tar", ".tar.gz": "tar", ".tgz": "tar", ".tar.bz2": "tar", ".tar.xz": "tar"}
COMPRESSIONS = {".tar.gz": "gzip", ".tgz": "gzip", ".tar.bz2": "bz2", ".tar.xz": "xz"}
#: Names of the column of a CSV list that says where a picture is; the first of them that is there.
PLACES = ("path", "source", "file", "filename", "image", "url", "uri")
ID = "id"
MAGIC = re.compile(r"[*?\[]")


class Scan:
    """Goes through sources once and counts what it leaves out.

    Parameters
    ----------
    sources : paths of pictures, folders, lists (`LISTS`), archives (`ARCHIVES`); globs; fsspec URLs of any of these;
        "-" for a list on standard input.
    leave_out : a local folder whose files are no sources: the output, where it lies within one.

    Attributes
    ----------
    passed_over : how many files of folders and archives were no pictures by their suffix, by suffix.
    """

    def __init__(self, sources: Sequence[str], leave_out: Path | None = None) -> None:
        self._sources = sources
        self._leave_out = None if leave_out is None else os.path.realpath(leave_out)
        self.passed_over: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Found]:
        """The pictures in the order of the sources; those of a folder by name.

        Raises
        ------
        UsageError
            A source is not there, or a list has no column that says where its pictures are.
        """
        for source in self._sources:
            yield from self._expand(source)

    def _expand(self, source: str) -> Iterator[Found]:
        if source == "-":
            yield from _read_list(sys.stdin.read(), "", "standard input", as_csv=False)
        elif "://" in source:
            yield from self._expand_url(source)
        elif MAGIC.search(source) and not Path(source).exists():
            paths = sorted(glob.glob(source, recursive=True))  # noqa: PTH207 - pathlib's takes no absolute pattern
            if not paths:
                raise UsageError(f"{source}: nothing matches; check the pattern")
            for path in paths:
                if Path(path).is_file():
                    yield from self._expand_file(path)
        elif Path(source).is_dir():
            root = _absolute(source)
            for path in self._walk(root):
                image = path[len(root) :].lstrip(os.sep).replace(os.sep, "/")
                yield Found(source=path, image=image, stamp=_stamp(path))
        elif Path(source).exists():
            yield from self._expand_file(source)
        else:
            raise UsageError(f"{source}: no such file or folder; check the path")

    def _expand_file(self, path: str) -> Iterator[Found]:
        """A picture, or what a list or an archive names; whatever is no list or archive by its suffix is a picture."""
        suffix = _suffix(path)
        if suffix in LISTS:
            yield from _read_list(_read_text(path), str(Path(path).parent), path, as_csv=suffix == ".csv")
        elif suffix in ARCHIVES:
            yield from self._expand_archive(path)
        else:
            yield Found(source=_absolute(path), image=Path(path).as_posix(), stamp=_stamp(path))

    def _walk(self, folder: str) -> Iterator[str]:
        """The paths of all pictures beneath a folder, sorted; hidden ones and the output are left out."""
        with os.scandir(folder) as found:
            inside = sorted((entry for entry in found if not entry.name.startswith(".")), key=lambda entry: entry.name)
        for entry in inside:
            if entry.is_dir():
                real = os.path.realpath(entry.path)
                inner = entry.is_symlink() and os.path.realpath(folder).startswith(real)  # it would never end
                if real != self._leave_out and not inner:
                    yield from self._walk(entry.path)
            elif self._is_picture(entry.name):
                yield entry.path

    def _is_picture(self, name: str) -> bool:
        if name.lower().endswith(PICTURES):
            return True
        self.passed_over[PurePosixPath(name).suffix.lower() or "no suffix"] += 1
        return False

    def _expand_archive(self, url: str) -> Iterator[Found]:
        try:
            members = sorted(_archive(url).find(""))
        except Exception:  # an archive's own package may raise anything on a damaged file
            members = [""]  # which cannot be read either, and then the reason is recorded
        place = url if "://" in url else _absolute(url)
        shown = _short(url) if "://" in url else Path(url).as_posix()
        stamp = _stamp(place)
        for member in members:
            hidden = any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(member).parts)
            if not member or (not hidden and self._is_picture(member)):
                image = posixpath.join(shown, member).rstrip("/")
                yield Found(source=f"{ARCHIVES[_suffix(url)]}://{member}::{place}", image=image, stamp=stamp)

    def _expand_url(self, url: str) -> Iterator[Found]:
        suffix = _suffix(url)
        if suffix in LISTS:
            yield from _read_list(_fetch_text(url), posixpath.dirname(url), url, as_csv=suffix == ".csv")
        elif suffix in ARCHIVES and "::" not in url:
            yield from self._expand_archive(url)
        else:
            yield from self._expand_remote(url)

    def _expand_remote(self, url: str) -> Iterator[Found]:
        """A picture at a URL, those that a pattern matches, or those of a folder."""
        try:
            fs, path = fsspec.core.url_to_fs(url)
            on_web = url.startswith(("http://", "https://"))  # which lists no folders, and gives ? a meaning of its own
            if not on_web and MAGIC.search(path):
                paths, root = sorted(fs.glob(path)), posixpath.dirname(MAGIC.split(path)[0])
            elif not on_web and not path.lower().endswith(PICTURES) and fs.isdir(path):
                paths, root = [one for one in sorted(fs.find(path)) if self._is_picture(one)], path
            else:
                yield Found(source=url, image=_short(url))
                return
        except (OSError, ImportError, ValueError) as error:
            raise UsageError(f"{url}: this source cannot be listed ({error})") from error
        if not paths:
            raise UsageError(f"{url}: there are no pictures; check the address")
        for one in paths:
            yield Found(source=fs.unstrip_protocol(one), image=posixpath.relpath(one, root or "."))


def load(source: str, max_pixels: int) -> bytes:
    """The content of a picture's file.

    Raises
    ------
    InputError
        It is not there, cannot be read, is empty, or is larger than any picture of `max_pixels` pixels.
    """
    most = most_bytes(max_pixels)
    try:
        if "://" not in source:
            path = Path(source)
            size = path.stat().st_size
            content = path.read_bytes() if size <= most else b"."
        else:
            fs, path_in_fs = _locate(source)
            size = fs.info(path_in_fs).get("size") or 0  # some servers do not tell
            content = fs.cat_file(path_in_fs, end=most + 1) if size <= most else b"."
    except FileNotFoundError as error:
        raise InputError(f"{source}: no such file; check the path") from error
    except Exception as error:  # every file system has errors of its own
        why = (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()
        raise InputError(f"{source}: the file cannot be read ({why})") from error
    if not content:
        raise InputError(f"{source}: the file is empty; save the picture again")
    if max(size, len(content)) > most:
        raise InputError(f"{source}: the file is too large for a picture of {max_pixels:,} pixels")
    return bytes(content)


def _locate(source: str) -> tuple[Any, str]:
    """The file system of a URL and the path there; members of archives come from the one archive that is kept open."""
    scheme, _, rest = source.partition("://")
    member, inner, archive = rest.partition("::")
    if inner and scheme in ARCHIVES.values():
        return _archive(archive), member
    fs, path = fsspec.core.url_to_fs(source)
    return fs, str(path)


@lru_cache(maxsize=2)
def _archive(url: str) -> Any:
    """An opened archive; the last ones stay open, for the pictures of one follow each other."""
    suffix = _suffix(url)
    options = {"compression": COMPRESSIONS[suffix]} if suffix in COMPRESSIONS else {}
    return fsspec.filesystem(ARCHIVES[suffix], fo=url, **options)


def _suffix(name: str) -> str:
    """The suffix that tells a list or an archive, with the part before .gz and its like."""
    lower = name.lower()
    return next(
        (suffix for suffix in sorted(ARCHIVES, key=len, reverse=True) if lower.endswith(suffix)),
        PurePosixPath(lower).suffix,
    )


def _short(url: str) -> str:
    """A URL without its protocol and what follows a question mark."""
    return re.sub(r"[?#].*", "", url.partition("://")[2]) or url


def _read_text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: the list cannot be read ({error}); save it as UTF-8 text") from error


def _fetch_text(url: str) -> str:
    try:
        with fsspec.open(url, "rt", encoding="utf-8-sig") as stream:
            return str(stream.read())
    except Exception as error:  # every file system has errors of its own
        raise InputError(f"{url}: the list cannot be read ({error})") from error


def _read_list(text: str, folder: str, shown: str, *, as_csv: bool) -> Iterator[Found]:
    """The pictures that a list names: one a line, or the rows of a CSV table with its further columns."""
    if not as_csv:
        for line in filter(None, map(str.strip, text.splitlines())):
            source = _place(line, folder)
            yield Found(source=source, image=_short(line) if "://" in line else line, stamp=_stamp(source))
        return
    rows = csv.DictReader(io.StringIO(text, newline=""))
    columns = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
    place = next((columns[name] for name in PLACES if name in columns), None)
    if place is None:
        raise UsageError(f"{shown}: no column says where the pictures are; call it {' or '.join(PLACES[:2])}")
    identity = columns.get(ID)
    for row in rows:
        where = (row[place] or "").strip()
        if not where:
            continue
        given = (row.get(identity) or "").strip() if identity else ""
        metadata = {name: row[name] or "" for name in rows.fieldnames or () if name not in (place, identity) and name}
        image = given or (_short(where) if "://" in where else where)
        source = _place(where, folder)
        yield Found(source=source, image=image, stamp=_stamp(source), metadata=metadata)


def _place(named: str, folder: str) -> str:
    """Where a list's picture is: a URL, or a path from the list's folder, or else from the current one."""
    if "://" in named:
        return named
    if "://" in folder:
        return posixpath.join(folder, named)
    beside = Path(folder) / named
    return _absolute(str(beside if beside.exists() or not Path(named).exists() else named))


def _stamp(source: str) -> str:
    """Size and time of a local file; nothing of others, which would have to be asked for one by one."""
    if "://" in source:
        return ""
    try:
        status = os.stat(source)  # noqa: PTH116 - a million times
    except OSError:
        return "missing"
    return f"{status.st_size}-{status.st_mtime_ns}"


def _absolute(path: str) -> str:
    """A path that holds wherever it is used from, links unresolved: the same picture has the same one in each run."""
    return os.path.abspath(path)  # noqa: PTH100 - resolve() follows links
