"""A network that takes out of a picture what lossy compression put into it.

It is a small residual U-Net (Zhang et al., *Beyond a Gaussian denoiser*, 2017; Ronneberger et al. 2015) over cells of
2 x 2 pixels, trained on charts by `scripts/train_restoration.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from digitize.engines.sessions import open_session
from digitize.model import Box, Image

#: Sides of what the network reads are multiples of this.
_CELL = 8
#: The picture is taken in tiles of so many pixels a side, which bounds the memory, each read with so many around it.
_TILE, _AROUND = 512, 24


class RestorationNetwork:
    """The restoration network. Calls from several threads may share one instance.

    Raises
    ------
    EngineError
        onnxruntime is not installed.
    """

    def __init__(self) -> None:
        self._session = open_session(Path(__file__).with_name("restoration.onnx"), keep_memory=False)

    def restore(self, rgb: Image, within: Sequence[Box] = ()) -> Image:
        """The picture (h, w, 3) uint8 as it may have been before it was compressed.

        Where boxes are given only the pixels within them are restored, at least.
        """
        height, width = rgb.shape[:2]
        after = (_AROUND, _AROUND + -height % _CELL, _AROUND, _AROUND + -width % _CELL)
        padded = np.asarray(cv2.copyMakeBorder(rgb, *after, cv2.BORDER_REPLICATE), np.uint8)
        restored = padded[_AROUND:-_AROUND, _AROUND:-_AROUND].copy()
        for box in within or [Box(0.0, 0.0, float(width), float(height))]:
            rows, columns = (_in_cells(part) for part in box.to_slices(rgb.shape))
            for top in range(rows.start, rows.stop, _TILE):
                for left in range(columns.start, columns.stop, _TILE):
                    bottom, right = min(top + _TILE, rows.stop), min(left + _TILE, columns.stop)
                    around = padded[top : bottom + 2 * _AROUND, left : right + 2 * _AROUND]
                    restored[top:bottom, left:right] = self._run(around)[_AROUND:-_AROUND, _AROUND:-_AROUND]
        return restored[:height, :width]

    def _run(self, rgb: Image) -> Image:
        channels = rgb.transpose(2, 0, 1)[None].astype(np.float32) / np.float32(255)
        (restored,) = self._session.run(None, {"rgb": channels})
        return np.asarray(np.clip(restored[0] * 255 + 0.5, 0, 255), np.uint8).transpose(1, 2, 0)


def _in_cells(part: slice) -> slice:
    """A slice widened to whole cells."""
    return slice(part.start - part.start % _CELL, part.stop + -part.stop % _CELL)


@lru_cache(maxsize=1)
def restoration_network() -> RestorationNetwork:
    """The network, loaded once a process."""
    return RestorationNetwork()
