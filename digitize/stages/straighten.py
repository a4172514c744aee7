"""Straightening: a scan that lies slightly askew is turned upright before it is read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.medians import median
from digitize.model import FloatArray, Image, Picture

#: Largest tilt that is looked for, and the step of the search, in degrees.
_LARGEST, _STEP = 3.0, 0.05
#: Tilts below this shift nothing by a pixel over a panel.
_SMALLEST = 0.1
#: How much sharper the upright picture's profile must be than the given one's: on average, and in one direction where
#: the other, blurred by no more than the third, tells nothing.
_GAIN, _ONE_GAIN, _UNTOLD = 1.05, 1.4, 0.98
#: A direction does not stand upright that turned by less than so many degrees gains so much, and where neither does,
#: one tells the tilt with this gain.
_UPRIGHT_WITHIN, _LEANS, _LEANING_GAIN = 0.28, 1.02, 1.25
#: Of so many angles one is looked at first; where it gains so much those beside it may gain more.
_LEAP, _PROMISING = 3, 0.6
#: Least strength of an edge (Sobel), and the same in multiples of the picture's usual one, which is its noise.
_LEAST_EDGE, _OVER_NOISE = 40.0, 6.0
#: How long the parts of a picture are that are looked at apart, in pixels, and how exactly they tell its tilt, in
#: degrees.
_PART, _AROUND = 300.0, 0.16
#: How far about the best angle of the search the exact one is looked for, the steps of that, in degrees, and how many
#: steps on either side of the sharpest the parabola goes through.
_BESIDE, _FINE_STEP, _ABOUT_TOP = 0.12, 0.01, 5
#: Rows of a profile to a pixel where it is to tell the exact angle, smoothed by a triangle as wide as an edge.
_FINE_ROWS, _TRIANGLE = 3, np.array([1.0, 2.0, 3.0, 2.0, 1.0])
#: Edge pixels looked at in each direction.
_SAMPLE = 6_000


def straighten(picture: Picture) -> Picture:
    """The picture turned upright, `tilt_deg` telling by how much; the picture itself where it is upright.

    Frames, gridlines and lines of text make the profile of edge pixels across them sharpest when they run along the
    pixels (projection profiles: Postl, *Detection of linear oblique structures and skew scan in digitized
    documents*, ICPR 1986). Both directions must agree, so that a gently sloping curve does not count as tilt, unless
    one of them holds hardly a stroke and the other is clear.
    """
    tilt = _tilt(picture)
    if abs(tilt) < _SMALLEST:
        return picture
    note = f"turned by {tilt:.2f} degrees to stand upright"
    return replace(
        picture,
        rgb=_turned(picture.rgb, tilt),
        given=None if picture.given is None else _turned(picture.given, tilt),
        tilt_deg=tilt,
        notes=(*picture.notes, note),
    )


def _turned(rgb: Image, degrees: float) -> Image:
    """The picture turned counter-clockwise about its centre."""
    height, width = rgb.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    upright = cv2.warpAffine(rgb, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(upright, np.uint8)


def _tilt(picture: Picture) -> float:
    """Degrees by which the picture must be turned counter-clockwise."""
    grey = cv2.cvtColor(picture.rgb, cv2.COLOR_RGB2GRAY)
    across = np.abs(cv2.Sobel(grey, cv2.CV_16S, 1, 0))
    down = np.abs(cv2.Sobel(grey, cv2.CV_16S, 0, 1))
    least = max(_LEAST_EDGE, _OVER_NOISE * max(_usual(across), _usual(down)))
    rows, columns = _steep(down, across, least), _steep(across, down, least)
    if min(len(rows), len(columns)) < 200:
        return 0.0
    angles = np.arange(-_LARGEST, _LARGEST + _STEP / 2, _STEP)
    center = np.array([picture.width, picture.height]) / 2
    directions = rows - center[::-1], (columns - center[::-1])[:, ::-1] * [1.0, -1.0]
    gains = _promising_gains(directions, angles)
    told = _agree(gains) | _is_clear(gains) | _leans(gains, angles)
    if not told.any():
        return 0.0
    # Over a whole picture strokes of one panel may come in line with those of others; parts of it tell less exactly.
    near = angles[np.argmax(_gains(directions, angles, _PART).sum(axis=0))]
    best = int(np.argmax(np.where(np.abs(angles - near) <= _AROUND, gains.sum(axis=0), 0.0)))
    return -_exactly(directions, float(angles[best])) if told[best] else 0.0


def _exactly(directions: Sequence[FloatArray], angle: float) -> float:
    """The angle at which the profiles are sharpest, near one of the search: the top of a parabola through theirs.

    A direction that is not at its sharpest near there, but beyond, has no say: steep curves lead it astray.
    """
    beside = np.arange(-_BESIDE, _BESIDE + _FINE_STEP / 2, _FINE_STEP)
    every = [_fine_sharpness(places, angle + beside) for places in directions]
    peaked = [one / one.max() for one in every if 0 < np.argmax(one) < len(one) - 1]
    if not peaked:
        return angle
    sharpness = np.sum(peaked, axis=0)
    top = int(np.argmax(sharpness))
    near = slice(max(top - _ABOUT_TOP, 0), top + _ABOUT_TOP + 1)
    bend, slope, _ = np.polyfit(beside[near], sharpness[near], 2)
    return angle + float(np.clip(-slope / (2 * bend), -_BESIDE, _BESIDE)) if bend < 0 else angle


def _fine_sharpness(places: FloatArray, angles: FloatArray) -> FloatArray:
    """For each angle the sum of squares of the profile across it, in fractions of a pixel."""
    slants = np.tan(np.radians(angles))
    across = places[:, :1] + places[:, 1:] * slants
    rows = (_FINE_ROWS * (across - across.min())).astype(np.intp)
    profiles = (np.convolve(np.bincount(row), _TRIANGLE) for row in rows.T)
    return np.array([float(profile @ profile) for profile in profiles])


def _agree(gains: FloatArray) -> NDArray[np.bool_]:
    """At which angles (n,) both directions (2, n) gain, and enough together."""
    return np.asarray((gains.min(axis=0) > 1.0) & (gains.sum(axis=0) > 2 * _GAIN))


def _is_clear(gains: FloatArray) -> NDArray[np.bool_]:
    """At which angles (n,) one direction of two (2, n) gains much and the other, of few strokes, does not lose."""
    return np.asarray((gains.min(axis=0) > _UNTOLD) & (gains.max(axis=0) > _ONE_GAIN))


def _leans(gains: FloatArray, angles: FloatArray) -> NDArray[np.bool_]:
    """At which angles (n,) one direction of two (2, n) gains, where neither is at its sharpest upright.

    Steep curves in a chart with strokes in one direction alone, mostly, lead the other one astray. Where that is
    sharpest at an end of the search, they lean further still and tell nothing.
    """
    beside = gains[:, np.abs(angles) < _UPRIGHT_WITHIN]
    within = np.abs(angles) < _LARGEST - _STEP / 2
    return np.asarray(within & (gains.max(axis=0) > _LEANING_GAIN) & (beside.max(axis=1) > _LEANS).all())


def _usual(edges: NDArray[np.int16]) -> float:
    """The median strength of an edge, which needs no sorting where most of the picture is flat."""
    return 0.0 if 2 * cv2.countNonZero(edges) < edges.size else median(edges)


def _steep(strong: NDArray[np.int16], weak: NDArray[np.int16], least: float) -> FloatArray:
    """(row, column) of pixels on edges stronger than `least` nearly along one axis, about `_SAMPLE`, evenly taken."""
    places = np.flatnonzero((strong > least) & (strong > 6 * weak))
    return np.stack(np.divmod(places[:: max(len(places) // _SAMPLE, 1)], strong.shape[1]), axis=1).astype(float)


def _promising_gains(directions: Sequence[FloatArray], angles: FloatArray) -> FloatArray:
    """The gains over the whole picture (directions, angles); 0 where those at angles on either side are far below 1."""
    gains = np.zeros((len(directions), len(angles)))
    every = np.arange(0, len(angles), _LEAP)
    gains[:, every] = _gains(directions, angles[every], math.inf)
    likely = (gains.max(axis=0) >= _PROMISING).astype(np.uint8)
    near = cv2.dilate(likely[None], np.ones((1, 2 * _LEAP - 1), np.uint8))[0] > 0
    near[every] = False
    gains[:, near] = _gains(directions, angles[near], math.inf)
    return gains


def _gains(directions: Sequence[FloatArray], angles: FloatArray, part: float) -> FloatArray:
    """How much sharper the profiles in each direction are at each angle than upright: (directions, angles)."""
    sharpness = np.stack([_sharpness(places, np.append(angles, 0.0), part) for places in directions])
    return np.asarray(sharpness[:, :-1] / sharpness[:, -1:])


def _sharpness(places: FloatArray, angles: FloatArray, part: float) -> FloatArray:
    """For each angle the sum of squares of the profiles that (position across, position along) pairs make.

    Each part, about so many pixels long, has a profile of its own.
    """
    across, along = places[:, 0], places[:, 1]
    reach = float(np.abs(across).max() + np.abs(along).max() * np.tan(np.radians(_LARGEST))) + 2
    count, length = max(int(np.ptp(along) / part), 1), max(float(np.ptp(along)), 1.0)
    number = np.minimum((along - along.min()) / length * count, count - 1).astype(np.intp)
    across = across + reach + number * 2 * np.ceil(reach + 1)
    profiles = (np.bincount((across + along * slant).astype(np.intp)) for slant in np.tan(np.radians(angles)))
    return np.array([float(profile @ profile) for profile in profiles])
