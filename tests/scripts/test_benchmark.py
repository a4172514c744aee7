"""The benchmark reads every case, outlives what fails, and measures what it says."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import benchmark
import pytest

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"
SCORER = """
import json, pathlib, sys
cases, readings = map(pathlib.Path, sys.argv[1:3])
rows = [{"id": p.stem, "images_right": float((readings / p.name).exists())} for p in sorted(cases.glob("*.json"))]
pathlib.Path(sys.argv[sys.argv.index("--json") + 1]).write_text(json.dumps({"cases": rows}))
print("scored", " ".join(r["id"] for r in rows))
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / "benchmark.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=300)


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """Two good cases and one whose picture is no picture."""
    folder = tmp_path / "cases"
    folder.mkdir()
    for name in ("two-axes", "bars"):
        for suffix in (".png", ".json"):
            shutil.copy(FIXTURES / (name + suffix), folder / (name + suffix))
    truth = json.loads((FIXTURES / "bars.json").read_text(encoding="utf-8"))
    (folder / "broken.json").write_text(json.dumps(truth | {"id": "broken"}), encoding="utf-8")
    (folder / "broken.png").write_bytes(b"no picture")
    return folder


def test_a_folder_is_read_scored_and_measured(cases: Path, tmp_path: Path) -> None:
    (tmp_path / "score.py").write_text(SCORER, encoding="utf-8")
    out = tmp_path / "out"
    done = run(str(cases), "--score", "--overlays", "-o", str(out))
    assert done.returncode == 1, done.stderr  # one picture could not be read
    assert "scored bars broken two-axes" in done.stdout
    assert "read 2 of 3 pictures, 1 faults" in done.stdout
    assert (out / "two-axes.json").exists()
    assert not (out / "broken.json").exists()
    costs = {c["id"]: c for c in json.loads((out / "costs.json").read_text(encoding="utf-8"))}
    assert costs["broken"]["fault"]
    good = costs["two-axes"]
    # recognition is part of the reading, and an interpreter with numpy alone takes more than 20 MiB
    assert 0 < good["text_s"] < good["cpu_s"]
    assert good["ratio"] == pytest.approx(good["cpu_s"] / good["text_s"])
    assert good["peak_mib"] > 20
    assert not (out / "overlays" / "two-axes.png").exists()  # scored right


def test_prefixes_choose_cases(cases: Path) -> None:
    assert [c.id for c in benchmark.find_cases(cases, ["two"])] == ["two-axes"]
    assert [c.id for c in benchmark.find_cases(cases, [])] == ["bars", "broken", "two-axes"]


def test_a_crash_or_a_hang_is_a_fault_of_its_case(monkeypatch: pytest.MonkeyPatch) -> None:
    case = benchmark.Case(id="a", picture=Path("a.png"))

    class Pipe:
        def send(self, _: object) -> None:
            raise BrokenPipeError

        def poll(self, _: float) -> bool:
            return False

    class Silent(Pipe):
        def send(self, _: object) -> None:
            pass

    class Process:
        exitcode = -11

        def join(self, _: float) -> None: ...

        def kill(self) -> None: ...

    worker = object.__new__(benchmark.Worker)
    worker.timeout_s, worker.process = 3.0, Process()
    monkeypatch.setattr(benchmark.Worker, "start", lambda self: None)
    worker.pipe = Pipe()
    assert worker.read(case).fault == "the worker ended with exit code -11"
    worker.pipe = Silent()
    assert worker.read(case).fault == "no reading within 3 s"


def test_peak_memory_follows_what_is_used() -> None:
    benchmark.reset_peak_memory()
    before = benchmark.peak_memory_mib()
    held = bytearray(64 * 1024 * 1024)
    assert benchmark.peak_memory_mib() - before > 50
    del held
