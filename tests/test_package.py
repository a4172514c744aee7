"""What a newcomer relies on before any picture is read."""

import os
import subprocess
import sys
from importlib.resources import files

import pytest

import digitize
from digitize import errors

HEAVY = ("cv2", "onnxruntime", "pandas", "pytesseract", "rapidocr", "scipy", "skimage")
REPORT = "import time; print(time.process_time(), *sys.modules)"


def run_python(code: str) -> tuple[float, set[str]]:
    """CPU seconds and loaded modules of a fresh interpreter that runs `code`."""
    result = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\n{REPORT}"],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    seconds, *modules = result.stdout.split("\n")[-2].split()
    return float(seconds), {name.partition(".")[0] for name in modules}


def test_importing_the_package_loads_nothing_heavy():
    _, modules = run_python("import digitize")
    assert not modules & {*HEAVY, "numpy", "typer", "rich"}


def test_reading_loads_no_library_for_a_few_of_its_lines():
    _, modules = run_python("import digitize.pipeline")
    assert not modules & {"onnxruntime", "pandas", "pytesseract", "rapidocr", "scipy"}


def test_help_is_quick_and_loads_no_engine():
    code = "from digitize.cli import app\ntry: app(['--help'])\nexcept SystemExit: pass"
    seconds, modules = min((run_python(code) for _ in range(3)), key=lambda run: run[0])
    assert not modules & set(HEAVY)
    assert seconds < 0.4


def test_every_public_name_is_found():
    assert {*digitize.__all__} == {*dir(digitize)}
    for name in digitize.__all__:
        assert getattr(digitize, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = digitize.nothing


def test_the_package_ships_its_types_and_its_schema():
    assert (files("digitize") / "py.typed").is_file()
    assert (files("digitize") / "outputs" / "reading.schema.json").is_file()


def test_each_error_has_its_exit_code():
    codes = {
        error.exit_code for error in (errors.UsageError, errors.InputError, errors.EngineError, errors.OutputError)
    }
    assert codes == {2, 3, 4, 5}
