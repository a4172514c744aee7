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
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, unquote_to_bytes

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
RAW = "raw-path://"  # before the percent-encoded bytes of a path that is no text
MAGIC = re.compile(r"[*?\[]")


class Scan:
    """Goes through sources once and counts what it leaves out.

    Parameters
    ----------
    sources : paths of pictures, folders, lists (`LISTS`), archives (`ARCHIVES`); globs; fsspec URLs of any of these;
        "-" for a list on standard input.
    out, ours : a local output, where a source may reach into it, and the names beneath it that are none.

    Attributes
    ----------
    named : the sources in a line.
    passed_over : how many files of folders and archives were no pictures by their suffix, by suffix.
    """

    def __init__(self, sources: Sequence[str], out: Path | None = None, ours: Sequence[str] = ()) -> None:
        self._sources = sources
        self._out = None if out is None else os.path.realpath(out) + os.sep
        self._ours = set(ours)
        self.named = ", ".join(sources)
        self.passed_over: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Found]:
        """The pictures in the order of the sources; those of a folder by name.

        Raises
        ------
        UsageError
            A source is not there, or a list has no column that says where its pictures are.
        InputError
            A list cannot be read.
        """
        for source in self._sources:
            yield from self._expand(source)

    def _expand(self, source: str) -> Iterator[Found]:
        if source == "-":
            yield from _read_list(sys.stdin.read(), "", "standard input", as_csv=False)
        elif "://" in source:
            yield from self._expand_url(source)
        elif MAGIC.search(source) and not _exists(source):
            yield from self._expand_pattern(source)
        elif Path(source).is_dir():
            root = _absolute(source)
            for path in self._walk(root, ()):
                yield _local(path, path[len(root) :].lstrip(os.sep).replace(os.sep, "/"))
        elif _exists(source):
            yield from self._expand_file(source)
        else:
            raise UsageError(f"{source}: no such file or folder; check the path")

    def _expand_pattern(self, pattern: str) -> Iterator[Found]:
        """The pictures and archives that match; others do where the pattern names their suffix."""
        paths = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - pathlib's takes no absolute pattern
        if not paths:
            raise UsageError(f"{pattern}: nothing matches; check the pattern")
        for path in paths:
            if Path(path).is_dir() or self._is_ours(_absolute(path)):
                continue
            suffix = _suffix(path)
            if suffix in ARCHIVES or (suffix and pattern.lower().endswith(suffix)) or self._is_picture(path):
                yield from self._expand_file(path)

    def _expand_file(self, path: str) -> Iterator[Found]:
        """A picture, or what a list or an archive names; whatever is no list or archive by its suffix is a picture."""
        suffix = _suffix(path)
        if suffix in LISTS:
            yield from _read_list(_read_text(path), str(Path(path).parent), path, as_csv=suffix == ".csv")
        elif suffix in ARCHIVES:
            yield from self._expand_archive(path)
        else:
            yield _local(_absolute(path), Path(path).as_posix())

    def _walk(self, folder: str, above: tuple[tuple[int, int], ...]) -> Iterator[str]:
        """The paths of all pictures beneath a folder, sorted; hidden ones and the output are left out.

        A folder that cannot be listed is given itself, and fails as a picture would. `above` are the folders on the
        way: a link back to one of them would never end.
        """
        try:
            status = os.stat(folder)  # noqa: PTH116 - a path of bytes that are no text is one too
            own = status.st_dev, status.st_ino
            if own in above:
                return
            with os.scandir(folder) as found:
                inside = sorted((one for one in found if not one.name.startswith(".")), key=lambda one: one.name)
        except OSError:
            yield folder
            return
        for one in inside:
            if one.is_dir():
                if not self._is_ours(one.path):
                    yield from self._walk(one.path, (*above, own))
            elif self._is_picture(one.name) and not self._is_ours(one.path):
                yield one.path

    def _is_ours(self, path: str) -> bool:
        """Whether a path is or lies beneath something that a run writes."""
        if self._out is None:
            return False
        real = os.path.realpath(path)
        return real.startswith(self._out) and real[len(self._out) :].partition(os.sep)[0] in self._ours

    def _is_picture(self, name: str) -> bool:
        if name.lower().endswith(PICTURES):
            return True
        self.passed_over[PurePosixPath(name).suffix.lower() or "no suffix"] += 1
        return False

    def _expand_archive(self, url: str) -> Iterator[Found]:
        place = url if "://" in url else _absolute(url)
        shown = _short(url) if "://" in url else Path(url).as_posix()
        stamp = _stamp(place)
        try:
            members = _members(_archive(place, stamp))
        except Exception:  # an archive's own package may raise anything on a damaged file
            members = [""]  # which cannot be read either, and then the reason is recorded
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
        if "://" not in source or source.startswith(RAW):
            path = Path(_raw_path(source))
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
        return _archive(archive, _stamp(archive)), member
    fs, path = fsspec.core.url_to_fs(source)
    return fs, str(path)


@lru_cache(maxsize=2)
def _archive(url: str, stamp: str) -> Any:  # noqa: ARG001 - another stamp is another archive
    """An opened archive; the last ones stay open, for the pictures of one follow each other."""
    suffix = _suffix(url)
    options = {"compression": COMPRESSIONS[suffix]} if suffix in COMPRESSIONS else {}
    return fsspec.filesystem(ARCHIVES[suffix], fo=url, **options)


def _members(archive: Any) -> list[str]:
    """The files in an archive, those of a TAR in their order there: to go back is to unpack it from the beginning."""
    if hasattr(archive, "tar"):
        return [member.name for member in archive.tar.getmembers() if member.isfile()]
    return sorted(archive.find(""))


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
        for line in filter(None, map(str.strip, text.split("\n"))):
            yield _listed(line, folder, line)
        return
    rows = csv.DictReader(io.StringIO(text, newline=""))
    try:
        yield from _read_rows(rows, folder, shown)
    except csv.Error as error:
        raise InputError(f"{shown}: line {rows.line_num} of the list cannot be read ({error})") from error


def _read_rows(rows: csv.DictReader[str], folder: str, shown: str) -> Iterator[Found]:
    columns = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
    place = next((columns[name] for name in PLACES if name in columns), None)
    if place is None:
        raise UsageError(f"{shown}: no column says where the pictures are; call it {' or '.join(PLACES[:2])}")
    identity = columns.get(ID)
    further = [name for name in rows.fieldnames or () if name and name not in (place, identity)]
    for row in rows:
        where = (row[place] or "").strip()
        if where:
            given = (row[identity] or "").strip() if identity else ""
            yield _listed(where, folder, given or where, {name: row[name] or "" for name in further})


def _listed(where: str, folder: str, image: str, metadata: Mapping[str, str] | None = None) -> Found:
    """A picture that a list names, by an id or by where it is."""
    source = _place(where, folder)
    shown = _short(image) if image == where and "://" in where else image
    return Found(source=source, image=shown, stamp=_stamp(source), metadata=metadata or {})


def _place(named: str, folder: str) -> str:
    """Where a list's picture is: a URL, or a path from the list's folder, or else from the current one."""
    if "://" in named:
        return named
    if "://" in folder:
        return posixpath.join(folder, named)
    beside = str(Path(folder) / named)
    return _absolute(beside if _exists(beside) or not _exists(named) else named)


def _local(path: str, image: str) -> Found:
    """A picture at an absolute path; one whose name is no text is called as well as it can be."""
    try:
        path.encode()
    except UnicodeEncodeError:
        source = RAW + quote(os.fsencode(path))
        return Found(source=source, image=os.fsencode(image).decode(errors="replace"), stamp=_stamp(source))
    return Found(source=path, image=image, stamp=_stamp(path))


def _raw_path(source: str) -> str:
    """The path of a local source."""
    return os.fsdecode(unquote_to_bytes(source.removeprefix(RAW))) if source.startswith(RAW) else source


def _exists(path: str) -> bool:
    """Whether something is there; nothing is where no path leads, such as one that is too long."""
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False


def _stamp(source: str) -> str:
    """Size and time of a local file; nothing of others, which would have to be asked for one by one."""
    if "://" in source and not source.startswith(RAW):
        return ""
    try:
        status = os.stat(_raw_path(source))  # noqa: PTH116 - a million times
    except (OSError, ValueError):
        return "missing"
    return f"{status.st_size}-{status.st_mtime_ns}"


def _absolute(path: str) -> str:
    """A path that holds wherever it is used from, links unresolved: the same picture has the same one in each run."""
    return os.path.abspath(path)  # noqa: PTH100 - resolve() follows links
