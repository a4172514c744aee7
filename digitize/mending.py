"""Recognised text mended by the shapes of its glyphs and by spelling, where these tell better than the recogniser."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digitize.components import Components
from digitize.medians import median
from digitize.spacing import gaps_of, line_height

_SAME_IN_BOTH_CASES = frozenset("CKOPSUVWXYZ")
_RAISED_FIGURES = re.compile(r"(?<=10)[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+$")
_LOWERED = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
#: An I that begins a word of two letters which is none of If, In, Is, It, Id, Im; a 1 that begins lr or ln.
_SMALL_EL = re.compile(r"(?<![A-Za-z])I(?=[b-eg-lo-ru-z](?![A-Za-z]))|(?<![\w.,])1(?=[nr](?!\w))")
#: An I or a 1 after the slash of a unit is the sign of the litre; an l before one and an O is that of in- and output.
_PER_LITRE, _INPUT = re.compile(r"(?<=[a-zµ]/)[I1](?!\w)"), re.compile(r"(?<![A-Za-z])l(?=/O(?!\w))")

#: A gap beside an equals sign that is a space, in glyph heights: the sign has wider margins than letters.
_WORD_GAP = 0.42
#: A date one of whose two dashes is lost.
_BROKEN_DATE = re.compile(r"(?<!\d)(\d{4})(?:-(\d\d) | (\d\d)-)(\d\d)(?!\d)")


def mend_text(text: str, places: Sequence[float], glyphs: Components, unit: float) -> str:
    """Mend a recognised text.

    Parameters
    ----------
    places : where each character lies, as a share of the width of the line's ink; empty where that is not known.
    glyphs : the pieces of ink of the line, which runs along x.
    unit : the usual height of the picture's glyphs in pixels.

    Notes
    -----
    A wide gap beside an equals sign is a space; a slanting stroke is a slash, a dash between figures parts them; a
    dash before a number is its sign and a point on its baseline parts it; letters alike in both cases are small where
    they are lower than the usual glyph; a raised figure behind a ten is its exponent.
    """
    text, places = _with_spaces(text, places, glyphs)
    text = _between_figures(_with_slashes(text, places, glyphs), places, glyphs, _is_dash(glyphs), "-")
    text = _between_figures(text, places, glyphs, _is_point(glyphs), ".")
    text = _BROKEN_DATE.sub(r"\1-\2\3-\4", text)
    if text in _SAME_IN_BOTH_CASES and float(glyphs.bottom.max() - glyphs.top.min()) < 0.88 * unit:
        text = text.lower()
    return mend_number(mend_letters(text), glyphs)


def mend_letters(text: str) -> str:
    """Mend letters by spelling alone: what no word of two letters begins with, and a unit ends with, is a small l."""
    return _INPUT.sub("I", _PER_LITRE.sub("l", _SMALL_EL.sub("l", text)))


def mend_number(text: str, glyphs: Components) -> str:
    """Mend the sign, the decimal point and the exponent of a number; any other text is returned as it is."""
    text = _RAISED_FIGURES.sub(lambda found: "^" + found[0].translate(_LOWERED), text)
    text = _with_point(text, glyphs)
    if re.match(r"\.?\d", text) and _starts_with_dash(glyphs):
        text = "-" + text
    return text


def _with_spaces(text: str, places: Sequence[float], glyphs: Components) -> tuple[str, Sequence[float]]:
    """The text with the spaces around its equals signs, where gaps as wide as between words say so, and its places."""
    if len(places) != len(text) or "=" not in text.strip("="):
        return text, places
    order = np.argsort(glyphs.left, kind="stable")
    gaps, height = gaps_of(glyphs, order), line_height(glyphs, order)
    start, width = glyphs.left.min(), glyphs.right.max() - glyphs.left.min()
    found = list(zip(text, places, strict=True))
    flat = (glyphs.width >= 1.5 * glyphs.height)[order]
    for index in np.flatnonzero((gaps >= _WORD_GAP * height) & (flat[1:] | flat[:-1])):
        share = (glyphs.left[order[index + 1]] - gaps[index] / 2 - start) / width
        at = sum(place < share for _, place in found)
        around = [sign for sign, _ in found[max(at - 1, 0) : at + 1]]
        if "=" in around and " " not in around:
            found.insert(at, (" ", share))
    return "".join(sign for sign, _ in found), [place for _, place in found]


def _with_slashes(text: str, places: Sequence[float], glyphs: Components) -> str:
    """The text with a slash for each stroke read as an l that slants where the line's other strokes stand upright."""
    stroke = glyphs.slender < 0.3
    if len(places) != len(text) or not stroke.any() or median(glyphs.tilt[stroke]) > 7:
        return text
    slanting = stroke & (glyphs.tilt > 7) & (glyphs.tilt <= 45)
    start = glyphs.left.min()
    for index, place in enumerate(places):
        # A slash that was read has a stroke of its own.
        if text[index] in "lI|" and 0 < index < len(text) - 1 and np.count_nonzero(slanting) > text.count("/"):
            x = start + place * (glyphs.right.max() - start)
            near = np.flatnonzero((glyphs.left <= x + 1) & (glyphs.right >= x - 1) & stroke)
            if len(near) == 1 and slanting[near[0]]:
                text = text[:index] + "/" + text[index + 1 :]
    return text


def _between_figures(
    text: str, places: Sequence[float], glyphs: Components, signs: NDArray[np.bool_], sign: str
) -> str:
    """The text with those of some signs that stand between two of its figures and were read as a gap or not at all.

    Points must have been read as a gap: specks beside figures are as small.
    """
    if len(places) != len(text):
        return text
    start, width = glyphs.left.min(), glyphs.right.max() - glyphs.left.min()
    shares = ((glyphs.left + glyphs.right) / 2 - start)[signs] / width
    for share in sorted(shares, reverse=True):
        after = int(np.searchsorted(places, share))
        before = after
        if text[after - 1 : after] == " ":
            before -= 1
        elif text[after : after + 1] == " ":
            after += 1
        told = before < after or sign != "."
        if told and text[before - 1 : before].isdigit() and text[after : after + 1].isdigit():
            text = f"{text[:before]}{sign}{text[after:]}"
    return text


def _is_dash(glyphs: Components) -> NDArray[np.bool_]:
    """Flat pieces at half the height of a line."""
    height = float(glyphs.height.max())
    flat = (glyphs.height <= 0.3 * height + 0.5) & (glyphs.width >= np.maximum(1.5 * glyphs.height, 0.3 * height))
    middle = (glyphs.top + glyphs.bottom) / 2 - glyphs.top.min()
    return np.asarray(flat & (middle >= 0.3 * height) & (middle <= 0.75 * height))


def _is_point(glyphs: Components) -> NDArray[np.bool_]:
    """Small pieces on the baseline of a line."""
    height = float(glyphs.height.max())
    small = np.maximum(glyphs.height, glyphs.width) <= 0.35 * height
    baseline = median(glyphs.bottom[glyphs.height >= 0.7 * height])
    return np.asarray(small & (np.abs(glyphs.bottom - baseline) <= 0.12 * height + 0.5))


def _starts_with_dash(glyphs: Components) -> bool:
    first = int(np.argmin(glyphs.left))
    rest = np.delete(glyphs.left, first)
    return bool(_is_dash(glyphs)[first] and len(rest) and rest.min() >= glyphs.right[first])


def _with_point(text: str, glyphs: Components) -> str:
    """A number read without the point that stands on its baseline between two of its figures, with that point."""
    sign = 1 if text[:1] in "-−" else 0
    if not text[sign:].isdecimal():
        return text
    height = float(glyphs.height.max())
    tall = glyphs.height >= 0.7 * height
    dot = _is_point(glyphs) & (glyphs.area >= 2)
    if np.count_nonzero(tall) != len(text) - sign or np.count_nonzero(dot) != 1:
        return text
    before = sign + int(np.count_nonzero(glyphs.right[tall] <= glyphs.left[dot][0] + 1))
    return text[:before] + "." + text[before:] if sign < before < len(text) else text
