import subprocess
import sys
import threading

import cv2
import numpy as np
import pytest

from digitize import engines
from digitize.engines import get_recognizer, tesseract
from digitize.errors import EngineError, UsageError
from digitize.model import Image


def crop_of(text: str, height: int = 14, dark: bool = False) -> Image:
    """A line of text with a margin, in OpenCV's own font."""
    scale = height / 21
    (width, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, 1)
    canvas = np.full((round(height * 1.7), width + 8, 3), 255, np.uint8)
    cv2.putText(canvas, text, (4, round(height * 1.3)), cv2.FONT_HERSHEY_SIMPLEX, scale, (0, 0, 0), 1, cv2.LINE_AA)
    return 255 - canvas if dark else canvas


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("text", ["0", "7", "150", "0.25", "-12.5", "1e-4", "2020"])
def test_ppocr_reads_numbers(text: str, dark: bool) -> None:
    (seen,) = get_recognizer("ppocr").read([crop_of(text, dark=dark)])
    assert (seen.text, seen.number) == (text, text)
    assert min(seen.confidence, seen.number_confidence) > 0.7


def test_ppocr_keeps_the_order_of_crops_of_any_width() -> None:
    texts = ["5", "validation loss of the second run", "100", "step", "0.75", "3", "a much longer line than the others"]
    seen = get_recognizer("ppocr").read([crop_of(text) for text in texts])
    assert [recognition.text for recognition in seen] == texts


def test_ppocr_tells_where_characters_stand() -> None:
    (seen,) = get_recognizer("ppocr").read([crop_of("10 000")])
    assert len(seen.places) == len(seen.text)
    assert list(seen.places) == sorted(seen.places)
    # The digits are evenly spaced: the first lies in the first quarter of the crop, the last in the last.
    assert seen.places[0] < 0.25
    assert seen.places[-1] > 0.75


def test_number_is_read_over_the_characters_of_numbers_only() -> None:
    (seen,) = get_recognizer("ppocr").read([crop_of("loss")])
    assert seen.text == "loss"
    assert not set(seen.number) & set("los")
    assert seen.number_confidence < seen.confidence


def test_nothing_to_read() -> None:
    recognizer = get_recognizer("ppocr")
    assert recognizer.read([]) == []
    assert recognizer.read([np.full((20, 60, 3), 255, np.uint8)])[0].text == ""
    assert len(recognizer.read([np.zeros((1, 1, 3), np.uint8), np.full((1, 900, 3), 255, np.uint8)])) == 2


def test_one_recognizer_serves_all_threads() -> None:
    found: list[object] = []
    crop = crop_of("42")

    def work() -> None:
        recognizer = get_recognizer("ppocr")
        found.append((id(recognizer), recognizer.read([crop])[0].text))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(found) == {(id(get_recognizer("ppocr")), "42")}


def test_no_engine_is_loaded_before_it_is_asked_for() -> None:
    engines_loaded = "{'onnxruntime', 'rapidocr', 'pytesseract'} & set(sys.modules)"
    code = f"import sys, digitize.stages.text; sys.exit(bool({engines_loaded}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_unknown_name_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="ppocr, tesseract"):
        get_recognizer("magic")


def test_a_missing_model_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_loaded", {})
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(EngineError, match="rapidocr"):
        get_recognizer("ppocr")


def test_a_missing_tesseract_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_loaded", {})
    monkeypatch.setenv("PATH", "")
    with pytest.raises(EngineError, match="tesseract is missing"):
        get_recognizer("tesseract")


@pytest.mark.parametrize("dark", [False, True])
def test_tesseract_reads_a_number(dark: bool) -> None:
    try:
        recognizer = get_recognizer("tesseract")
    except EngineError:
        pytest.skip("the program tesseract is not installed")
    seen = recognizer.read([crop_of("1500", dark=dark), np.full((20, 60, 3), 255, np.uint8)])
    assert (seen[0].text, seen[0].number) == ("1500", "1500")
    assert seen[1] == ("", "", 0.0, 0.0, ())


def test_tesseract_sees_black_on_white() -> None:
    light, dark = (tesseract._to_black_on_white(crop_of("88", dark=dark)) for dark in (False, True))
    assert np.median(light) == np.median(dark) == 255
    assert light.min() == 0
