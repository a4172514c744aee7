"""PP-OCRv6 (small) on onnxruntime: the model inside the installed `rapidocr` wheel, called directly.

The network maps a line 48 pixels high to a probability of each character at every eighth column, decoded greedily
by CTC (Graves et al. 2006, Connectionist temporal classification). One run is decoded twice, over two alphabets.
"""

from __future__ import annotations

import importlib.util
import string
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.engines import Recognition
from digitize.engines.sessions import open_session
from digitize.errors import EngineError
from digitize.model import FloatArray, Image

_HEIGHT = 48
# The network was trained on lines padded to a width of 320; below 160 single characters lose confidence.
_MIN_WIDTH = 160
_MAX_WIDTH = 3200
_STEP_WIDTH = 32
_BATCH = 4
_ACCENTED = "äöüÄÖÜßéèáàçñóíêâôõåøæ"
_GREEK = "αβγδεζηθκλξπρστφψωΓΔΘΛΞΠΣΦΨΩ"  # those that no Latin letter looks like
_PRINTABLE = string.digits + string.ascii_letters + string.punctuation + " −×·°µμ²³±€£" + _ACCENTED + _GREEK
_NUMERIC = string.digits + "., -−–+eEkKMBGTmµμ%$€£×⁰¹²³⁴⁵⁶⁷⁸⁹⁻"
_BLANK = 0


class PpOcr:
    """The PP-OCRv6 recogniser. Calls from several threads may share one instance.

    Raises
    ------
    EngineError
        onnxruntime or the model is not installed, or the model has no character list.
    """

    name = "ppocr"

    def __init__(self) -> None:
        self._session = open_session(_model_path())
        characters = self._session.get_modelmeta().custom_metadata_map.get("character", "")
        if not characters:
            raise EngineError("the text recognition model carries no list of its characters")
        # Class 0 is CTC's blank; the space follows the listed characters.
        classes = ["", *characters.split("\n"), " "]
        self._printable = _Alphabet(classes, _PRINTABLE)
        self._numeric = _Alphabet(classes, _NUMERIC)

    def read(self, crops: Sequence[Image]) -> list[Recognition]:
        """Read RGB crops, each (height, width, 3); one recognition a crop, in the given order.

        Crops of like width run together, few at a time: larger batches cost more than they save.
        """
        lines = [_to_line(crop) for crop in crops]
        order = sorted(range(len(lines)), key=lambda index: lines[index].shape[2])
        found: dict[int, Recognition] = {}
        start = 0
        while start < len(order):
            width = _padded_width(lines[order[start]].shape[2])
            stop = start + 1
            while stop < len(order) and stop - start < _BATCH and _padded_width(lines[order[stop]].shape[2]) == width:
                stop += 1
            members = order[start:stop]
            for index, logits in zip(members, self._run([lines[i] for i in members], width), strict=True):
                found[index] = self._decode(logits, lines[index].shape[2] / width)
            start = stop
        return [found[index] for index in range(len(lines))]

    def _run(self, lines: list[NDArray[np.float32]], width: int) -> NDArray[np.float32]:
        batch = np.zeros((len(lines), 3, _HEIGHT, width), dtype=np.float32)
        for row, line in enumerate(lines):
            batch[row, :, :, : line.shape[2]] = line
        (output,) = self._session.run(None, {self._session.get_inputs()[0].name: batch})
        return np.asarray(output, dtype=np.float32)

    def _decode(self, probabilities: NDArray[np.float32], used_share: float) -> Recognition:
        text, confidence, places = self._printable.decode(probabilities)
        number, number_confidence, _ = self._numeric.decode(probabilities)
        shares = tuple(float(min(place / used_share, 1.0)) for place in places)
        return Recognition(text, number, confidence, number_confidence, shares)


class _Alphabet:
    """A choice of the network's classes and CTC's greedy decoding over them."""

    def __init__(self, classes: list[str], wanted: str) -> None:
        index = {character: number for number, character in reversed(list(enumerate(classes)))}
        known = [character for character in dict.fromkeys(wanted) if character in index]
        self._columns = np.array([_BLANK, *(index[character] for character in known)])
        self._characters = ["", *known]

    def decode(self, probabilities: NDArray[np.float32]) -> tuple[str, float, FloatArray]:
        """The text, the mean probability of its characters, and their places as shares of the padded width."""
        chosen = probabilities[:, self._columns]
        best = chosen.argmax(axis=1)
        starts = np.flatnonzero((best != 0) & (best != np.concatenate([[0], best[:-1]])))
        if not len(starts):
            return "", 0.0, np.empty(0)
        # A character may span several columns: its peak counts.
        runs = [chosen[start : start + _run_length(best[start:]), best[start]] for start in starts]
        peaks = starts + np.array([int(run.argmax()) for run in runs])
        text = "".join(self._characters[best[start]] for start in starts)
        places = (peaks + 0.5) / len(best)
        kept = slice(len(text) - len(text.lstrip()), len(text.rstrip()) or 0)
        confidence = float(np.mean(chosen[peaks, best[peaks]]))
        return text.strip(), confidence, places[kept]


def _run_length(values: NDArray[np.intp]) -> int:
    changed = np.flatnonzero(values != values[0])
    return int(changed[0]) if len(changed) else len(values)


def _padded_width(width: int) -> int:
    return max(_MIN_WIDTH, -(-width // _STEP_WIDTH) * _STEP_WIDTH)


def _to_line(crop: Image) -> NDArray[np.float32]:
    """A crop as the network wants it: (3, 48, width), BGR, between -1 and 1."""
    height, width = crop.shape[:2]
    scaled_width = int(np.clip(round(width * _HEIGHT / height), 1, _MAX_WIDTH))
    scaled = cv2.resize(crop, (scaled_width, _HEIGHT), interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(scaled[:, :, ::-1].transpose(2, 0, 1).astype(np.float32) / 127.5 - 1.0)


def _model_path() -> Path:
    # Finding the package's folder does not import it: its own pipeline takes seconds to load.
    spec = importlib.util.find_spec("rapidocr")
    folders = list(spec.submodule_search_locations or []) if spec else []
    for folder in folders:
        for path in sorted(Path(folder, "models").glob("PP-OCRv6_rec_small*.onnx")):
            return path
    raise EngineError("the text recognition model is missing: install the package rapidocr 3.10, or choose tesseract")
