"""A reading as a notebook shows it: the overlay with the values at the ticks."""

from __future__ import annotations

import base64
from html import escape
from io import BytesIO

from digitize.model import Panel, Reading
from digitize.outputs.overlay import draw_overlay
from digitize.outputs.tables import wide_table

MOST_ROWS = 12


def to_html(reading: Reading) -> str:
    """A reading as HTML that stands alone: the overlay as an inline picture, then a table a panel."""
    out = BytesIO()
    draw_overlay(reading).save(out, format="PNG")
    picture = base64.b64encode(out.getvalue()).decode("ascii")
    name = escape(reading.picture.name)
    parts = [f'<img alt="{name} with what was read" style="max-width:100%" src="data:image/png;base64,{picture}">']
    parts += [f"<p>{escape(reason.message)}</p>" for reason in reading.reasons]
    parts += [_panel(panel) for panel in reading.panels]
    return "<div>" + "".join(parts) + "</div>"


def _panel(panel: Panel) -> str:
    title = escape(f"{panel.number} {panel.title or ''}".strip())
    reasons = "".join(f"<li>{escape(reason.message)}</li>" for reason in panel.reasons)
    table = wide_table(panel, "ticks").to_html(index=False, max_rows=MOST_ROWS, border=0, na_rep="")
    return f"<h4>{title}: {panel.status}</h4><ul>{reasons}</ul>{table}"
