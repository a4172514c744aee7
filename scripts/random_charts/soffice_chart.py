"""Draws charts in a running LibreOffice; started by the Python that has LibreOffice's bridge (`uno`).

Reads a JSON list of charts from the file named first, writes one PNG a chart into the folder named second.
"""

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uno
from com.sun.star.awt import Rectangle
from com.sun.star.beans import PropertyValue

UNIT = 20  # hundredths of a millimetre for a pixel: 127 pixels an inch
DASHES = {"dashed": (6, 4), "dotted": (1, 2), "dashdot": (8, 3)}


def prop(name, value):
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def connect(profile):
    """A started office and its desktop."""
    pipe = f"charts{time.time_ns()}"
    process = subprocess.Popen(
        [
            "soffice",
            "--headless",
            "--norestore",
            "--nologo",
            f"--accept=pipe,name={pipe};urp;",
            f"-env:UserInstallation=file://{profile}",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(120):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return process, context
        except Exception:
            time.sleep(0.5)
    process.kill()
    raise SystemExit("LibreOffice did not start")


def color(text):
    return int(text[1:], 16)


def rectangle(left, top, width, height):
    made = Rectangle()
    made.X, made.Y, made.Width, made.Height = (round(v * UNIT) for v in (left, top, width, height))
    return made


def fill_sheet(sheet, chart):
    """The curves' common x in the first column, their y beside it beneath their names. Returns the cells."""
    curves = chart["curves"]
    rows = [("x", *(curve["name"] or " " for curve in curves))]
    rows += [
        (x, *("" if y is None else y for y in ys))
        for x, *ys in zip(curves[0]["x"], *(c["y"] for c in curves), strict=True)
    ]
    cells = sheet.getCellRangeByPosition(0, 0, len(curves), len(rows) - 1)
    cells.setDataArray(tuple(rows))
    return cells.getRangeAddress()


def dress_axis(axis, spec, look, gridlines):
    low, high = spec["low"], spec["high"]
    axis.Min, axis.Max = low, high
    if spec["step"]:
        axis.StepMain = spec["step"]
    axis.Logarithmic = spec["scale"] == "log"
    axis.ReverseDirection = spec["reversed"]
    axis.CharHeight = look["font_px"] * UNIT / 35.28
    axis.CharFontName = look["font"]
    axis.CharColor = color(look["ink"])
    axis.LineColor = color(look["ink"])
    axis.CrossoverPosition = uno.Enum("com.sun.star.chart.ChartAxisPosition", "START")
    axis.DisplayLabels = True
    if gridlines is not None:
        gridlines.LineColor = color(look["grid_color"])


def titled(target, text, size, look):
    target.String = text
    target.CharHeight = size * UNIT / 35.28
    target.CharFontName = look["font"]
    target.CharColor = color(look["ink"])


def dress_curve(series, curve):
    series.Color = color(curve["color"])
    points = curve["draw"] == "points"
    series.LineStyle = uno.Enum("com.sun.star.drawing.LineStyle", "NONE" if points else "SOLID")
    series.LineWidth = round(curve["width"] * UNIT)
    if curve["dash"] in DASHES and not points:
        long, gap = (round(v * max(curve["width"], 1) * UNIT) for v in DASHES[curve["dash"]])
        dash = uno.createUnoStruct("com.sun.star.drawing.LineDash")
        dash.Dots, dash.DotLen, dash.Dashes, dash.DashLen, dash.Distance = 0, 0, 1, long, gap
        series.LineStyle = uno.Enum("com.sun.star.drawing.LineStyle", "DASH")
        series.LineDash = dash
    symbol = series.Symbol
    if curve["marker"]:
        symbol.Style = uno.Enum("com.sun.star.chart2.SymbolStyle", "STANDARD")
        symbol.StandardSymbol = {"s": 0, "D": 1, "v": 2, "^": 3, "o": 8, "x": 10, "+": 11}.get(curve["marker"], 8)
        symbol.Size.Width = symbol.Size.Height = round(curve["marker_size"] * UNIT)
        symbol.BorderColor = symbol.FillColor = color(curve["color"])
    else:
        symbol.Style = uno.Enum("com.sun.star.chart2.SymbolStyle", "NONE")
    series.Symbol = symbol


def draw(context, desktop, chart, path):
    look = chart["look"]
    document = desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, (prop("Hidden", True),))
    sheet = document.Sheets.getByIndex(0)
    cells = fill_sheet(sheet, chart)
    sheet.Charts.addNewByName("c", rectangle(0, 0, *chart["size"]), (cells,), True, False)
    model = sheet.Charts.getByIndex(0).EmbeddedObject
    model.setDiagram(model.createInstance("com.sun.star.chart.XYDiagram"))
    diagram = model.getDiagram()
    diagram.SymbolType, diagram.Lines = -3, True
    left, top, right, bottom = chart["box"]
    model.HasMainTitle = bool(chart["title"])
    if chart["title"]:
        titled(model.Title, chart["title"], look["title_px"], look)
    model.HasLegend = look["legend"] != "none"
    if model.HasLegend:
        legend = model.Legend
        legend.CharHeight, legend.CharFontName = look["font_px"] * UNIT / 35.28, look["font"]
        legend.CharColor = color(look["ink"])
        legend.FillStyle = uno.Enum("com.sun.star.drawing.FillStyle", "NONE")
        legend.LineStyle = uno.Enum("com.sun.star.drawing.LineStyle", "NONE")
        legend.Alignment = uno.Enum("com.sun.star.chart.ChartLegendPosition", "RIGHT")
    for name, spec in (("X", chart["x"]), ("Y", chart["y"])):
        shown = look["grid"] in (name.lower(), "both")
        setattr(diagram, f"Has{name}AxisGrid", shown)
        grid = getattr(diagram, f"get{name}MainGrid")() if shown else None
        dress_axis(getattr(diagram, f"get{name}Axis")(), spec, look, grid)
        setattr(diagram, f"Has{name}AxisTitle", bool(spec["label"]))
        if spec["label"]:
            titled(getattr(diagram, f"{name}AxisTitle"), spec["label"], look["font_px"], look)
    model.Area.FillColor = color(look["ground"])
    model.Area.LineStyle = uno.Enum("com.sun.star.drawing.LineStyle", "NONE")
    diagram.Wall.FillStyle = uno.Enum("com.sun.star.drawing.FillStyle", "NONE")
    framed = look["frame"] == "box"
    diagram.Wall.LineStyle = uno.Enum("com.sun.star.drawing.LineStyle", "SOLID" if framed else "NONE")
    diagram.Wall.LineColor = color(look["ink"])
    kind = model.getFirstDiagram().getCoordinateSystems()[0].getChartTypes()[0]
    for series, curve in zip(kind.getDataSeries(), chart["curves"], strict=True):
        dress_curve(series, curve)
    diagram.setDiagramPositionExcludingAxes(rectangle(left, top, right - left, bottom - top))
    export = context.ServiceManager.createInstanceWithContext("com.sun.star.drawing.GraphicExportFilter", context)
    export.setSourceDocument(sheet.DrawPage.getByIndex(0))
    size = uno.Any(
        "[]com.sun.star.beans.PropertyValue",
        (prop("PixelWidth", chart["size"][0]), prop("PixelHeight", chart["size"][1])),
    )
    export.filter((prop("MediaType", "image/png"), prop("URL", f"file://{path}"), prop("FilterData", size)))
    document.close(True)


def main():
    charts = json.loads(Path(sys.argv[1]).read_text())
    with tempfile.TemporaryDirectory() as profile:
        process, context = connect(profile)
        try:
            desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
            for number, chart in enumerate(charts):
                draw(context, desktop, chart, f"{sys.argv[2]}/{number}.png")
            with contextlib.suppress(Exception):  # the bridge falls with the office
                desktop.terminate()
        finally:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


main()
