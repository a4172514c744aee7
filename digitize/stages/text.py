"""Text of a whole picture: where lines of text stand, and what each of them says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.asides import head_of, is_aside, with_strokes
from digitize.chains import Chain, find_chains
from digitize.components import Components, Ink, find_ink
from digitize.crops import MARGIN, TextLine, crop_beside, crop_line, fine_box
from digitize.engines import Recognition, Recognizer
from digitize.exponents import join_exponents
from digitize.faintsigns import adds_equals_sign, find_faint_signs
from digitize.glyphs import is_bar, is_point
from digitize.labelspans import label_spans
from digitize.medians import median
from digitize.mending import mend_letters, mend_number, mend_text
from digitize.model import Box, Image, Picture, Word
from digitize.numberrows import GROUPED, numbers_apart
from digitize.rulecuts import cut_at_rules
from digitize.samplecuts import read_members
from digitize.slants import SlantedLine, find_slanted, to_upright
from digitize.softness import is_soft, joined_readings, sharpened
from digitize.spacing import cut_between, split_groups
from digitize.strays import in_dashed_strokes, in_dotted_strokes, without_strays

#: A word read with less confidence than this over either alphabet is no text.
_MIN_CONFIDENCE = 0.5
#: Likewise for a few pieces of ink, which may be anything.
_MIN_SHORT_CONFIDENCE = 0.72
_FEW = 3
_SAYS_SOMETHING = re.compile(r"[\w%$€£°]")
#: How far an exponent's foot lies above the baseline at least, in capital heights.
_RAISED = 0.22
#: A number of which a tick mark may have been read as the end, or be in its ink at least.
_MARKED = re.compile(r"(?P<number>.*\d[%kKMBGTm]?)(?: ?[-−–—_])*")
#: A tick mark is at least so long, and a share of the height of its label thick at most.
_LONG_MARK, _THIN_MARK = 1.5, 0.35
_EXPONENT = re.compile(r"[-+]?\d{1,3}")
#: Share of the restored pixels where text is read: of them alone underscores are lost, of the given ones alone points.
_RESTORED = 0.3
#: A ten, or a multiplier of one, that may have lost its exponent to a smear.
_TEN = re.compile(r"(?P<base>[^\w]{0,2}10)[^\w]?")
#: Where the exponent of a ten stands, in heights of the ten: how far right of it, above its top and down from there.
_BESIDE, _ABOVE, _DOWN = 1.3, 0.6, 0.65
#: Figures that are figures upside down too.
_EITHER_WAY = re.compile(r"[01689.-]+")
#: A number may be read with so many letters, those of what stands ahead of it among them.
_MOST_LETTERS = 2
#: With less confidence an exponent that is no more than a smear is but one of those that it may be.
_SURE = 0.8
#: How far the second of two readings of an exponent is trusted.
_SECOND_TRUST = 0.4
#: An exponent no taller than this, in pixels, is easily misread when it is read alone.
_SMALL_EXPONENT = 8.0


def read_text(picture: Picture, recognizer: Recognizer) -> tuple[Word, ...]:
    """Find every line of text of a picture and read it.

    Returns words from top to bottom. Boxes hug the ink to a fraction of a pixel. Raised exponents are read apart from
    their base, turned text is read both ways up. What the recogniser cannot read with some confidence is dropped.
    A soft picture is read once more, sharpened.
    """
    shown = _readable(picture)
    ink = find_ink(shown)
    words = _read_ink(shown, ink, recognizer)
    if is_soft(ink):
        rgb = sharpened(shown)
        # Where text lies the picture itself tells best.
        parted = replace(find_ink(rgb), strength=ink.strength)
        words = joined_readings(words, _read_ink(rgb, parted, recognizer))
    return tuple(sorted(join_exponents(words), key=lambda word: (word.box.top, word.box.left)))


def _readable(picture: Picture) -> Image:
    """The pixels (h, w, 3) that text is read from: where a picture was restored, a mixture with the given ones."""
    if picture.given is None:
        return picture.rgb
    return np.asarray(cv2.addWeighted(picture.rgb, _RESTORED, picture.given, 1 - _RESTORED, 0), np.uint8)


def _read_ink(rgb: Image, ink: Ink, recognizer: Recognizer) -> list[Word]:
    """The words of a picture (height, width, 3) with this ink."""
    pieces = _without_marks(ink)
    lines = _find_lines(pieces, ink)
    read = _read_lines(rgb, ink, lines, recognizer)
    # Tick labels that stand as close as words are told by what they say.
    seen = [one for one, _ in read]
    rows = {index: parts for index in range(len(lines)) if (parts := _split_labels(lines, seen, index))}
    if rows:
        single = [part for parts in rows.values() for part in parts]
        read = [pair for index, pair in enumerate(read) if index not in rows]
        read += _read_lines(rgb, ink, single, recognizer)
        lines = [line for index, line in enumerate(lines) if index not in rows] + single
    lines, read = _with_asides(rgb, ink, lines, read, recognizer)
    lines, read = _with_faint_signs(rgb, ink, lines, read, recognizer)
    read = _with_faint_exponents(rgb, ink, lines, read, recognizer)
    words = [_to_word(ink, line, seen, angle) for line, (seen, angle) in zip(lines, read, strict=True)]
    return [part for word, pair in zip(words, read, strict=True) if word for part in _overlapping(word, pair[0])]


def _find_lines(pieces: Components, ink: Ink) -> list[TextLine]:
    chains: Sequence[Chain] = find_chains(pieces, ink.unit)
    slanted = find_slanted(pieces, chains, ink.labels, ink.unit)
    if slanted:
        rest = np.ones(len(pieces), bool)
        rest[np.concatenate([line.members for line in slanted])] = False
        pieces = pieces.take(rest)
        chains = find_chains(pieces, ink.unit)
    chains = without_strays(pieces, cut_at_rules(pieces, chains, ink), ink.unit)
    lines = [_to_line(pieces, chain) for chain in chains]
    return lines + [TextLine(pieces=line.pieces, box=line.box, slanted=line) for line in slanted]


def _read_lines(
    rgb: Image, ink: Ink, lines: Sequence[TextLine], recognizer: Recognizer
) -> list[tuple[Recognition, int]]:
    """What each line says, and the direction of its baseline.

    Turned text is read both upward and downward: upside down it may read as something else with much confidence.
    """
    powers = [_split_exponent(line) for line in lines]
    crops: list[Image] = []
    for line, power in zip(lines, powers, strict=True):
        crops += [crop_line(rgb, ink, part) for part in power or (line,)]
        crops += [crop_line(rgb, ink, line)] if power and power[1].height <= _SMALL_EXPONENT else []
        crops += [crop_line(rgb, ink, line, downward=True)] if line.turned else []
    seen = iter(recognizer.read(crops))
    result: list[tuple[Recognition, int] | None] = []
    for line, power in zip(lines, powers, strict=True):
        first = next(seen)
        if power:
            found = _as_power(first, next(seen))
            if power[1].height <= _SMALL_EXPONENT:
                found = _with_second_opinion(found, next(seen))
            result.append((found, 0) if found else None)
        elif line.turned:
            second = next(seen)
            # Some figures are others upside down; text reads upward as a rule.
            both = _EITHER_WAY.fullmatch(first.text) and _EITHER_WAY.fullmatch(second.text)
            downward = second.confidence > first.confidence and not both
            result.append((second, 270) if downward else (first, 90))
        else:
            result.append((first, round(line.slanted.angle) % 360 if line.slanted else 0))
    whole = [index for index, pair in enumerate(result) if pair is None]
    again = recognizer.read([crop_line(rgb, ink, lines[index]) for index in whole])
    for index, found in zip(whole, again, strict=True):
        result[index] = (found, 0)
    return [pair for pair in result if pair is not None]


def _split_labels(lines: Sequence[TextLine], read: Sequence[Recognition], index: int) -> list[TextLine]:
    """The tick labels of a line that holds nothing else, empty where it is one label or any other text."""
    line, seen = lines[index], read[index]
    if not line.plain:
        return []
    spans = label_spans(seen.text) or numbers_apart([one.box for one in lines], [one.text for one in read], index)
    if not spans:
        return []
    order = np.argsort(line.pieces.left, kind="stable")
    if len(seen.places) == len(seen.text):
        groups = cut_between(line.pieces, order, spans, _places(line, seen))
    else:
        groups = split_groups(line.pieces, order)
    return [_part(line, group) for group in groups] if len(groups) == len(spans) > 1 else []


def _overlapping(word: Word, seen: Recognition) -> list[Word]:
    """A word as the labels that it is, where these run into each other so that no cut parts their ink.

    They lie where their characters were found.
    """
    spans = label_spans(seen.text)
    if word.angle or not spans or len(seen.places) != len(seen.text) or len(word.text) != len(seen.text):
        return [word]
    places = np.array(seen.places)
    half = median(np.diff(places)) / 2
    share = (places - places[0] + half) / (places[-1] - places[0] + 2 * half)
    at = word.box.left + share * word.box.width
    # Labels that share a figure end in its middle.
    shared = any(start < end for (_, end), (start, _) in pairwise(spans))
    reach = 0.0 if shared else half / float(places[-1] - places[0] + 2 * half) * word.box.width
    boxes = [word.box._replace(left=float(at[a] - reach), right=float(at[b - 1] + reach)) for a, b in spans]
    return [
        replace(word, box=box, text=seen.text[a:b].strip(), number="", number_confidence=0.0)
        for box, (a, b) in zip(boxes, spans, strict=True)
    ]


def _with_asides(
    rgb: Image, ink: Ink, lines: list[TextLine], read: list[tuple[Recognition, int]], recognizer: Recognizer
) -> tuple[list[TextLine], list[tuple[Recognition, int]]]:
    """The lines and what they say, with the short names of upright axes, whose glyphs cannot tell that they lie down.

    Such a name stands ahead of a column of numbers, by itself or level with one of them and read as a part of it.
    """
    sure = [_is_sure(line, seen) for line, (seen, _) in zip(lines, read, strict=True)]
    number = [
        known and line.plain and _is_numeric(seen.text)
        for known, line, (seen, _) in zip(sure, lines, read, strict=True)
    ]
    boxes = [line.box for line, is_number in zip(lines, number, strict=True) if is_number]
    parts: dict[int, list[TextLine]] = {}
    for index, (line, (seen, _)) in enumerate(zip(lines, read, strict=True)):
        if not line.plain or GROUPED.fullmatch(seen.text) or sum(c.isalpha() for c in seen.text) > _MOST_LETTERS:
            continue
        count = head_of(line.pieces, [box for box in boxes if box is not line.box], ink.unit)
        order = np.argsort(line.pieces.left, kind="stable")
        if count:
            parts[index] = [_part(line, order[:count]), _part(line, order[count:])]
        elif not sure[index] and is_aside(line.box, boxes, ink.unit):
            parts[index] = [line]
    rest = _outside_lines(ink, lines)
    names = {index: with_strokes(own[0].pieces, rest, ink.unit) for index, own in parts.items()}
    turned = {index: TextLine(pieces=name, box=name.bounds, turned=True) for index, name in names.items()}
    upward = recognizer.read([crop_line(rgb, ink, line) for line in turned.values()])
    named = {index: seen for index, seen in zip(turned, upward, strict=True) if _is_name(seen)}
    labels = [line for index in named for line in parts[index][1:]]
    kept = [index for index in range(len(lines)) if index not in named]
    return (
        [lines[index] for index in kept] + [turned[index] for index in named] + labels,
        [read[index] for index in kept]
        + [(seen, 90) for seen in named.values()]
        + _read_lines(rgb, ink, labels, recognizer),
    )


def _outside_lines(ink: Ink, lines: Sequence[TextLine]) -> Components:
    """The pieces of ink that are in no line of text and touch no long stroke."""
    in_lines = np.concatenate([line.pieces.number for line in lines]) if lines else np.empty(0)
    return ink.components.take(~np.isin(ink.components.number, in_lines) & ~ink.components.attached)


def _with_faint_signs(
    rgb: Image, ink: Ink, lines: list[TextLine], read: list[tuple[Recognition, int]], recognizer: Recognizer
) -> tuple[list[TextLine], list[tuple[Recognition, int]]]:
    """The lines and what they say, words joined that have an equals sign between them too faint for glyphs."""
    sure = [index for index, line in enumerate(lines) if _is_sure(line, read[index][0])]
    pairs = [(sure[a], sure[b], box) for a, b, box in find_faint_signs(ink, [lines[index] for index in sure])]
    joined = [_joined(ink, lines[first], lines[second]) for first, second, _ in pairs]
    crops = [crop_line(rgb, ink, line, shown=box) for line, (_, _, box) in zip(joined, pairs, strict=True)]
    drop: set[int] = set()
    for line, seen, (first, second, _) in zip(joined, recognizer.read(crops), pairs, strict=True):
        said = [read[index][0].text for index in (first, second)]
        if adds_equals_sign(seen.text, *said):
            lines, read = [*lines, line], [*read, (seen, 0)]
            drop |= {first, second}
    kept = [index for index in range(len(lines)) if index not in drop]
    return [lines[index] for index in kept], [read[index] for index in kept]


def _joined(ink: Ink, first: TextLine, second: TextLine) -> TextLine:
    """Two lines that follow each other as one."""
    pieces = ink.components.take(np.concatenate([first.pieces.number, second.pieces.number]) - 1)
    pieces = pieces.take(np.argsort(pieces.left, kind="stable"))
    return TextLine(pieces=pieces, box=pieces.bounds)


def _is_numeric(text: str) -> bool:
    """Whether most signs of a text are those of a number."""
    return 2 * sum(c.isdigit() or c in ".-−" for c in text) > len(text)


def _is_name(seen: Recognition) -> bool:
    """Whether turned text is surely letters, and more than a stroke such as the figure 1."""
    return seen.text.isalpha() and seen.text not in ("I", "i", "l") and seen.confidence >= _MIN_SHORT_CONFIDENCE


def _split_exponent(line: TextLine) -> tuple[TextLine, TextLine] | None:
    """The base and the raised end of a line, None where its end is not raised."""
    pieces = line.pieces
    if not line.plain or len(pieces) < 2:
        return None
    tall = pieces.height >= 0.6 * pieces.height.max()
    cap = median(pieces.height[tall])
    baseline = median(pieces.bottom[tall])
    raised = pieces.bottom < baseline - _RAISED * cap
    base = int(np.flatnonzero(~raised)[-1]) + 1
    end = np.arange(base, len(pieces))
    if not len(end) or pieces.height[end].max() < 0.35 * cap or pieces.top[end].min() > baseline - 0.8 * cap:
        return None
    return _part(line, np.arange(base)), _part(line, end)


def _as_power(base: Recognition, exponent: Recognition) -> Recognition | None:
    """A power of ten from its parts read apart, None where it is none: a degree sign, a footnote mark, a square.

    Nor is it one that is known where the exponent alone could not be read: base and exponent at once may tell more.
    """
    if exponent.number_confidence < _MIN_CONFIDENCE:
        return None
    digits = _plain_minus(exponent.text)
    if not _EXPONENT.fullmatch(digits):
        digits = _plain_minus(exponent.number)
    if not base.number.endswith("10") or not _EXPONENT.fullmatch(digits) or exponent.text in "oO°":
        return None
    return Recognition(
        f"{base.text}^{digits}",
        f"{_plain_minus(base.number)}^{digits}",
        min(base.confidence, exponent.number_confidence),
        min(base.number_confidence, exponent.number_confidence),
    )


def _with_second_opinion(power: Recognition | None, whole: Recognition) -> Recognition | None:
    """A power whose exponent was read alone, with what it says where base and exponent are read at once."""
    match = re.fullmatch(r"(.*10)[\^ ]?(\d)", _plain_minus(whole.number))
    if power is None or match is None:
        return power
    base, _, digit = power.number.partition("^")
    if match[1] != base or match[2] == digit:
        return power
    return power._replace(number=f"{base}^{match[2]}", number_confidence=_SECOND_TRUST * whole.number_confidence)


def _with_faint_exponents(
    rgb: Image, ink: Ink, lines: Sequence[TextLine], read: Sequence[tuple[Recognition, int]], recognizer: Recognizer
) -> list[tuple[Recognition, int]]:
    """What the lines say, tens with the exponent that stands off their upper corner too small for glyphs."""
    rest = _outside_lines(ink, lines)
    corners: dict[int, Image] = {}
    for index, (line, (seen, _)) in enumerate(zip(lines, read, strict=True)):
        if line.plain and _TEN.fullmatch(seen.text) and (corner := _corner(line, rest)):
            corners[index] = crop_beside(rgb, ink, line, corner)
    result = list(read)
    for index, exponent in zip(corners, recognizer.read(list(corners.values())), strict=True):
        seen = result[index][0]
        match = _TEN.fullmatch(seen.text)
        base = seen._replace(text=match["base"], number=_plain_minus(match["base"])) if match else seen
        found = _as_power(base, exponent)
        if found and exponent.number_confidence < _SURE:
            # The labels together may tell.
            found = seen._replace(number=found.number, number_confidence=exponent.number_confidence)
        result[index] = (found or seen, 0)
    return result


def _corner(line: TextLine, rest: Components) -> Box | None:
    """Where the exponent of a ten must stand, None where there is no ink, of its own or of no line."""
    box, height = line.box, median(line.pieces.height[line.pieces.height >= 0.6 * line.pieces.height.max()])
    own = line.pieces
    # What the ten ends with may be a smear of the exponent.
    glyphs = own.take((own.height >= 0.7 * height) & (own.bottom >= box.bottom - 0.3 * height))
    if not len(glyphs):
        return None
    right, top = float(glyphs.right.max()), box.bottom - height
    corner = Box(right + 0.5, top - _ABOVE * height, right + _BESIDE * height, top + _DOWN * height)
    x, y = (own.left + own.right) / 2, (own.top + own.bottom) / 2
    smeared = (x > corner.left) & (y < corner.bottom)
    x, y = (rest.left + rest.right) / 2, (rest.top + rest.bottom) / 2
    free = (x > corner.left) & (x < corner.right) & (y > corner.top) & (y < corner.bottom)
    free &= np.maximum(rest.width, rest.height) <= height
    return corner if smeared.any() or free.any() else None


def _plain_minus(text: str) -> str:
    return text.replace("−", "-").replace("–", "-")


def _without_marks(ink: Ink) -> Components:
    """The components that are neither tick marks, straight strokes that touch an axis, nor dashes or dots."""
    pieces = ink.components
    short, long = np.minimum(pieces.width, pieces.height), np.maximum(pieces.width, pieces.height)
    mark = (is_bar(pieces) & (short <= 0.35 * ink.unit + 1)) | (long <= 0.7 * ink.unit)
    mark &= pieces.attached
    mark &= ~is_point(pieces, ink.unit, mark)
    strokes = in_dashed_strokes(pieces, ink.unit) | in_dotted_strokes(pieces, ink.unit)
    return pieces.take(~mark & ~strokes)


def _to_line(pieces: Components, chain: Chain) -> TextLine:
    part = pieces.take(chain.members)
    return TextLine(pieces=part, box=part.bounds, turned=chain.turned)


def _part(line: TextLine, index: NDArray[np.intp]) -> TextLine:
    pieces = line.pieces.take(index)
    return TextLine(pieces=pieces, box=pieces.bounds, turned=line.turned)


def _mended(line: TextLine, seen: Recognition, unit: float) -> Recognition:
    """The recognition of upright text mended by its glyphs; those of turned text lie on their side, and do not tell."""
    if line.turned:
        return seen._replace(text=mend_letters(seen.text))
    text = mend_text(seen.text, _places(line, seen), line.pieces, unit)
    return seen._replace(text=text, number=mend_number(seen.number, line.pieces))


def _places(line: TextLine, seen: Recognition) -> list[float]:
    """Where the characters of plain text lie, as shares of the width of its ink: the crop is wider by its margins."""
    margin = MARGIN * line.height / float(line.pieces.right.max() - line.pieces.left.min())
    return [place * (1 + 2 * margin) - margin for place in seen.places]


def _without_tick_mark(line: TextLine, seen: Recognition) -> tuple[TextLine, Recognition]:
    """A number that ends with a dash, and what it says, without this: a tick mark that touches no axis line.

    A gridline that begins with a dash may follow.
    """
    match = _MARKED.fullmatch(seen.text) if line.plain else None
    order = np.argsort(line.pieces.right, kind="stable")
    count = len(order) if match is None else _count_before_marks(line.pieces.take(order), line.height)
    if match is None or count == len(order):
        return line, seen
    return _part(line, order[:count]), seen._replace(text=match["number"], number=seen.number.rstrip("-−–—_ "))


def _count_before_marks(pieces: Components, height: float) -> int:
    """How many pieces, sorted along a line of this height, come before the flat strokes at its end, 1 at least."""
    flat = (pieces.width >= _LONG_MARK * pieces.height) & (pieces.height <= _THIN_MARK * height)
    count = len(pieces)
    # A stroke of a broken figure lies over its others.
    while count > 1 and flat[count - 1] and pieces.left[count - 1] >= pieces.right[: count - 1].max():
        count -= 1
    return count


def _to_word(ink: Ink, line: TextLine, seen: Recognition, angle: int) -> Word | None:
    if not _is_sure(line, seen):
        return None
    places, seen = _places(line, seen), _mended(line, seen, ink.unit)
    line = _part(line, read_members(line.pieces, places)) if line.plain else line
    line, seen = _without_tick_mark(line, seen)
    box = fine_box(ink, line)
    weight = line.pieces.area / line.pieces.area.sum()
    red, green, blue = (round(float(channel)) for channel in weight @ line.pieces.rgb)
    return Word(
        box=box, text=seen.text, number=_plain_minus(seen.number), confidence=seen.confidence,
        number_confidence=seen.number_confidence, angle=angle,
        height_px=line.height if line.slanted else box.width if line.turned else box.height,
        color=(red, green, blue), ends=_ends(line.slanted) if line.slanted else None,
    )  # fmt: skip


def _is_sure(line: TextLine, seen: Recognition) -> bool:
    """Whether what was recognised is text.

    A long slanted piece is several figures that run together, or none.
    """
    if line.slanted and len(line.pieces) == 1 and len(seen.text) < 2:
        return False
    least = _MIN_CONFIDENCE if len(line.pieces) > _FEW else _MIN_SHORT_CONFIDENCE
    return bool(_SAYS_SOMETHING.search(seen.text)) and max(seen.confidence, seen.number_confidence) >= least


def _ends(line: SlantedLine) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where a slanted line starts and ends, at half its height."""
    along, across = np.array([line.frame.left, line.frame.right]), np.full(2, line.frame.center[1])
    x, y = to_upright(along, across, -line.angle)
    return (float(x[0]), float(y[0])), (float(x[1]), float(y[1]))
