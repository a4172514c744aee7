"""Files appear whole or not at all, wherever they go."""

import errno
from pathlib import Path

import pytest

from digitize.batch.store import Store
from digitize.errors import OutputError, UsageError


@pytest.fixture(params=["local", "memory"])
def store(request, tmp_path):
    store = Store(str(tmp_path / "out") if request.param == "local" else "memory://out")
    yield store
    store.remove("")


def test_files_are_written_read_copied_listed_and_removed(store):
    store.put("in/a", b"1")
    store.put("in/a", b"2")
    store.copy("in/a", "in/b")
    store.copy("in/lost", "in/c")
    assert store.get("in/b") == b"2"
    assert store.open("in/b").read() == b"2"
    assert store.names("in") == ["a", "b"]
    assert store.names("nowhere") == []
    store.remove("in/a")
    store.remove("in/a")
    assert store.names("in") == ["b"]


def test_a_write_that_breaks_off_leaves_what_was_there(store):
    store.put("a", b"whole")

    def break_off() -> None:
        with store.replacing("a") as path:
            Path(path).write_bytes(b"ha")
            raise KeyError

    with pytest.raises(KeyError):
        break_off()
    assert store.get("a") == b"whole"
    assert store.names("") == ["a"]


def test_a_full_disk_is_told_in_a_line(store):
    with pytest.raises(OutputError, match=r"the disk is full.*it goes on where it stopped"), store.replacing("a"):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be written"):
        Store(str(tmp_path / "file")).put("a", b"")


def test_an_unknown_protocol_is_told():
    with pytest.raises(UsageError, match="cannot be written to"):
        Store("nosuch://bucket")
