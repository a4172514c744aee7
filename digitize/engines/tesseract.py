"""Tesseract through its command line program, as a second engine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from digitize.engines import Recognition
from digitize.errors import EngineError
from digitize.model import Image

# Tesseract reads capitals 36 pixels high best, black on white with a white border.
_CAPITAL_PX = 36
_BORDER_PX = 12
#: Tesseract sees strokes in what is flat: a crop that varies by fewer grey levels than this holds no text.
_LEAST_CONTRAST = 8
_NO_NUMBER = re.compile(r"[^0-9.,\-+eEkKMBGTmµ%$€£×^ ]")
_NOT_INSTALLED = "the program tesseract is missing: install Tesseract 5, or choose ppocr"


class Tesseract:
    """Tesseract's recogniser for single lines.

    Raises
    ------
    EngineError
        The package pytesseract or the program tesseract is not installed.
    """

    name = "tesseract"

    def __init__(self) -> None:
        try:
            import pytesseract
        except ImportError as error:
            raise EngineError("the package pytesseract is missing: install it, or choose ppocr") from error
        self._engine: Any = pytesseract
        try:
            pytesseract.get_tesseract_version()
        except (pytesseract.TesseractNotFoundError, SystemExit) as error:
            raise EngineError(_NOT_INSTALLED) from error

    def read(self, crops: Sequence[Image]) -> list[Recognition]:
        """Read RGB crops, each (height, width, 3); one recognition a crop, in the given order."""
        return [self._read_one(crop) for crop in crops]

    def _read_one(self, crop: Image) -> Recognition:
        if np.ptp(crop) < _LEAST_CONTRAST:
            return Recognition("", "", 0.0, 0.0)
        try:
            data = self._engine.image_to_data(
                _to_black_on_white(crop), config="--psm 7", output_type=self._engine.Output.DICT
            )
        except self._engine.TesseractNotFoundError as error:
            raise EngineError(_NOT_INSTALLED) from error
        except self._engine.TesseractError as error:
            raise EngineError(f"tesseract failed: {error}") from error
        words = [(text.strip(), float(trust)) for text, trust in zip(data["text"], data["conf"], strict=True)]
        words = [(text, trust) for text, trust in words if text and trust >= 0]
        if not words:
            return Recognition("", "", 0.0, 0.0)
        text = " ".join(text for text, _ in words)
        confidence = float(np.mean([trust for _, trust in words])) / 100
        number = _NO_NUMBER.sub("", text)
        return Recognition(text, number.strip(), confidence, confidence * len(number) / len(text))


def _to_black_on_white(crop: Image) -> Image:
    """Grey, dark on light, stretched to full contrast, enlarged, with a white border."""
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    if np.median(edge) < grey.mean():
        grey = 255 - grey
    low, high = float(grey.min()), float(grey.max())
    stretched = (grey - low) * (255.0 / max(high - low, 1.0))
    # A crop is its ink and a margin of a fifth on either side, so capitals fill about 0.7 of it.
    scale = _CAPITAL_PX / (0.7 * grey.shape[0])
    enlarged = cv2.resize(stretched, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    bordered = cv2.copyMakeBorder(
        np.clip(enlarged, 0, 255).astype(np.uint8), *(_BORDER_PX,) * 4, cv2.BORDER_CONSTANT, value=(255.0,)
    )
    return np.asarray(bordered, dtype=np.uint8)
