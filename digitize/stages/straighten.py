"""Straightening: a scan that lies slightly askew is turned upright before it is read."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.model import FloatArray, Picture

#: Largest tilt that is looked for, and the step of the search, in degrees.
_LARGEST, _STEP = 3.0, 0.05
#: Tilts below this shift nothing by a pixel over a panel.
_SMALLEST = 0.1
#: How much sharper the upright picture's profile must be than the given one's.
_GAIN = 1.05
#: Edge pixels looked at in each direction.
_SAMPLE = 6_000


def straighten(picture: Picture) -> Picture:
    """The picture turned upright, `tilt_deg` telling by how much; the picture itself where it is upright.

    Frames, gridlines and lines of text make the profile of edge pixels across them sharpest when they run along the
    pixels (projection profiles: Postl, *Detection of linear oblique structures and skew scan in digitized
    documents*, ICPR 1986). Both directions must agree, so that a gently sloping curve does not count as tilt.
    """
    tilt = _tilt(picture)
    if abs(tilt) < _SMALLEST:
        return picture
    matrix = cv2.getRotationMatrix2D(((picture.width - 1) / 2, (picture.height - 1) / 2), tilt, 1.0)
    upright = cv2.warpAffine(
        picture.rgb, matrix, (picture.width, picture.height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    note = f"turned by {tilt:.2f} degrees to stand upright"
    return replace(picture, rgb=np.asarray(upright, np.uint8), tilt_deg=tilt, notes=(*picture.notes, note))


def _tilt(picture: Picture) -> float:
    """Degrees by which the picture must be turned counter-clockwise."""
    grey = cv2.cvtColor(picture.rgb, cv2.COLOR_RGB2GRAY)
    across = np.abs(cv2.Sobel(grey, cv2.CV_16S, 1, 0))
    down = np.abs(cv2.Sobel(grey, cv2.CV_16S, 0, 1))
    rows, columns = _steep(down, across), _steep(across, down)
    if min(len(rows), len(columns)) < 200:
        return 0.0
    angles = np.arange(-_LARGEST, _LARGEST + _STEP / 2, _STEP)
    center = np.array([picture.width, picture.height]) / 2
    level = _sharpness(rows - center[::-1], angles)
    plumb = _sharpness((columns - center[::-1])[:, ::-1] * [1.0, -1.0], angles)
    upright = len(angles) // 2
    total = level / level[upright] + plumb / plumb[upright]
    best = int(np.argmax(total))
    gains = level[best] / level[upright] > 1.0 and plumb[best] / plumb[upright] > 1.0
    return -float(angles[best]) if gains and total[best] / 2 > _GAIN else 0.0


def _steep(strong: NDArray[np.int16], weak: NDArray[np.int16]) -> FloatArray:
    """(row, column) of pixels on edges that run nearly along one axis, about `_SAMPLE`, evenly chosen."""
    places = np.flatnonzero((strong > 40) & (strong > 6 * weak))
    return np.stack(np.divmod(places[:: max(len(places) // _SAMPLE, 1)], strong.shape[1]), axis=1).astype(float)


def _sharpness(places: FloatArray, angles: FloatArray) -> FloatArray:
    """For each angle the sum of squares of the profile that (position across, position along) pairs make."""
    across, along = places[:, 0], places[:, 1]
    reach = float(np.abs(across).max() + np.abs(along).max() * np.tan(np.radians(_LARGEST))) + 2
    across = across + reach
    profiles = (np.bincount((across + along * slant).astype(np.intp)) for slant in np.tan(np.radians(angles)))
    return np.array([float(profile @ profile) for profile in profiles])
