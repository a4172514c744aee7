"""What a run knows, and still knows after it was killed."""

import sqlite3

import pytest

from digitize.batch import manifest as module
from digitize.batch.manifest import Manifest
from digitize.batch.records import Found, Outcome, failure
from digitize.errors import OutputError, UsageError
from digitize.model import Reason


@pytest.fixture
def path(tmp_path):
    return tmp_path / "manifest.sqlite"


@pytest.fixture
def manifest(path, monkeypatch):
    monkeypatch.setattr(module, "BLOCK", 3)
    manifest = Manifest(path)
    yield manifest
    manifest.close()


def found(*names):
    return [Found(source=f"/shots/{name}", image=name) for name in names]


def outcome(status="ok", **more):
    return Outcome(status=status, panels=(status,), **more)


def test_pictures_are_entered_once_in_order_and_in_parts(manifest):
    assert manifest.add(found("b", "a", "c", "d")) == 4
    assert manifest.add(found("d", "e", "a")) == 1
    entries = list(manifest.pending())
    assert [(entry.number, entry.block, entry.image) for entry in entries] == [
        (0, 0, "b"), (1, 0, "a"), (2, 0, "c"), (3, 1, "d"), (4, 2, "e")
    ]  # fmt: skip
    assert manifest.count() == (5, 0)


def test_ids_and_names_are_told_apart_and_stay(manifest):
    several = [Found(source=source, image=image) for source, image in (("/x", "a?"), ("/y", "a?"), ("/z", "A*"))]
    manifest.add(several)
    manifest.add(reversed(several))
    entries = list(manifest.pending())
    assert [entry.image for entry in entries] == ["a?", "a? (2)", "A* (3)"]
    assert [entry.asked for entry in entries] == ["a?", "a?", "A*"]
    assert len({entry.name.lower() for entry in entries}) == 3


def test_thousands_of_one_id_are_entered_at_once(manifest):
    manifest.add(Found(source=f"/{number}", image="a") for number in range(3000))  # a square of that takes minutes
    assert [entry.image for entry in manifest.pending()][-1] == "a (3000)"


def test_names_that_a_file_system_may_not_tell_apart_are_two(manifest):
    manifest.add([Found(source=name, image=name) for name in ("\u00c9.png", "\u00e9.png", "e\u0301.png")])
    assert len({entry.image for entry in manifest.pending()}) == 3
    assert [entry.image for entry in manifest.pending()][1] != "\u00e9.png"


def test_metadata_are_those_of_the_last_list(manifest):
    manifest.add([Found(source="/a", image="a", metadata={"run": "7"})])
    (entry,) = manifest.pending()
    manifest.record(entry, outcome())
    manifest.mark_written(0)
    assert manifest.add([Found(source="/a", image="a", metadata={"run": "7"})]) == 0
    assert manifest.stale() == []
    assert manifest.add([Found(source="/a", image="a", metadata={"run": "8", "note": "x"})]) == 0
    assert manifest.stale() == [0]
    ((again, _),) = manifest.block(0)
    assert again.metadata == {"run": "8", "note": "x"}


def test_a_folder_takes_nothing_from_a_list(manifest):
    listed = Found(source="/a", image="a", metadata={"run": "7"})
    bare = Found(source="/a", image="a")
    for sources in ([listed], [bare], [listed, bare], [bare]):
        manifest.add(sources)
        assert [entry.metadata for entry in manifest.pending()] == [{"run": "7"}]


def test_rows_that_name_one_picture_are_all_kept(manifest):
    rows = [Found(source="/a", image="a", metadata={"run": run}) for run in ("7", "8", "7", "9")]
    for _ in range(2):
        manifest.add(rows)
        assert [(entry.image, entry.metadata["run"]) for entry in manifest.pending()] == [
            ("a", "7"), ("a (2)", "8"), ("a (3)", "9")
        ]  # fmt: skip


def test_what_is_settled_meanwhile_is_not_pending(manifest):
    manifest.add(found(*(f"{number:03d}" for number in range(200))))
    pending = manifest.pending()
    first = next(pending)
    manifest.record(first, outcome())
    assert [entry.number for entry in pending] == list(range(1, 200))
    assert [entry.number for entry in manifest.pending()] == list(range(1, 200))


def test_outcomes_and_points_are_there_after_reopening(path):
    manifest = Manifest(path)
    manifest.add([Found(source="/a", image="a", metadata={"run": "7"})])
    (entry,) = manifest.pending()
    told = outcome(
        "review", reasons=(Reason(code="few-ticks", message="two"),), digest="d", timings={"text": 0.5}, points_count=3
    )
    manifest.record(entry, Outcome(**{**vars(told), "points": b"rows"}))
    manifest.close()
    manifest = Manifest(path)
    assert list(manifest.block(0)) == [(entry, told)]
    assert manifest.points_of(entry) == b"rows"
    assert list(manifest.block_points(0)) == [b"rows"]
    assert manifest.twin("d") == (entry, told)
    assert manifest.twin("e") is None
    assert manifest.columns() == ["run"]
    manifest.mark_written(0)
    assert manifest.points_of(entry) is None
    assert manifest.unwritten() == []
    manifest.close()


def test_parts_are_complete_when_all_their_pictures_are_settled(manifest):
    manifest.add(found(*"abcd"))
    entries = list(manifest.pending())
    for entry in entries[:2]:
        manifest.record(entry, outcome())
    assert not manifest.is_complete(0)
    assert manifest.unwritten() == [0]
    manifest.record(entries[2], outcome())
    assert manifest.is_complete(0)
    manifest.mark_written(0)
    assert manifest.unwritten() == []


def test_the_doubtful_come_first(manifest):
    manifest.add(found(*"abcdef"))
    told = [
        outcome(), outcome("review", doubt=1.0), outcome("review", doubt=3.2), failure("input", "bad"),
        outcome("refused", doubt=1.0), outcome(doubt=0.3),
    ]  # fmt: skip
    for entry, one in zip(manifest.pending(), told, strict=True):
        manifest.record(entry, one)
    assert [entry.image for entry, _ in manifest.worst_first()] == list("decbfa")
    assert manifest.statuses() == {"failed": 1, "refused": 1, "review": 2, "ok": 2}


def test_reasons_are_counted_once_a_picture(manifest):
    manifest.add(found(*"abc"))
    twice = tuple(Reason(code="few-ticks", message=text) for text in ("x", "y"))
    for entry, reasons in zip(manifest.pending(), [twice, twice[:1], ()], strict=True):
        manifest.record(entry, outcome("review", reasons=reasons))
    assert manifest.reasons() == [("review", "few-ticks", 2)]


def test_a_picture_whose_file_changed_is_read_again(manifest):
    manifest.add([Found(source="/a", image="a", stamp="1"), Found(source="/b", image="b", stamp="1")])
    for entry in list(manifest.pending()):
        manifest.record(entry, outcome(points=b"rows"))
    manifest.mark_written(0)
    assert manifest.add([Found(source="/a", image="a", stamp="1"), Found(source="/b", image="b", stamp="2")]) == 1
    assert [(entry.image, entry.block, entry.number) for entry in manifest.pending()] == [("b", 1, 1)]
    assert manifest.stale() == [0]


def test_what_failed_can_be_tried_again_in_parts_of_its_own(manifest):
    manifest.add(found(*"abcde"))
    for entry, bad in zip(list(manifest.pending()), [0, 1, 0, 0, 1], strict=True):
        manifest.record(entry, failure("input", "bad") if bad else outcome())
    manifest.mark_written(0)
    manifest.retry_failed()
    assert manifest.stale() == [0]
    manifest.mark_fresh(0)
    assert manifest.stale() == []
    assert [(entry.image, entry.block) for entry in manifest.pending()] == [("b", 2), ("e", 2)]
    assert manifest.is_complete(0)
    assert [entry.image for entry, _ in manifest.block(0)] == ["a", "c"]


def test_a_second_run_on_the_same_output_is_refused(path, manifest):
    with pytest.raises(UsageError, match="another run writes there"):
        Manifest(path)


def test_an_output_is_read_in_one_way(manifest):
    manifest.check({"--ocr": "ppocr"})
    manifest.settle({"--ocr": "ppocr"})
    manifest.check({"--ocr": "ppocr"})
    with pytest.raises(UsageError, match=r"--ocr ppocr, not tesseract.*--no-resume"):
        manifest.check({"--ocr": "tesseract"})


def test_other_files_are_no_manifests(path, tmp_path):
    path.write_text("something else, and long enough to be read as a header" * 20)
    with pytest.raises(UsageError, match="no manifest"):
        Manifest(path)
    path.unlink()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE entries (number)")
    other.commit()
    other.close()
    with pytest.raises(UsageError, match="of another version"):
        Manifest(path)
    with pytest.raises(OutputError, match="cannot be written"):
        Manifest(tmp_path / "nowhere" / "manifest.sqlite")


def test_a_write_that_fails_leaves_nothing_half_done(manifest):
    manifest.add(found("a"))
    (entry,) = manifest.pending()
    with pytest.raises(sqlite3.Error):
        manifest.record(entry, Outcome(status="ok", points=object()))  # no blob
    assert list(manifest.pending()) == [entry]
    manifest.record(entry, outcome())
