"""The curve network: a U-Net (Ronneberger et al. 2015) over cells of 2 x 2 pixels. Needs torch."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

#: Channels at each depth; each depth has half the resolution of the one before.
_WIDTHS = (32, 56, 80, 112, 144)
#: Pixels a side of a cell.
_CELL = 2
#: Squared contrast between ink and ground below which no share of ink can be told; channels are in 0 to 1.
_LEAST_CONTRAST = 0.004


class CurveNet(nn.Module):
    """Draws one curve of a plot area alone."""

    def __init__(self) -> None:
        super().__init__()
        into = (FEATURES * _CELL**2, *_WIDTHS[:-1])
        self.down = nn.ModuleList(_stage(a, b) for a, b in zip(into, _WIDTHS, strict=True))
        self.up = nn.ModuleList(_stage(a + b, a) for a, b in pairwise(_WIDTHS))
        self.head = nn.Conv2d(_WIDTHS[0], _CELL**2, 1)

    def forward(self, rgb: Tensor, ink: Tensor, ground: Tensor, others: Tensor) -> Tensor:
        """Logits (n, h, w) that the curve's line passes through each pixel.

        Parameters
        ----------
        rgb : (n, 3, h, w) in 0 to 1; h and w are multiples of 32.
        ink, ground : (n, 3), the colours of the curve and of the bare plot area.
        others : (n, m, 3), the colours of other curves, negative where there is none.
        """
        cells = functional.pixel_unshuffle(features(rgb, ink, ground, others), _CELL)
        depths = [self.down[0](cells)]
        for stage in self.down[1:]:
            depths.append(stage(functional.max_pool2d(depths[-1], 2)))
        found = depths.pop()
        for stage, seen in zip(reversed(self.up), reversed(depths), strict=True):
            found = stage(torch.cat([seen, functional.interpolate(found, scale_factor=2.0, mode="nearest")], 1))
        return functional.pixel_shuffle(self.head(found), _CELL)[:, 0]


#: Channels of `features`.
FEATURES = 10


def features(rgb: Tensor, ink: Tensor, ground: Tensor, others: Tensor) -> Tensor:
    """What each pixel tells of the curve (n, 10, h, w), from the same inputs as the network's.

    Its differences from the ground and from the ink, by channel; the share of ink in a mixture with the ground and what
    that mixture leaves over; and how far it is from the nearest other ink and from the curve's own.
    """
    ink, ground = ink[:, :, None, None], ground[:, :, None, None]
    contrast, seen = ink - ground, rgb - ground
    share = _summed(seen * contrast) / _summed(contrast * contrast).clamp_min(_LEAST_CONTRAST)
    unexplained = _summed((seen - share * contrast).abs())
    nearest = torch.ones_like(share)
    for k in range(others.shape[1]):
        other = others[:, k, :, None, None]
        distance = _summed((rgb - other).abs())
        nearest = torch.minimum(nearest, torch.where(other[:, :1] < 0, torch.ones_like(distance), distance))
    own = _summed((rgb - ink).abs())
    return torch.cat([seen, rgb - ink, share.clamp(-1, 2), unexplained, nearest, own], 1)


def _summed(channels: Tensor) -> Tensor:
    return channels.sum(1, keepdim=True)


def _stage(into: int, out: int) -> nn.Sequential:
    return nn.Sequential(_convolution(into, out), _convolution(out, out))


def _convolution(into: int, out: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(into, out, 3, padding=1, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True))
