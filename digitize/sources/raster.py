"""Opens raster pictures of any kind as 8-bit RGB, the way a person sees them.

The content decides the type, never the suffix. Whatever cannot be opened ends in one `InputError` that names the
picture and says what to try.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, ImageOps
from PIL import Image as PILImage
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from digitize.errors import InputError
from digitize.model import Image, Picture, Settings

Source = str | os.PathLike[str] | bytes | bytearray | memoryview | IO[bytes] | PILImage.Image | NDArray[Any]

KNOWN = "PNG, JPEG, WebP, TIFF, GIF and BMP"
SMALLEST = 16  # pixels a side: below this not even one tick label has room
WHITE, DARK = (255, 255, 255), (24, 24, 24)

# The plugins are called directly, not through PIL.Image.open: its limit on pixels is one global of the process, while
# ours is a setting of each reading.
_OPENERS: tuple[tuple[tuple[bytes, ...], Callable[[Any], PILImage.Image]], ...] = (
    ((b"\x89PNG\r\n\x1a\n",), PngImageFile),
    ((b"\xff\xd8\xff",), JpegImageFile),
    ((b"GIF87a", b"GIF89a"), GifImageFile),
    ((b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"), TiffImageFile),
    ((b"BM",), BmpImageFile),
)
_STRANGERS = (
    (b"%PDF", "a PDF document", "save its page as PNG first"),
    (b"<svg", "an SVG drawing", "save it as PNG first"),
    (b"<?xml", "an XML document", "save it as PNG first"),
    (b"<!doctype html", "a web page", "take a screenshot of it"),
    (b"<html", "a web page", "take a screenshot of it"),
)


def open_picture(source: Source, settings: Settings | None = None) -> Picture:
    """Open a picture.

    Parameters
    ----------
    source : path, "-", bytes, binary file object, PIL image or numpy array
        "-" is standard input. Arrays have the shape (height, width) or (height, width, 1 to 4 channels) and hold
        booleans, integers (above 255: 16-bit) or floats (0 to 1, or 0 to 255).
    settings : Settings, optional
        `max_pixels` bounds width times height; it is compared before anything is decoded.

    Returns
    -------
    Picture
        8-bit RGB; transparency laid on white, or on a dark ground where the visible ink is light; EXIF orientation
        applied. `notes` say what was decided.

    Raises
    ------
    InputError
        Missing, empty, damaged, too large, too small, or no picture at all.
    """
    settings = settings or Settings()
    if isinstance(source, np.ndarray):
        name, image = "array", _from_array(source)
        return _to_picture(name, name, image, settings, hashlib.sha256(source.tobytes()))
    if isinstance(source, PILImage.Image):
        name = Path(getattr(source, "filename", "") or "image").name
        return _to_picture(name, name, source, settings, None)
    name, shown, data = _read_bytes(source, settings)
    return _to_picture(name, shown, _sniff(shown, data), settings, hashlib.sha256(data))


def most_bytes(max_pixels: int) -> int:
    """The size beyond which no file is a picture of so many pixels: uncompressed, in four 16-bit channels."""
    return 8 * max_pixels + 65_536


def _read_bytes(source: Any, settings: Settings) -> tuple[str, str, bytes]:
    """Name, name as shown in messages, and content; content that could not be a picture within the limit is refused."""
    most = most_bytes(settings.max_pixels)
    if isinstance(source, (bytes, bytearray, memoryview)):
        name = shown = "picture"
        data = bytes(source)
    elif isinstance(source, (str, os.PathLike)) and os.fspath(source) != "-":
        path = Path(source)
        name, shown = path.name, str(path)
        data = _read_file(path, most)
    else:
        stream = sys.stdin.buffer if isinstance(source, (str, os.PathLike)) else source
        name = shown = "stdin" if stream is sys.stdin.buffer else Path(str(getattr(stream, "name", "picture"))).name
        data = _read_stream(stream, shown, most)
    if not data:
        raise InputError(f"{shown}: the file is empty; save the picture again")
    if len(data) > most:
        raise InputError(f"{shown}: the file is too large for a picture of {settings.max_pixels:,} pixels")
    return name, shown, data


def _read_file(path: Path, most: int) -> bytes:
    if path.is_dir():
        raise InputError(f"{path}: this is a folder; name the pictures in it, such as {path / '*.png'}")
    try:
        with path.open("rb") as stream:
            return stream.read(most + 1)
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file; check the path") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{path}: the file cannot be read ({reason.lower()}); check its permissions") from error


def _read_stream(stream: Any, shown: str, most: int) -> bytes:
    try:
        data = stream.read(most + 1)
    except (AttributeError, OSError, ValueError) as error:
        raise InputError(f"{shown}: nothing can be read from a {type(stream).__name__} ({error})") from error
    if not isinstance(data, bytes):
        raise InputError(f"{shown}: the file object gives text; open it in binary mode")
    return data


def _sniff(shown: str, data: bytes) -> PILImage.Image:
    """An undecoded image by the first bytes of its content."""
    opener = next((opener for magics, opener in _OPENERS if data.startswith(magics)), None)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        opener = WebPImageFile
    if opener is None:
        raise InputError(f"{shown}: {_say_what(data)}")
    try:
        return opener(BytesIO(data))
    except Exception as error:  # a decoder may raise anything on a damaged file
        raise InputError(f"{shown}: the picture is damaged ({_say(error)}); save or export it again") from error


def _say_what(data: bytes) -> str:
    """What a file that is no known picture seems to be, and what to try."""
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for magic, kind, advice in _STRANGERS:
        if head.startswith(magic.lower()):
            return f"this is {kind}, not a raster picture; {advice}"
    if data[4:8] == b"ftyp":
        return "this is a HEIC, AVIF or video file, not a picture of a known type; save it as PNG first"
    try:
        data[:512].decode("utf-8", errors="strict" if len(data) <= 512 else "ignore")
        is_text = b"\x00" not in data[:512] and not any(byte > 0xF4 for byte in data[:512])
    except UnicodeDecodeError:
        is_text = False
    what = "this is text, not a picture" if is_text else "this is no picture of a known type"
    return f"{what}; {KNOWN} can be read"


def _say(error: Exception) -> str:
    first = (str(error).splitlines() or [""])[0].strip().rstrip(".")
    return first or type(error).__name__


def _to_picture(name: str, shown: str, image: PILImage.Image, settings: Settings, digest: Any) -> Picture:
    """Check the size, decode, and bring any mode to RGB. Without a `digest` the pixels themselves are hashed.

    An image that the caller opened has none; of such an image the frame that it stands at is taken.
    """
    width, height = image.size
    if width * height > settings.max_pixels:
        raise InputError(
            f"{shown}: {width:,} × {height:,} pixels are more than the limit of {settings.max_pixels:,}; "
            "crop the chart or scale the picture down"
        )
    if min(width, height) < SMALLEST:
        raise InputError(f"{shown}: {width} × {height} pixels are too few for a chart; give the picture in full size")
    try:
        notes = _frame_notes(image) if digest else ()
        turned = image.getexif().get(ExifTags.Base.Orientation, 1) in range(2, 9)
        image.load()
        upright = ImageOps.exif_transpose(image)
        rgb, more = _to_rgb(upright)
    except MemoryError as error:
        raise InputError(f"{shown}: there is not enough memory for {width:,} × {height:,} pixels") from error
    except Exception as error:  # a decoder may raise anything on a damaged file
        raise InputError(f"{shown}: the picture is damaged ({_say(error)}); save or export it again") from error
    if turned:
        notes = (*notes, "turned upright as its EXIF orientation says")
    digest = digest or hashlib.sha256(rgb.tobytes())
    return Picture(name=name, rgb=rgb, sha256=digest.hexdigest(), notes=(*notes, *more))


def _frame_notes(image: PILImage.Image) -> tuple[str, ...]:
    """What was taken of a file with several frames or pages."""
    try:
        count = int(getattr(image, "n_frames", 1))
    except Exception:  # later frames may be damaged although the first one is whole
        return ("first frame of a file whose later frames are damaged",)
    if count == 1:
        return ()
    image.seek(0)
    return (f"first of {count} {'pages' if image.format == 'TIFF' else 'frames'}",)


def _to_rgb(image: PILImage.Image) -> tuple[Image, tuple[str, ...]]:
    """8-bit RGB of an image in any mode, and what was decided."""
    if image.mode.startswith(("I", "F")):  # 16 or 32 bits a pixel, one channel
        return np.repeat(_to_bytes(np.asarray(image))[..., None], 3, axis=2), ("brought to 8 bits",)
    if "A" in image.mode or "a" in image.mode or "transparency" in image.info:
        return _flatten(np.asarray(image.convert("RGBA")))
    return np.array(image.convert("RGB")), ()


def _to_bytes(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Samples of any type as 8 bits: integers above 255 are 16-bit samples, floats up to 1 are shares of full light."""
    if values.dtype == np.uint8:
        return values
    if values.dtype == np.bool_:
        return values.astype(np.uint8) * np.uint8(255)
    if not np.issubdtype(values.dtype, np.number) or np.iscomplexobj(values):
        raise ValueError(f"samples of type {values.dtype}")
    real = values.astype(np.float64)
    top = real.max(initial=0.0)
    if not np.isfinite(top) or np.isnan(real).any() or real.min(initial=0.0) < 0:
        raise ValueError("samples that are negative or not finite")
    if np.issubdtype(values.dtype, np.floating):
        full = 1.0 if top <= 1.0 else 255.0 if top <= 255.0 else top
    else:
        full = 255.0 if values.dtype.itemsize == 1 or (top <= 255 and values.dtype != np.uint16) else 65_535.0
    return np.rint(np.minimum(real / full, 1.0) * 255.0).astype(np.uint8)


def _from_array(array: NDArray[Any]) -> PILImage.Image:
    """An image from an array of samples."""
    squeezed = array[..., 0] if array.ndim == 3 and array.shape[2] == 1 else array
    if squeezed.size == 0:
        raise InputError("array: it holds no pixels")
    if squeezed.ndim not in (2, 3) or (squeezed.ndim == 3 and squeezed.shape[2] > 4):
        raise InputError(f"array: the shape is {array.shape}; give (height, width) or (height, width, 1 to 4 channels)")
    try:
        return PILImage.fromarray(np.ascontiguousarray(_to_bytes(squeezed)))
    except (ValueError, TypeError) as error:
        raise InputError(f"array: it is no picture ({error}); give 8-bit RGB") from error


def _flatten(rgba: NDArray[np.uint8]) -> tuple[Image, tuple[str, ...]]:
    """Lay a picture (height, width, 4) on the ground that its ink was made for."""
    alpha = rgba[..., 3]
    if alpha.min() == 255:
        return np.ascontiguousarray(rgba[..., :3]), ()
    light = _ink_is_light(rgba)
    ground = np.array(DARK if light else WHITE, dtype=np.float32)
    share = alpha[..., None].astype(np.float32) / 255.0
    rgb = np.rint(rgba[..., :3] * share + ground * (1.0 - share)).astype(np.uint8)
    return rgb, (f"transparency laid on {'a dark ground, for its ink is light' if light else 'white'}",)


def _ink_is_light(rgba: NDArray[np.uint8]) -> bool:
    """Whether the thin strokes that stand on transparency are rather light than dark.

    Thick opaque areas (a white plot area, a card) are no ink: they are seen on any ground. They are what an opening
    leaves, its window a multiple of the usual text height's share of the picture.
    """
    visible = (rgba[..., 3] > 127).astype(np.uint8)
    window = max(9, round(0.03 * min(visible.shape)) | 1)
    kernel = np.ones((window, window), np.uint8)
    padded = cv2.copyMakeBorder(visible, window, window, window, window, cv2.BORDER_CONSTANT, value=0)
    areas = cv2.morphologyEx(padded, cv2.MORPH_OPEN, kernel)[window:-window, window:-window]
    near_areas = cv2.dilate(np.ascontiguousarray(areas), np.ones((3, 3), np.uint8))
    ink = (visible == 1) & (near_areas == 0)
    luminance = rgba[..., :3][ink] @ np.array([0.2126, 0.7152, 0.0722])
    return bool((luminance > 178).sum() > (luminance < 77).sum())
