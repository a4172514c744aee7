"""Straightening: a scan that lies slightly askew is turned upright before it is read."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from digitize.model import FloatArray, Picture

#: Largest tilt that is looked for, and the step of the search, in degrees.
_LARGEST, _STEP = 3.0, 0.05
#: Tilts below this shift nothing by a pixel over a panel.
_SMALLEST = 0.1
#: How much sharper the upright picture's profile must be than the given one's.
_GAIN = 1.05
#: Edge pixels looked at in each direction.
_SAMPLE = 15_000


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
    across = cv2.Sobel(grey, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(grey, cv2.CV_32F, 0, 1)
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


def _steep(strong: np.ndarray, weak: np.ndarray) -> FloatArray:
    """(row, column) of pixels on edges that run nearly along one axis, at most `_SAMPLE`, evenly chosen."""
    edge = (np.abs(strong) > 40) & (np.abs(strong) > 6 * np.abs(weak))
    places = np.argwhere(edge)
    return places[:: max(len(places) // _SAMPLE, 1)].astype(float)


def _sharpness(places: FloatArray, angles: FloatArray) -> FloatArray:
    """For each angle the sum of squares of the profile that (position across, position along) pairs make."""
    across, along = places[:, 0], places[:, 1]
    reach = float(np.abs(across).max() + np.abs(along).max() * np.tan(np.radians(_LARGEST))) + 2
    scores = []
    for angle in angles:
        shifted = across + along * np.tan(np.radians(angle)) + reach
        profile = np.bincount(shifted.astype(int), minlength=1).astype(float)
        scores.append(float((profile**2).sum()))
    return np.array(scores)
