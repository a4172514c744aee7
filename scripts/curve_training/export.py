"""The curve network as an ONNX file with its weights stored in half precision. Needs torch, onnx and onnxruntime."""

from __future__ import annotations

from pathlib import Path

import onnxruntime
import torch
from onnx_files import write_onnx
from torch import Tensor

from digitize.engines.curves import MOST_OTHERS

from .network import CurveNet

#: Names of the network's inputs, with those of their axes that may be of any length.
_INPUTS = {"rgb": {0: "n", 2: "h", 3: "w"}, "ink": {0: "n"}, "ground": {0: "n"}, "others": {0: "n"}}
#: What the stored network and the trained one tell of a pixel, as probabilities, differs by no more than this.
TOLERANCE = 0.01


def export(net: CurveNet, path: Path) -> float:
    """Write the network and read it back; answers by how much the probabilities of the two differ at most.

    The stored one takes plot areas of any size whose sides are multiples of 32.

    Raises
    ------
    ValueError
        They differ by more than `TOLERANCE`; the file is there all the same.
    """
    net = net.cpu().to(memory_format=torch.contiguous_format).eval()
    write_onnx(net, random_inputs(1, 256, 320), _INPUTS, {"logit": {0: "n", 1: "h", 2: "w"}}, path)
    difference = difference_between(net, path)
    if difference > TOLERANCE:
        raise ValueError(f"{path} differs from the trained network by {difference:.2g}")
    return difference


def difference_between(net: CurveNet, path: Path) -> float:
    """The greatest difference between the probabilities of a network and of a stored one, on random pixels."""
    inputs = random_inputs(2, 192, 448)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (stored,) = session.run(None, {name: part.numpy() for name, part in zip(_INPUTS, inputs, strict=True)})
    with torch.no_grad():
        trained = net(*inputs)
    return float((torch.sigmoid(torch.from_numpy(stored)) - torch.sigmoid(trained)).abs().max())


def random_inputs(count: int, height: int, width: int) -> tuple[Tensor, ...]:
    """Inputs of the network, all of them random, for so many plot areas of a size."""
    generator = torch.Generator().manual_seed(0)
    shapes = (count, 3, height, width), (count, 3), (count, 3), (count, MOST_OTHERS, 3)
    return tuple(torch.rand(shape, generator=generator) for shape in shapes)
