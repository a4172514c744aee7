"""Figures drawn by JavaScript libraries in Chromium. Boxes and ranges are what the libraries themselves answer."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from numpy.random import Generator

from .browser import module, require_browser, shot
from .looks import pick
from .model import Chart, Drawn, Figure, MissingRendererError, Rendering, drawn, plain_json

WEB = Path(__file__).resolve().parent / "web"
COMMON = "grid native-grid cards page log y2 filled points markers faint gaps"


@dataclass(frozen=True, kw_only=True)
class Library:
    """A chart library: the page's script, the files it needs, and what it can draw."""

    title: str
    package: str
    scripts: tuple[str, ...]
    styles: tuple[str, ...] = ()
    able: frozenset[str]


def able(more: str) -> frozenset[str]:
    return frozenset(f"{COMMON} {more}".split())


LIBRARIES = {
    "chartjs": Library(
        title="Chart.js",
        package="chart.js",
        scripts=("chart.js/dist/chart.umd.js", "chartjs-adapter-date-fns/dist/chartjs-adapter-date-fns.bundle.min.js"),
        able=able("category reversed hollow step-pre top bottom right left"),
    ),
    "echarts": Library(
        title="ECharts",
        package="echarts",
        scripts=("echarts/dist/echarts.js",),
        able=able("category reversed refs step-pre top bottom right left"),
    ),
    "uplot": Library(
        title="uPlot",
        package="uplot",
        scripts=("uplot/dist/uPlot.iife.js",),
        styles=("uplot/dist/uPlot.min.css",),
        able=able("hollow bottom"),
    ),
    "d3": Library(
        title="D3",
        package="d3",
        scripts=("d3/dist/d3.js",),
        able=able(
            "category reversed hollow step-pre band errors refs notes top bottom right left inside direct dash-legend"
        ),
    ),
    "plotly": Library(
        title="plotly.js",
        package="",
        scripts=(),
        able=able(
            "category reversed hollow step-pre band errors refs notes all-markers dash-legend top bottom right inside"
        ),
    ),
}


def require(name: str) -> None:
    """Raise MissingRendererError where Chromium or the library is not installed."""
    require_browser()
    scripts(LIBRARIES[name])


def scripts(library: Library) -> list[Path]:
    if library.package:
        return [module(path) for path in library.scripts]
    try:
        import plotly
    except ImportError as error:
        raise MissingRendererError("plotly is not installed (pip install plotly)") from error
    return [Path(plotly.__file__).parent / "package_data" / "plotly.min.js"]


@functools.cache
def version(name: str) -> str:
    library = LIBRARIES[name]
    if not library.package:
        import plotly

        return f"plotly {plotly.__version__} in Chromium"
    content = json.loads(module(f"{library.package}/package.json").read_text())
    return f"{library.title} {content['version']} in Chromium"


def renderer(name: str) -> Callable[[Figure, Generator], Rendering]:
    """The function that draws figures with the named library."""
    return functools.partial(render, name)


def render(name: str, figure: Figure, rng: Generator) -> Rendering:
    """Draw a figure's charts side by side on one page."""
    look = figure.charts[0].look
    ratio = float(pick(rng, [1, 1, 1, 1.5, 2])) if figure.width * figure.height < 900_000 else 1.0
    headed = bool(rng.random() < 0.35)
    html = page(name, figure, headed)
    image, answer = shot(html, (figure.width, figure.height), "answers()", ratio)
    panels = tuple(
        panel_of(chart, a, ratio) for chart, a in zip(figure.charts, answer, strict=True) if chart.kind == "line"
    )
    tags = ("dark",) if look.dark else ()
    return Rendering(image=image, renderer=version(name), panels=panels, tags=tags)


def panel_of(chart: Chart, answer: dict[str, Any], ratio: float) -> Drawn:
    left, top, right, bottom = (v * ratio for v in answer["box"])
    unit = 1000.0 if chart.x.scale == "date" else 1.0
    x = answer["x"][0] / unit, answer["x"][1] / unit
    y2 = tuple(answer["y2"]) if answer["y2"] else None
    return drawn(
        chart, (left, top, right, bottom), x_range=x, y_range=tuple(answer["y"]), y2_range=y2, stroke_scale=ratio
    )


def page(name: str, figure: Figure, headed: bool) -> str:
    """The page: a grid of cells, headings of the page's own above the charts where `headed`."""
    library, look = LIBRARIES[name], figure.charts[0].look
    files = "".join(f"<script src='{path.as_uri()}'></script>" for path in scripts(library))
    files += "".join(f"<link rel=stylesheet href='{module(path).as_uri()}'>" for path in library.styles)
    head = round(look.title_px * 2) if headed else 0
    cell = figure.width / figure.columns, figure.height / figure.rows
    weight = 600 if look.title_left else 500
    align = "left" if look.title_left else "center"
    style = (
        f"body{{margin:0;background:{look.ground};color:{look.ink};font:{look.font_px}px '{look.font}',sans-serif}}"
        f".cell{{position:absolute;width:{cell[0]}px;height:{cell[1]}px}}"
        f".head{{height:{head}px;line-height:{head}px;font-size:{look.title_px}px;font-weight:{weight};"
        f"text-align:{align};padding-left:{look.font_px}px;box-sizing:border-box}}"
        f".plot{{width:{cell[0]}px;height:{cell[1] - head}px}}"
    )
    charts = json.dumps([plain_json(asdict(c)) for c in figure.charts]).replace("</", "<\\/")
    code = (WEB / "common.js").read_text() + (WEB / f"{name}.js").read_text()
    return f"""<!doctype html><html><head><meta charset=utf-8>{files}<style>{style}</style></head><body><script>
{code}
const all = {charts};
(async () => {{
  for (let k = 0; k < all.length; k++) {{
    const cell = document.body.appendChild(document.createElement("div"));
    cell.className = "cell";
    cell.style.left = (k % {figure.columns}) * {cell[0]} + "px";
    cell.style.top = Math.floor(k / {figure.columns}) * {cell[1]} + "px";
    if ({head}) {{
      const title = cell.appendChild(document.createElement("div"));
      title.className = "head";
      title.textContent = all[k].title || "";
    }}
    const plot = cell.appendChild(document.createElement("div"));
    plot.className = "plot";
    const legends = !["none", "direct"].includes(all[k].look.legend);
    await draw(all[k], plot, !{head}, legends);
  }}
  window.done = true;
}})();
</script></body></html>"""
