"""Pages drawn by Chromium, and what their scripts answer."""

from __future__ import annotations

import functools
import io
import shutil
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image

from .model import MissingRendererError

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
]
MODULES = Path(__file__).resolve().parent.parent / "node_modules"


def require_browser() -> None:
    """Raise MissingRendererError where Chromium or playwright is not installed."""
    if not shutil.which("chromium"):
        raise MissingRendererError("the program chromium is not installed")
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError as error:
        raise MissingRendererError("playwright is not installed (pip install playwright)") from error


def module(path: str) -> Path:
    """A file of an installed browser library."""
    found = MODULES / path
    if not found.exists():
        raise MissingRendererError(f"{path.split('/', maxsplit=1)[0]} is not installed (npm install, in scripts/)")
    return found


@functools.cache
def browser() -> Any:
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium")
    return sync_playwright().start().chromium.launch(executable_path=program, args=ARGUMENTS)


def shot(html: str, size: tuple[int, int], ask: str, ratio: float = 1.0) -> tuple[Image.Image, Any]:
    """A screenshot of a page of `size` CSS pixels, and its answer to the JavaScript expression `ask`."""
    context = browser().new_context(
        viewport={"width": size[0], "height": size[1]}, device_scale_factor=ratio, timezone_id="UTC", locale="en-US"
    )
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.html"
        path.write_text(html, encoding="utf-8")
        page.goto(path.as_uri())
        page.wait_for_function("window.done === true", timeout=20000)
        page.evaluate("document.fonts.ready")
        page.wait_for_timeout(150)
        answer = page.evaluate(ask)
        image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    context.close()
    if faults:
        raise RuntimeError(f"the page failed: {faults[0]}")
    return image, answer
