"""Short names beside tick labels that are given: found where names stand, and only there."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from digitize.engines import Recognizer, get_recognizer
from digitize.model import Box, Picture, PlotArea, TickLabel, TickLabels, Word
from digitize.stages.missed import read_missed

WIDTH, HEIGHT = 500, 300
AREA = Box(80, 40, 440, 230)


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return get_recognizer("ppocr")


def picture_of(*texts: tuple[str, float, float, float], dark: bool = False) -> Picture:
    """A page with texts, each centred at (x, y) and turned by an angle, and the frame of the plot area."""
    ground, ink = ("#202020", "#dddddd") if dark else ("white", "#333333")
    figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100, facecolor=ground)
    canvas = FigureCanvasAgg(figure)
    frame = figure.add_axes((80 / WIDTH, 70 / HEIGHT, 360 / WIDTH, 190 / HEIGHT), facecolor=ground)
    frame.set(xticks=[], yticks=[])
    for text, x, y, angle in texts:
        figure.text(x / WIDTH, 1 - y / HEIGHT, text, size=7.5, color=ink, rotation=angle, ha="center", va="center")
    canvas.draw()
    return Picture(name="drawn", rgb=np.asarray(canvas.buffer_rgba())[..., :3].copy(), sha256="")


def word(text: str, x: float, y: float, color: int = 51) -> Word:
    box = Box(x - 2.5 * len(text), y - 4, x + 2.5 * len(text), y + 4)
    return Word(
        box=box, text=text, number=text, confidence=1, number_confidence=1, height_px=8.0, color=(color,) * 3
    )  # fmt: skip


def ticks_of(color: int = 51) -> tuple[TickLabels, ...]:
    below = [word(str(k), x, AREA.bottom + 12, color) for k, x in enumerate(np.linspace(AREA.left, AREA.right, 5))]
    beside = [word(f"{k}.5", AREA.left - 14, y, color) for k, y in enumerate(np.linspace(AREA.bottom, AREA.top, 5))]
    return (
        TickLabels(axis="x", side="bottom", labels=tuple(TickLabel(word=w, center_px=w.box.center[0]) for w in below)),
        TickLabels(axis="y", side="left", labels=tuple(TickLabel(word=w, center_px=w.box.center[1]) for w in beside)),
    )


def missed(picture: Picture, recognizer: Recognizer, *others: Word, dark: bool = False) -> dict[str, Word]:
    area = PlotArea(box=AREA, background=(32, 32, 32) if dark else (255, 255, 255))
    ticks = ticks_of(221 if dark else 51)
    words = [label.word for row in ticks for label in row.labels] + list(others)
    return {found.text: found for found in read_missed(picture, [area], [ticks], words, recognizer)}


@pytest.mark.parametrize("dark", [False, True])
def test_lone_letters_beside_both_axes_and_a_short_title(recognizer: Recognizer, dark: bool) -> None:
    picture = picture_of(("t", 260, 258, 0), ("y", 46, 135, 90), ("lr", 260, 28, 0), dark=dark)
    found = missed(picture, recognizer, dark=dark)
    assert set(found) == {"t", "y", "lr"}
    assert (found["t"].angle, found["y"].angle, found["lr"].angle) == (0, 90, 0)
    assert found["y"].box.contains(46, 135)


def test_what_stands_off_the_middle_is_no_name(recognizer: Recognizer) -> None:
    assert not missed(picture_of(("t", 330, 258, 0), ("y", 46, 80, 90)), recognizer)


def test_known_words_and_marks_are_no_names(recognizer: Recognizer) -> None:
    picture = picture_of(("step", 260, 258, 0), ("|", 46, 135, 0))
    assert not missed(picture, recognizer, word("step", 260, 258))
