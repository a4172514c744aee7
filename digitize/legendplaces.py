"""Which entries and legends belong to which of the plot areas that they stand by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from digitize.legendentries import Candidate
from digitize.model import Box

#: Entries whose gap spans the gap between two plot areas are those of two legends where it is so many times as wide as
#: the gaps between the others of a row; where there are no others it is compared with this, in text heights.
_WIDER, _USUAL_GAP = 1.5, 4.0


def part_by_areas(group: Sequence[Candidate], areas: Sequence[Box], height: float) -> list[list[Candidate]]:
    """The entries of a group, parted where they belong to plot areas that stand side by side.

    Parameters
    ----------
    group : entries in rows and columns with each other, in reading order.
    areas : the plot areas' boxes.
    height : height of the text in pixels.

    Notes
    -----
    Legends below or above plot areas that stand in a row are in one row too. An entry in a plot area belongs to none
    beside it. What lies outside is parted where a gap between entries spans the one between two plot areas and is
    wider than the gaps between other entries of a row: a legend that serves several areas is set evenly. So is it at
    the edge of an area that holds other entries.
    """
    spans = _gaps(sorted((entry.box.left, entry.box.right) for entry in group))
    entered = [area for area in areas if any(area.contains(*entry.box.center) for entry in group)]
    borders = _neighbours(areas) + [(edge, edge) for area in entered for edge in (area.left, area.right)]
    within = [span for row in _rows(group, height) for span in _gaps(row) if not _spanned(span, borders)]
    usual = max((right - left for left, right in within), default=_USUAL_GAP * height)
    cuts = [
        (left + right) / 2
        for left, right in spans
        if _spanned((left, right), borders)
        and (right - left > _WIDER * usual or _stand_in_two(group, (left + right) / 2, areas))
    ]
    parts: list[list[Candidate]] = [[] for _ in range(len(cuts) + 1)]
    for entry in group:
        parts[sum(entry.box.center[0] > cut for cut in cuts)].append(entry)
    return [part for part in parts if part]


def on_one_side(
    legends: Sequence[Box], areas: Sequence[Box], fits: Callable[[int, int], bool]
) -> dict[int, int] | None:
    """The plot area of each legend where all of them stand on the same side of theirs, None where none tells.

    Parameters
    ----------
    legends, areas : boxes.
    fits : whether a legend, by its number, may be that of an area.

    Notes
    -----
    In a grid a legend may stand nearer to a neighbour than to its own area, whose axis' labels lie between. The first
    or the last one has no neighbour, and what holds for it holds for all.
    """
    offers = []
    for side in ("left", "right", "above", "below"):
        homes: dict[int, int] = {}
        total = 0.0
        for index, legend in enumerate(legends):
            near = [(gap, k) for k, area in enumerate(areas) if (gap := _gap_on(side, legend, area)) is not None]
            if near and fits(index, min(near)[1]):
                homes[index] = min(near)[1]
                total += min(near)[0]
        if len(homes) == len(set(homes.values())) == len(legends) > 1:
            offers.append((total, homes))
    return min(offers, key=lambda offer: offer[0])[1] if offers else None


def _gap_on(side: str, legend: Box, area: Box) -> float | None:
    """How far a legend lies beside an area on one side of it, None where it does not."""
    x, y = legend.center
    level, over = area.top < y < area.bottom, area.left < x < area.right
    gap = {
        "left": area.left - legend.right if level else -1.0,
        "right": legend.left - area.right if level else -1.0,
        "above": area.top - legend.bottom if over else -1.0,
        "below": legend.top - area.bottom if over else -1.0,
    }[side]
    return gap if gap >= 0 else None


def match(own: Sequence[int | None], eligible: Mapping[int, Sequence[int]]) -> list[int | None]:
    """The group that serves each area, no group two of them, so that as many as possible are served.

    Parameters
    ----------
    own : the group that serves each area, None where there is none yet; an area that has one keeps having one.
    eligible : the groups that may serve an area, best first.

    Notes
    -----
    Augmenting paths (Kuhn 1955): an area takes another's group where that one may have a different one instead.
    """
    chosen = list(own)

    def serve(area: int, tried: set[int]) -> bool:
        for group in eligible.get(area, ()):
            if group in tried:
                continue
            tried.add(group)
            holder = chosen.index(group) if group in chosen else None
            if holder is None or serve(holder, tried):
                chosen[area] = group
                return True
        return False

    for area, group in enumerate(own):
        if group is None:
            serve(area, set())
    return chosen


def _neighbours(areas: Sequence[Box]) -> list[tuple[float, float]]:
    """The gaps along x between plot areas that stand side by side."""
    found = []
    for area in areas:
        behind = [
            other.left
            for other in areas
            if other.left >= area.right and min(area.bottom, other.bottom) > max(area.top, other.top)
        ]
        if behind:
            found.append((area.right, min(behind)))
    return found


def _rows(group: Sequence[Candidate], height: float) -> list[list[tuple[float, float]]]:
    """Where the entries of each row begin and end along x, from left to right."""
    rows: dict[int, list[tuple[float, float]]] = {}
    for entry in group:
        middle = entry.name_box.center[1]
        key = next((k for k in rows if abs(k - middle) < 0.6 * height), round(middle))
        rows.setdefault(key, []).append((entry.box.left, entry.box.right))
    return [sorted(row) for row in rows.values()]


def _gaps(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The gaps between spans that are sorted by where they begin."""
    found, reached = [], spans[0][1]
    for left, right in spans[1:]:
        if left > reached:
            found.append((reached, left))
        reached = max(reached, right)
    return found


def _spanned(gap: tuple[float, float], borders: Sequence[tuple[float, float]]) -> bool:
    """Whether a gap between entries overlaps one between plot areas, or an edge of one."""
    return any(min(gap[1], right) >= max(gap[0], left) for left, right in borders)


def _stand_in_two(group: Sequence[Candidate], cut: float, areas: Sequence[Box]) -> bool:
    """Whether all entries on one side of a place along x stand in one plot area, and no other entry does."""
    homes = [next((k for k, area in enumerate(areas) if area.contains(*entry.box.center)), None) for entry in group]
    before = {home for home, entry in zip(homes, group, strict=True) if entry.box.center[0] < cut}
    behind = {home for home, entry in zip(homes, group, strict=True) if entry.box.center[0] > cut}
    return before.isdisjoint(behind)
