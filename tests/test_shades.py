import numpy as np

from digitize.color import Float32
from digitize.shades import find_shades


def _blurred_line() -> Float32:
    """The shares (60, 400) of a blurred line of one ink, 1.6 pixels wide.

    It lies on pixels in some of its levels and between two in others; upright strokes that touch hang on to it.
    """
    share = np.zeros((60, 400), np.float32)
    for k, left in enumerate(range(10, 370, 30)):
        if k % 3 == 2:
            share[38:42, left : left + 30] = np.array([[0.06], [0.74], [0.74], [0.06]])
        else:
            share[39:42, left : left + 30] = np.array([[0.3], [1.0], [0.3]])
            share[28:40, left + 12 : left + 17] = [0.3, 1.0, 1.0, 1.0, 0.3]
    return share


def test_a_line_between_pixels_is_no_shade_though_others_of_its_ink_touch() -> None:
    share = _blurred_line()
    assert len(find_shades(share, np.zeros(share.shape, bool), 0.0)) < 2


def test_a_paler_line_as_wide_is_a_shade() -> None:
    share = _blurred_line()
    share[10:13, 10:390] = 0.5 * np.array([[0.3], [1.0], [0.3]], np.float32)
    assert len(find_shades(share, np.zeros(share.shape, bool), 0.0)) == 2
