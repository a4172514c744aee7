"""The restoration network: a small U-Net (Ronneberger et al. 2015) that tells what damage added. Needs torch."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

#: Channels at each depth; each depth has half the resolution of the one before.
_WIDTHS = (32, 64, 96)
#: Pixels a side of a cell.
_CELL = 2
#: Side of the square whose mean tells the detail of a pixel, and by how much that is amplified: damage is slight beside
#: the contrast of ink and ground.
_SQUARE, _GAIN = 5, 8.0


class RestorationNet(nn.Module):
    """Subtracts from a picture what compression and noise added to it (Zhang et al., DnCNN, 2017)."""

    def __init__(self) -> None:
        super().__init__()
        into = (2 * 3 * _CELL**2, *_WIDTHS[:-1])
        self.down = nn.ModuleList(_stage(a, b) for a, b in zip(into, _WIDTHS, strict=True))
        self.up = nn.ModuleList(_stage(a + b, a) for a, b in pairwise(_WIDTHS))
        self.head = nn.Conv2d(_WIDTHS[0], 3 * _CELL**2, 3, padding=1)
        for part in self.modules():
            if isinstance(part, nn.Conv2d):
                # the usual first weights let the signal die away from depth to depth (He et al. 2015)
                nn.init.kaiming_normal_(part.weight, nonlinearity="relu")
                nn.init.zeros_(part.bias)
        nn.init.normal_(self.head.weight, std=0.001)

    def forward(self, rgb: Tensor) -> Tensor:
        """The picture (n, 3, h, w) without damage, from one in 0 to 1; h and w are multiples of 8."""
        half = _SQUARE // 2
        mean = functional.avg_pool2d(functional.pad(rgb, (half,) * 4, mode="replicate"), _SQUARE, 1)
        cells = functional.pixel_unshuffle(torch.cat([rgb - 0.5, _GAIN * (rgb - mean)], 1), _CELL)
        depths = [self.down[0](cells)]
        for stage in self.down[1:]:
            depths.append(stage(functional.max_pool2d(depths[-1], 2)))
        found = depths.pop()
        for stage, seen in zip(reversed(self.up), reversed(depths), strict=True):
            found = stage(torch.cat([seen, functional.interpolate(found, scale_factor=2.0, mode="nearest")], 1))
        return rgb - functional.pixel_shuffle(self.head(found), _CELL)


def _stage(into: int, out: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(into, out, 3, padding=1),
        nn.ReLU(inplace=True),
        nn.Conv2d(out, out, 3, padding=1),
        nn.ReLU(inplace=True),
    )
