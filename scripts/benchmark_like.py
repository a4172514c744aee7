#!/usr/bin/env python3
"""Read pictures of one layout with the axes of the first of them, and hold that against full readings.

For each look, pictures of the same axes and other curves are drawn. The first is read in full and serves as the
template, once as it was read and once from its JSON; every other one is read in full and with both. Printed are

ratio       CPU seconds of the full reading by those with the template, the median over the pictures
within      points of the full reading where the curve read with the template is no farther off than both errors
            together, hypot(y_err, y_err): the two have the pixels in common, so this is the narrower way to add them;
            points on steep pieces count with what x_err adds there
status      of the panels

Then pictures are drawn that are changed in one thing each. All of these must be in review for ``layout-differs``, and
none of the others.
"""

from __future__ import annotations

import argparse
import io
import statistics
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
from fixture_charts import LIGHT, PANELS, dashboard
from matplotlib.figure import Figure
from numpy.random import Generator, default_rng
from PIL import Image, ImageDraw
from random_charts.setting import font

from digitize.model import Panel, Reading
from digitize.outputs.decode import from_json
from digitize.pipeline import read, read_like
from digitize.process import set_up_process
from digitize.template import Template

COLORS = ("#e03131", "#2f6fed")
Change = str | None
Draw = Callable[[Generator, Change], Image.Image]

#: What may be drawn otherwise, by the renderer itself or upon its picture.
DRAWN = ("range doubled", "range tenfold", "range moved a little", "color", "entry", "title")
PAINTED = ("digit", "point", "minus", "multiplier", "size", "shifted", "extra label")


def between(rng: Generator, low: float, high: float, count: int) -> list[float]:
    """Values of a random walk between two."""
    walk = np.cumsum(rng.normal(0, 1, count))
    share = (walk - walk.min()) / max(float(np.ptp(walk)), 1e-9)
    return [float(v) for v in low + (0.05 + 0.9 * share) * (high - low)]


def limits(low: float, high: float, change: Change) -> tuple[float, float]:
    factor = {"range doubled": 2.0, "range tenfold": 10.0}.get(change or "", 1.0)
    moved = 0.012 * (high - low) if change == "range moved a little" else 0.0
    return factor * low - moved, factor * high - moved


def draw_dashboard(rng: Generator, change: Change = None) -> Image.Image:
    """Three charts in cards, their legends beside them."""
    data = []
    for title, (low, high), first, _ in PANELS:
        ends = limits(low, high, change)
        name = title.replace("loss", "gain") if change == "title" else title
        data.append((name, ends, between(rng, *ends, len(first)), between(rng, *ends, len(first))))
    image = dashboard(LIGHT, ("#2f9e44", COLORS[1]) if change == "color" else COLORS, data).image
    if change == "entry":
        draw = ImageDraw.Draw(image)
        draw.ellipse((435, 164, 445, 174), fill="#f08c00")
        draw.text((453, 169), "Series C", LIGHT.ink, font(LIGHT.font, 13), anchor="lm")
    return image


def draw_chart(rng: Generator, change: Change = None) -> Image.Image:
    """One chart as matplotlib draws it, with its legend in the plot area."""
    figure = Figure(figsize=(6.4, 4.8), dpi=100)
    axes: Any = figure.add_subplot()
    low, high = limits(0.0, 1.0, change)
    x = np.linspace(0, 100, 51)
    names = ["train", "valid", "test"] + ["other"] * (change == "entry")
    for number, name in enumerate(names):
        y = between(rng, low, low + 0.7 * (high - low), len(x))
        axes.plot(x, y, label=name, color=f"C{number + 4 * (change == 'color' and number == 1)}")
    axes.set(xlim=(0, 100), ylim=(low, high), xlabel="epoch", ylabel="loss")
    axes.set_title("Accuracy" if change == "title" else "Loss")
    axes.legend(loc="upper right", frameon=change == "entry" or None)
    return rendered(figure)


def draw_frameless(rng: Generator, change: Change = None) -> Image.Image:
    """One small chart with gridlines and a legend without a frame in the plot area."""
    figure = Figure(figsize=(5.0, 3.4), dpi=90)
    axes: Any = figure.add_subplot()
    low, high = limits(-4.0, 4.0, change)
    x = np.linspace(0, 30, 31)
    names = ["model A", "model B"] + ["model C"] * (change == "entry")
    for number, name in enumerate(names):
        y = between(rng, low, low + 0.75 * (high - low), len(x))
        axes.plot(
            x, y, label=name, color=f"C{number + 3 * (change == 'color' and number == 1)}", lw=1.2, marker="o", ms=3
        )
    axes.set(xlim=(0, 30), ylim=(low, high), xlabel="step")
    axes.set_title("Reward" if change == "title" else "Return")
    axes.grid(color="#dddddd")
    axes.legend(loc="upper left", frameon=False)
    figure.tight_layout()
    return rendered(figure)


def rendered(figure: Figure) -> Image.Image:
    content = io.BytesIO()
    figure.savefig(content, format="png")
    return Image.open(content).convert("RGB")


def painted(image: Image.Image, change: str, rng: Generator, panel: Panel) -> Image.Image:
    """A picture with one thing changed that no renderer would change by itself."""
    image = image.copy()
    if change == "size":
        return image.resize((image.width - 8, image.height - 6)) if rng.random() < 0.5 else padded(image)
    if change == "shifted":
        by = int(rng.integers(1, 5))
        return Image.fromarray(np.roll(np.array(image), by, axis=int(rng.integers(0, 2))))
    axis = panel.y_axis
    assert axis is not None
    tick = axis.ticks[int(rng.integers(0, len(axis.ticks)))]
    assert tick.box is not None
    draw, box = ImageDraw.Draw(image), tick.box
    ground = image.getpixel((0, 0)) if panel.number == 0 else image.getpixel((int(box.left) - 3, int(box.top)))
    ink = min(
        (
            image.getpixel((x, y))
            for x in range(int(box.left), int(box.right))
            for y in range(int(box.top), int(box.bottom))
        ),
        key=sum,
    )
    size = round(box.height / 0.73)
    if change == "multiplier":
        draw.text((panel.box.left, panel.box.top - 5), "1e6", ink, font("DejaVu Sans", size), anchor="ls")
    elif change == "minus":
        middle = round(box.center[1])
        draw.line((box.left - 0.7 * box.height - 1, middle, box.left - 2, middle), ink)
    elif change == "extra label":
        other = axis.ticks[1] if tick is axis.ticks[0] else axis.ticks[axis.ticks.index(tick) - 1]
        middle = (tick.pixel + other.pixel) / 2
        draw.text((box.right, middle), "7", ink, font("DejaVu Sans", size), anchor="rm")
    else:
        text = with_other_digit(tick.text, rng) if change == "digit" else with_other_point(tick.text)
        draw.rectangle((box.left - 1, box.top - 1, box.right + 1, box.bottom + 1), ground)
        draw.text((box.right, box.bottom), text, ink, font("DejaVu Sans", size), anchor="rs")
    return image


def with_other_digit(text: str, rng: Generator) -> str:
    digits = [k for k, sign in enumerate(text) if sign.isdigit()]
    at = digits[int(rng.integers(0, len(digits)))]
    return text[:at] + str((int(text[at]) + int(rng.integers(1, 10))) % 10) + text[at + 1 :]


def with_other_point(text: str) -> str:
    """A number without its decimal point, or with one where it has none."""
    return text.replace(".", "") if "." in text else f"{text[:-1]}.{text[-1]}"


def padded(image: Image.Image) -> Image.Image:
    larger = Image.new("RGB", (image.width + 6, image.height + 4), image.getpixel((0, 0)))
    larger.paste(image)
    return larger


def stored(image: Image.Image, quality: int) -> Image.Image:
    """A picture as it comes back from a JPEG file of a quality, or as it is where that is 0."""
    if not quality:
        return image
    content = io.BytesIO()
    image.save(content, "jpeg", quality=quality)
    return Image.open(content).convert("RGB")


LOOKS: dict[str, Draw] = {"dashboard": draw_dashboard, "chart": draw_chart, "frameless": draw_frameless}


def timed(work: Callable[..., Reading], *args: Any) -> tuple[Reading, float]:
    start = time.process_time()
    return work(*args), time.process_time() - start


def agreement(full: Panel, like: Panel) -> tuple[int, int]:
    """Of the points of a panel's series that both readings have: those where they agree, and all."""
    within = count = 0
    for one, other in zip(full.series, like.series, strict=False):
        good = np.isfinite(other.points.y)
        if one.name != other.name or good.sum() < 2:
            continue
        order = np.argsort(other.points.x[good], kind="stable")
        x, y, x_err, y_err = (getattr(other.points, key)[good][order] for key in ("x", "y", "x_err", "y_err"))
        at = np.isfinite(one.points.y) & (one.points.x >= x[0]) & (one.points.x <= x[-1])
        place, value = one.points.x[at], one.points.y[at]
        slope = np.abs(np.interp(place, x, np.gradient(y, x + 1e-9 * np.arange(len(x)))))
        along = slope * np.hypot(one.points.x_err[at], np.interp(place, x, x_err))
        room = np.hypot(np.hypot(one.points.y_err[at], np.interp(place, x, y_err)), along)
        within += int((np.abs(np.interp(place, x, y) - value) <= room).sum())
        count += int(at.sum())
    return within, count


def differs(reading: Reading) -> bool:
    return all(
        panel.status != "ok" and any(reason.code == "layout-differs" for reason in panel.reasons)
        for panel in reading.panels
    ) and bool(reading.panels or reading.reasons)


def compare(name: str, draw: Draw, count: int, quality: int) -> None:
    """Print how pictures of one layout are read with a template."""

    def make(number: int) -> Image.Image:
        return stored(draw(default_rng(number), None), quality)

    first = read(make(0))
    full = [timed(read, make(n)) for n in range(1, count)]
    print(f"\n{name}, {f'JPEG {quality}' if quality else 'PNG'}: {count - 1} pictures besides the template")
    print(f"  full: median {statistics.median(s for _, s in full):.3f} s, status {statuses(full)}")
    for kind, template in (("reading", Template(first)), ("JSON", Template(from_json(first.to_json())))):
        like = [timed(read_like, make(n), template) for n in range(1, count)]
        ratios = [a / b for (_, a), (_, b) in zip(full, like, strict=True)]
        print(f"  template from {kind}: median {statistics.median(s for _, s in like):.3f} s, status {statuses(like)}")
        print(f"    ratio {statistics.median(ratios):.2f} (least {min(ratios):.2f})")
        print(f"    {agreement_of([f for f, _ in full], [g for g, _ in like])}")
        print(f"    {sum(differs(g) for g, _ in like)} called different")


def statuses(readings: list[tuple[Reading, float]]) -> dict[str, int]:
    return dict(Counter(panel.status for reading, _ in readings for panel in reading.panels))


def agreement_of(full: list[Reading], like: list[Reading]) -> str:
    """How far readings in full and with a template agree, in words."""
    pairs = [(a, b) for f, g in zip(full, like, strict=True) for a, b in zip(f.panels, g.panels, strict=True)]
    within, points = (sum(column) for column in zip(*(agreement(a, b) for a, b in pairs), strict=True))
    same = sum([s.name for s in a.series] == [s.name for s in b.series] for a, b in pairs)
    return (
        f"within {within / max(points, 1):.4%} of {points} points of {sum(len(a.series) for a, _ in pairs)} series; "
        f"the same series in {same} of {len(pairs)} panels"
    )


def mislead(name: str, draw: Draw, each: int, quality: int) -> None:
    """Print how many changed pictures were noticed."""
    first = read(stored(draw(default_rng(0), None), quality))
    noticed = tried = 0
    for source in ("reading", "JSON"):
        for change in (*DRAWN, *PAINTED):
            for n in range(each):
                rng = default_rng(1000 + n)
                template = Template(first if source == "reading" else from_json(first.to_json()))
                image = draw(rng, change if change in DRAWN else None)
                if change in PAINTED:
                    image = painted(image, change, rng, first.panels[n % len(first.panels)])
                reading = read_like(stored(image, quality), template)
                tried, noticed = tried + 1, noticed + differs(reading)
                if not differs(reading):
                    print(f"  NOT NOTICED: {name}, template from {source}, {change}, {n}")
                elif n == 0 and source == "reading":
                    print(f"  {change}: {reading.panels[0].reasons[-1].message}")
    print(f"{name}: {noticed} of {tried} changed pictures were noticed")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=40, help="pictures of each look")
    parser.add_argument("--each", type=int, default=2, help="pictures with each change")
    parser.add_argument("--quality", type=int, default=0, help="store them as JPEG of this quality")
    parser.add_argument("--look", choices=LOOKS, action="append", help="only these")
    parser.add_argument("--only", choices=("compare", "mislead"), help="only this part")
    args = parser.parse_args()
    set_up_process()
    for name in args.look or LOOKS:
        if args.only != "mislead":
            compare(name, LOOKS[name], args.count, args.quality)
        if args.only != "compare":
            mislead(name, LOOKS[name], args.each, args.quality)


if __name__ == "__main__":
    main()
