"""A network that draws one curve of a plot area alone, as if nothing lay over it.

From the pixels, the ink of the wanted curve, the ground and the inks of the other curves it tells for every pixel
whether the middle of that curve's line passes there: dashes closed, markers and other curves taken away, what they hide
filled in (amodal segmentation; Li and Malik 2016). It is a U-Net (Ronneberger et al. 2015) over cells of 2 x 2 pixels,
trained on drawn plot areas by `scripts/train_curves.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitize.engines.sessions import open_session
from digitize.model import Color, Image

#: Sides of what the network reads are multiples of this.
_CELL = 32
#: The network is told of so many other inks at most, of which one alike to the wanted one, by channel, is none.
MOST_OTHERS, ALIKE = 9, 24
#: Width in pixels of the lines that the network draws, whatever that of the curve.
DRAWN_WIDTH = 1.6


class CurveNetwork:
    """The curve network. Calls from several threads may share one instance.

    Raises
    ------
    EngineError
        onnxruntime is not installed.
    """

    def __init__(self) -> None:
        self._session = open_session(Path(__file__).with_name("curves.onnx"), keep_memory=False)

    def draw_alone(self, rgb: Image, ink: Color, ground: Color, others: Sequence[Color]) -> NDArray[np.float32]:
        """The probability (h, w), between 0 and 1, that the line of one ink passes through each pixel.

        Parameters
        ----------
        rgb : (h, w, 3) uint8, a plot area, lines about one to four pixels wide.
        ink : the colour of the curve as it shows on the ground.
        ground : the colour of the bare plot area.
        others : the colours of the other curves.
        """
        height, width = rgb.shape[:2]
        padded = np.empty((_padded(height), _padded(width), 3), np.float32)
        padded[:] = np.array(ground, np.float32)
        padded[:height, :width] = rgb
        told = [other for other in others if np.abs(np.subtract(other, ink)).max() >= ALIKE][:MOST_OTHERS]
        absent = [(-255.0,) * 3] * (MOST_OTHERS - len(told))
        (logits,) = self._session.run(
            None,
            {
                "rgb": padded.transpose(2, 0, 1)[None] / np.float32(255),
                "ink": np.array([ink], np.float32) / 255,
                "ground": np.array([ground], np.float32) / 255,
                "others": np.array([[*told, *absent]], np.float32) / 255,
            },
        )
        return np.asarray(1 / (1 + np.exp(-logits[0, :height, :width])), dtype=np.float32)


@lru_cache(maxsize=1)
def curve_network() -> CurveNetwork:
    """The network, loaded once a process."""
    return CurveNetwork()


def _padded(length: int) -> int:
    return -(-length // _CELL) * _CELL
