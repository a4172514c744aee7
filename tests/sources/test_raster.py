import contextlib
import io
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from digitize.errors import InputError
from digitize.model import Picture, Settings
from digitize.sources.raster import open_picture


def chart(mode: str = "RGB", size: tuple[int, int] = (64, 48)) -> Image.Image:
    """A white picture with a black bar on its left and a red one at its top, in any mode."""
    image = Image.new("RGB", size, "white")
    image.paste("black", (0, 0, 8, size[1]))
    image.paste("red", (8, 0, size[0], 8))
    return image.convert(mode)


def encode(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def assert_is_chart(picture: Picture, tolerance: int = 0) -> None:
    expected = np.asarray(chart()).astype(int)
    assert picture.rgb.shape == expected.shape
    inner = np.s_[12:40, 12:60]
    assert np.abs(picture.rgb.astype(int) - expected)[inner].max() <= tolerance
    assert np.abs(picture.rgb[24, 3].astype(int)).max() <= max(tolerance, 30)
    assert not picture.rgb.flags.writeable


@pytest.mark.parametrize(
    ("form", "options"),
    [("PNG", {}), ("JPEG", {"quality": 95}), ("WEBP", {"lossless": True}), ("TIFF", {}), ("GIF", {}), ("BMP", {})],
)
def test_every_known_type_is_opened_by_its_content(tmp_path, form, options):
    path = tmp_path / "picture.txt"
    path.write_bytes(encode(chart(), form, **options))
    picture = open_picture(path)
    assert_is_chart(picture, tolerance=8)
    assert picture.name == "picture.txt"


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "CMYK"])
def test_colour_modes_become_rgb(mode):
    form = "TIFF" if mode == "CMYK" else "PNG"
    picture = open_picture(encode(chart(mode), form))
    assert_is_chart(picture, tolerance=2)
    assert picture.rgb[3, 30].tolist() == pytest.approx([255, 0, 0], abs=2)


@pytest.mark.parametrize("mode", ["L", "LA", "1", "I;16", "I", "F"])
def test_grey_modes_become_grey_rgb(mode):
    if mode in ("I;16", "I"):
        image = Image.fromarray(np.asarray(chart("L")).astype(np.uint16) * 257)
        image = image if mode == "I;16" else image.convert("I")
    else:
        image = chart("L").convert(mode)
    picture = open_picture(encode(image, "TIFF" if mode in ("I", "F") else "PNG"))
    assert_is_chart(picture, tolerance=1)
    assert np.ptp(picture.rgb.astype(int), axis=2).max() == 0


def test_16_bit_samples_keep_their_shares_of_light():
    samples = np.linspace(0, 65_535, 64, dtype=np.uint16)[None].repeat(48, axis=0)
    rgb = open_picture(encode(Image.fromarray(samples), "PNG")).rgb
    assert np.abs(rgb[0, :, 0] - samples[0] / 257).max() <= 0.5


def transparent(ink: tuple[int, int, int], card: tuple[int, int, int] | None = None) -> Image.Image:
    """Thin strokes on transparency, around an opaque card."""
    image = Image.new("RGBA", (200, 160), (0, 0, 0, 0))
    if card:
        image.paste((*card, 255), (60, 30, 180, 130))
    for row in range(20, 150, 20):
        image.paste((*ink, 255), (10, row, 40, row + 2))
    return image


@pytest.mark.parametrize("card", [None, (255, 255, 255), (20, 20, 20)])
@pytest.mark.parametrize(("ink", "ground"), [((0, 0, 0), 255), ((240, 240, 240), 24)])
def test_transparency_lies_on_the_ground_that_the_ink_was_made_for(ink, ground, card):
    picture = open_picture(encode(transparent(ink, card), "PNG"))
    assert picture.rgb[5, 5].tolist() == [ground] * 3
    assert picture.rgb[21, 20].tolist() == list(ink)
    assert any("transparency" in note for note in picture.notes)


def test_half_transparent_ink_is_mixed_with_the_ground():
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 128))
    assert open_picture(encode(image, "PNG")).rgb[0, 0, 0] == pytest.approx(127, abs=1)


def test_a_transparent_palette_colour_is_transparency():
    image = chart("P")
    white = image.getpixel((40, 30))
    picture = open_picture(encode(image, "GIF", transparency=white))
    assert picture.rgb[30, 40].tolist() == [255, 255, 255]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(orientation):
    upright = chart()
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(undo[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = open_picture(encode(stored, "PNG", exif=exif))
    np.testing.assert_array_equal(picture.rgb, np.asarray(upright))
    assert any("EXIF" in note for note in picture.notes) == (orientation > 1)


@pytest.mark.parametrize(("form", "note"), [("GIF", "first of 3 frames"), ("TIFF", "first of 3 pages")])
def test_of_several_frames_the_first_is_taken_and_said_so(form, note):
    others = [Image.new("RGB", (64, 48), color) for color in ("blue", "green")]
    picture = open_picture(encode(chart(), form, save_all=True, append_images=others))
    assert_is_chart(picture, tolerance=2)
    assert note in picture.notes


def test_every_kind_of_source_gives_the_same_picture(tmp_path, monkeypatch):
    data = encode(chart(), "PNG")
    path = tmp_path / "metrics.png"
    path.write_bytes(data)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    named = {"-": "stdin", path: "metrics.png", str(path): "metrics.png"}
    with path.open("rb") as stream:
        sources = [*named, data, bytearray(data), memoryview(data), stream, io.BytesIO(data), chart()]
        pictures = [open_picture(source) for source in [*sources, np.asarray(chart())]]
    for picture in pictures:
        np.testing.assert_array_equal(picture.rgb, pictures[0].rgb)
    assert [picture.name for picture in pictures[:3]] == list(named.values())
    assert len({picture.sha256 for picture in pictures[:8]}) == 1


@pytest.mark.parametrize(
    "array",
    [
        np.asarray(chart()) / 255,
        np.asarray(chart()).astype(float),
        np.asarray(chart()).astype(np.uint16) * 257,
        np.asarray(chart()).astype(np.int64),
        np.dstack([np.asarray(chart()), np.full((48, 64), 255, np.uint8)]),
        np.asarray(chart("L")) > 127,
        np.asarray(chart("L"))[..., None],
    ],
)
def test_arrays_of_any_number_type(array):
    assert_is_chart(open_picture(array))


NO_PICTURES = [
    np.zeros((0, 5)),
    np.zeros(50),
    np.zeros((40, 40, 7)),
    np.full((40, 40), np.nan),
    np.full((40, 40), "a"),
    -np.eye(40),
]


@pytest.mark.parametrize("array", NO_PICTURES)
def test_arrays_that_are_no_picture(array):
    with pytest.raises(InputError, match="array"):
        open_picture(array)


def test_a_frame_of_an_opened_image_is_left_where_it_stands():
    others = [Image.new("RGB", (64, 48), "blue")]
    with Image.open(io.BytesIO(encode(chart(), "TIFF", save_all=True, append_images=others))) as image:
        image.seek(1)
        assert open_picture(image).rgb[30, 40].tolist() == [0, 0, 255]
        assert image.tell() == 1


def huge_png(side: int) -> bytes:
    """A PNG whose header claims a side by side picture; it holds next to nothing."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


PNG = encode(chart(), "PNG")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"just some words, no picture\n" * 40, "this is text"),
        ("Grüße aus Köln ".encode() * 50, "this is text"),
        (b"%PDF-1.7\n", "PDF"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', "SVG"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"\x00\x00\x00\x20ftypheic" + bytes(20), "HEIC"),
        (bytes(range(256)), "no picture of a known type"),
        (PNG[:60], "damaged"),
        (PNG[: len(PNG) // 2], "damaged"),
        (PNG[:40] + bytes(40) + PNG[80:], "damaged"),
        (encode(chart(), "JPEG")[:400], "damaged"),
        (encode(chart(size=(1, 1)), "PNG"), "too few"),
        (huge_png(30_000), "more than the limit of 100,000,000"),
    ],
)
def test_each_bad_file_gives_one_clear_line_with_its_name(tmp_path, data, says):
    path = tmp_path / "chart.png"
    path.write_bytes(data)
    with pytest.raises(InputError, match=says) as caught:
        open_picture(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    assert ";" in message or "limit" in message  # what to try


def test_missing_files_folders_and_unreadable_sources(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        open_picture(tmp_path / "nothing.png")
    with pytest.raises(InputError, match="this is a folder"):
        open_picture(tmp_path)
    with pytest.raises(InputError, match="binary mode"):
        open_picture(io.StringIO("text"))
    with pytest.raises(InputError, match="cannot be read"):
        open_picture("nul\0.png")
    with pytest.raises(InputError, match="nothing can be read"):
        open_picture(42)


def test_a_file_without_permission(tmp_path, monkeypatch):
    path = tmp_path / "secret.png"
    path.write_bytes(PNG)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match=r"secret\.png: .*permission denied"):
        open_picture(path)


def test_the_limit_on_pixels_is_a_setting_and_refuses_before_decoding():
    with pytest.raises(InputError, match="64 × 48 pixels are more than the limit of 1,000"):
        open_picture(PNG, Settings(max_pixels=1000))
    assert_is_chart(open_picture(PNG, Settings(max_pixels=64 * 48)))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "TIFF", "BMP", "WEBP"])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
@pytest.mark.filterwarnings("ignore::UserWarning")  # what Pillow says of damaged metadata
def test_damaged_files_give_a_picture_or_a_clear_error_never_anything_else(form, data):
    content = bytearray(encode(chart(), form))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(content)))
    with contextlib.suppress(InputError):
        assert open_picture(bytes(content[:cut]), Settings(max_pixels=10_000_000)).rgb.ndim == 3
