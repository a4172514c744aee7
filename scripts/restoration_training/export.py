"""The restoration network as an ONNX file with its weights stored in half precision. Needs torch, onnx, onnxruntime."""

from __future__ import annotations

from pathlib import Path

import onnxruntime
import torch
from onnx_files import write_onnx

from .network import RestorationNet

#: Axes of the network's input and output that may be of any length.
_AXES = {0: "n", 2: "h", 3: "w"}
#: What the stored network and the trained one make of a channel, in 0 to 1, differs by no more than this.
TOLERANCE = 0.004


def export(net: RestorationNet, path: Path) -> float:
    """Write the network and read it back; answers by how much the two differ at most in a channel.

    Raises
    ------
    ValueError
        They differ by more than `TOLERANCE`; the file is there all the same.
    """
    net = net.cpu().to(memory_format=torch.contiguous_format).eval()
    write_onnx(net, (torch.rand(1, 3, 64, 96),), {"rgb": _AXES}, {"restored": _AXES}, path)
    difference = difference_between(net, path)
    if difference > TOLERANCE:
        raise ValueError(f"{path} differs from the trained network by {difference:.2g}")
    return difference


def difference_between(net: RestorationNet, path: Path) -> float:
    """The greatest difference in a channel between a network and a stored one, on random pixels."""
    rgb = torch.rand((2, 3, 96, 160), generator=torch.Generator().manual_seed(0))
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (stored,) = session.run(None, {"rgb": rgb.numpy()})
    with torch.no_grad():
        return float((torch.from_numpy(stored) - net(rgb)).abs().max())
