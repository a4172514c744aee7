"""Pixels that are not known filled with the nearest ones that are."""

from __future__ import annotations

from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray


def fill_from_nearest(image: NDArray[Any], known: NDArray[np.bool_], mask_size: Literal[3, 5] = 3) -> None:
    """Give each pixel that is not known the colour of the nearest one that is, in place.

    Parameters
    ----------
    image : (h, w, 3), contiguous.
    known : (h, w), True somewhere.
    mask_size : side of the mask with which distances are added up (Borgefors 1986); 5 is the more exact.
    """
    unknown = (~known).view(np.uint8)
    _, label = cv2.distanceTransformWithLabels(unknown, cv2.DIST_L2, mask_size, labelType=cv2.DIST_LABEL_PIXEL)
    label = label.ravel()
    # the nearest one lies beside some that is not known
    beside = cv2.dilate(unknown, np.ones((3, 3), np.uint8)).view(bool)
    sources, targets = np.flatnonzero(beside & known), np.flatnonzero(~known)
    place = np.zeros(known.size + 1, np.int32)
    place[label[sources]] = sources
    pixels = image.reshape(-1).view(np.dtype((np.void, image.shape[-1] * image.itemsize)))  # copied as a whole
    pixels[targets] = pixels[place[label[targets]]]
