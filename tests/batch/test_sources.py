"""What a run reads: each kind of source, named one by one, and loaded."""

import io
import json
import os
import tarfile
import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import fsspec
import pytest

from digitize.batch.sources import Scan, load
from digitize.errors import InputError, UsageError

LIMIT = 1_000_000


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """`shots` with pictures on two levels, hidden and other files; the current folder is the one above."""
    for name in ("b.png", "a.PNG", "inner/c.jpg", "inner/data.csv", ".hidden.png", ".git/d.png", "README"):
        path = tmp_path / "shots" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    monkeypatch.chdir(tmp_path)
    return tmp_path / "shots"


def names(*sources, **options):
    return [found.image for found in Scan(sources, **options)]


def contents(*sources):
    return [load(found.source, LIMIT) for found in Scan(sources)]


def test_a_folder_gives_its_pictures_by_name_and_counts_the_rest(folder):
    scan = Scan(["shots"])
    assert [found.image for found in scan] == ["a.PNG", "b.png", "inner/c.jpg"]
    assert scan.passed_over == {".csv": 1, "no suffix": 1}
    assert contents("shots") == [b"a.PNG", b"b.png", b"inner/c.jpg"]


def test_a_picture_has_one_source_however_its_folder_is_named(folder):
    assert [f.source for f in Scan(["shots"])] == [f.source for f in Scan([str(folder)])]
    assert [f.source for f in Scan(["shots/../shots/"])] == [f.source for f in Scan(["shots"])]


def test_what_runs_write_is_no_source(folder):
    (folder / "inner" / "overlays").mkdir()
    (folder / "inner" / "overlays" / "a.png").touch()
    assert names("shots", out=folder / "inner", ours=["overlays"]) == ["a.PNG", "b.png", "inner/c.jpg"]
    assert names("shots/**/*.png", out=folder / "inner", ours=["overlays"]) == ["shots/b.png"]
    assert names("shots/inner", out=folder / "inner", ours=["overlays"]) == ["c.jpg"]


def test_folders_that_link_to_each_other_end(folder):
    (folder / "inner" / "again").symlink_to(folder, target_is_directory=True)
    (folder / "one").mkdir()
    (folder / "two").mkdir()
    (folder / "one" / "to-two").symlink_to(folder / "two", target_is_directory=True)
    (folder / "two" / "to-one").symlink_to(folder / "one", target_is_directory=True)
    assert names("shots") == ["a.PNG", "b.png", "inner/c.jpg"]


def test_links_to_other_folders_are_followed(folder):
    (folder / "inner2").mkdir()
    (folder / "inner2" / "back").symlink_to(folder / "inner", target_is_directory=True)
    assert names("shots/inner2") == ["back/c.jpg"]


def test_a_folder_that_cannot_be_listed_fails_like_a_picture(folder, monkeypatch):
    listed = os.scandir

    def scandir(path):
        if path.endswith("inner"):
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert names("shots") == ["a.PNG", "b.png", "inner"]
    with pytest.raises(InputError, match="cannot be read"):
        load(str(folder / "inner"), LIMIT)


def test_names_that_are_no_text_are_read(folder):
    (folder / os.fsdecode(b"\xff%41.png")).write_bytes(b"odd")
    (found,) = (one for one in Scan(["shots"]) if "41" in one.image)
    assert found.image == "\ufffd%41.png"
    assert json.dumps(found.source).encode()
    assert load(found.source, LIMIT) == b"odd"


def test_lines_that_lead_nowhere_fail_alone(folder):
    (folder / "list.txt").write_bytes(
        b"data:image/png;base64," + b"A" * 5000 + b"\nno\0thing.png\nb.png\r\nx\x0by.png\n"
    )
    found = list(Scan(["shots/list.txt"]))
    assert [one.image for one in found[2:]] == ["b.png", "x\x0by.png"]
    for one in (*found[:2], found[3]):
        with pytest.raises(InputError):
            load(one.source, LIMIT)


def test_a_field_that_is_too_long_is_told_by_its_line(folder):
    (folder / "list.csv").write_text("path,note\nb.png,x\na.PNG," + "x" * 200_000 + "\n")
    with pytest.raises(InputError, match=r"list\.csv: line \d of the list cannot be read"):
        names("shots/list.csv")


def test_patterns_pass_over_what_is_no_picture(folder):
    scan = Scan(["shots/**/*"])
    assert [found.image for found in scan] == ["shots/a.PNG", "shots/b.png", "shots/inner/c.jpg"]
    assert scan.passed_over == {".csv": 1, "no suffix": 1}
    (folder / "inner" / "data.csv").write_text("path\nc.jpg\n")
    assert names("shots/**/*.csv") == ["c.jpg"]


def test_an_archive_that_was_replaced_is_another_one(folder):
    for content in (b"first", b"second, which is longer"):
        with zipfile.ZipFile(folder / "a.zip", "w") as file:
            file.writestr(f"{len(content)}.png", content)
        assert contents("shots/a.zip") == [content]
        assert names("shots/a.zip") == [f"shots/a.zip/{len(content)}.png"]


def test_a_named_file_is_a_picture_whatever_its_suffix(folder):
    assert names("shots/README") == ["shots/README"]


def test_patterns_reach_into_folders(folder):
    assert names("shots/**/*.jpg") == ["shots/inner/c.jpg"]
    (folder / "odd[1].png").write_bytes(b"odd")
    assert names("shots/odd[1].png") == ["shots/odd[1].png"]
    with pytest.raises(UsageError, match="nothing matches"):
        names("shots/*.bmp")


def test_what_is_not_there_is_said_at_once(folder):
    with pytest.raises(UsageError, match="no such file or folder"):
        names("nowhere")


def test_a_text_list_names_pictures_from_its_own_folder_or_the_current_one(folder):
    (folder / "list.txt").write_text("\ufeffb.png\n\nshots/inner/c.jpg\nhttps://host/x/y.png?size=2\nlost.png\n")
    found = list(Scan(["shots/list.txt"]))
    assert [one.image for one in found] == ["b.png", "shots/inner/c.jpg", "host/x/y.png", "lost.png"]
    assert [one.source for one in found[:2]] == [str(folder / "b.png"), str(folder / "inner" / "c.jpg")]
    assert found[2].source == "https://host/x/y.png?size=2"
    with pytest.raises(InputError, match="no such file"):
        load(found[3].source, LIMIT)


def test_standard_input_is_a_list(folder, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("shots/b.png\n"))
    assert contents("-") == [b"b.png"]


def test_a_csv_list_carries_ids_and_further_columns(folder):
    (folder / "list.csv").write_text('ID,Path,run,"note, short"\nfirst,b.png,7,"a ""b"""\n,inner/c.jpg,8,\n,,9,\n')
    found = list(Scan(["shots/list.csv"]))
    assert [one.image for one in found] == ["first", "inner/c.jpg"]
    assert [one.metadata for one in found] == [{"run": "7", "note, short": 'a "b"'}, {"run": "8", "note, short": ""}]
    assert load(found[0].source, LIMIT) == b"b.png"


def test_a_csv_list_must_say_where_its_pictures_are(folder):
    (folder / "list.csv").write_text("name,run\nb.png,7\n")
    with pytest.raises(UsageError, match="no column says where"):
        names("shots/list.csv")


@pytest.mark.parametrize("suffix", [".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz"])
def test_archives_give_their_pictures(folder, suffix):
    archive = folder / f"shots{suffix}"
    members = {"z.png": b"z", "inner/y.jpg": b"y", "__MACOSX/._z.png": b"m", "inner/notes.txt": b"n"}
    if suffix == ".zip":
        with zipfile.ZipFile(archive, "w") as file:
            for name, content in members.items():
                file.writestr(name, content)
    else:
        with tarfile.open(archive, "w:" + {".tgz": "gz", ".tar": ""}.get(suffix, suffix[5:])) as file:
            for name, content in members.items():
                info = tarfile.TarInfo(name)
                info.size = len(content)
                file.addfile(info, io.BytesIO(content))
    ordered = ["inner/y.jpg", "z.png"] if suffix == ".zip" else ["z.png", "inner/y.jpg"]  # a TAR's own order
    assert names(f"shots/shots{suffix}") == [f"shots/shots{suffix}/{name}" for name in ordered]
    assert contents(f"shots/shots{suffix}") == [members[name] for name in ordered]


def test_a_damaged_archive_is_one_picture_that_fails(folder):
    (folder / "bad.zip").write_bytes(b"PK no more")
    (found,) = Scan(["shots/bad.zip"])
    with pytest.raises(InputError, match=r"bad\.zip: the file cannot be read"):
        load(found.source, LIMIT)


def test_other_file_systems_are_listed_and_read():
    memory = fsspec.filesystem("memory")
    memory.pipe({"/bucket/b.png": b"b", "/bucket/in/a.jpg": b"a", "/bucket/x.txt": b"b.png\n", "/bucket/n.md": b""})
    try:
        assert names("memory://bucket") == ["b.png", "in/a.jpg"]
        assert names("memory://bucket/*.png") == ["b.png"]
        assert names("memory://bucket/b.png") == ["bucket/b.png"]
        assert contents("memory://bucket") == [b"b", b"a"]
        assert contents("memory://bucket/x.txt") == [b"b"]
        with pytest.raises(UsageError, match="no pictures"):
            names("memory://bucket/*.bmp")
        with pytest.raises(InputError, match="no such file"):
            load("memory://bucket/lost.png", LIMIT)
    finally:
        memory.rm("/bucket", recursive=True)


def test_an_archive_may_lie_on_another_file_system(folder):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("z.png", b"z")
    memory = fsspec.filesystem("memory")
    memory.pipe({"/bucket/a.zip": buffer.getvalue()})
    try:
        assert names("memory://bucket/a.zip") == ["bucket/a.zip/z.png"]
        assert contents("memory://bucket/a.zip") == [b"z"]
    finally:
        memory.rm("/bucket", recursive=True)


def test_pictures_come_from_web_servers(folder):
    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    try:
        assert contents(f"{url}/b.png") == [b"b.png"]
        with pytest.raises(InputError):
            load(f"{url}/lost.png", LIMIT)
    finally:
        server.shutdown()
        server.server_close()


def test_an_unknown_protocol_is_said_at_once():
    with pytest.raises(UsageError, match="cannot be listed"):
        names("nosuch://bucket/*.png")


def test_empty_and_huge_files_are_refused_unread(tmp_path):
    (tmp_path / "empty.png").touch()
    with pytest.raises(InputError, match="empty"):
        load(str(tmp_path / "empty.png"), LIMIT)
    with (tmp_path / "huge.png").open("wb") as file:
        file.truncate(10**12)  # a hole: it takes no room
    with pytest.raises(InputError, match="too large"):
        load(str(tmp_path / "huge.png"), LIMIT)
    with pytest.raises(InputError, match="cannot be read"):
        load(str(tmp_path), LIMIT)
