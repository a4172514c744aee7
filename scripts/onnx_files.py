"""Trained networks as ONNX files with their weights stored in half precision. Needs torch and onnx."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper
from torch import Tensor, nn

#: Of each input or output, those of its axes that may be of any length, with their names.
Axes = Mapping[str, Mapping[int, str]]

_OPSET = 17
#: Tensors of no more numbers than this are stored in full.
_SMALL = 256


def write_onnx(net: nn.Module, inputs: tuple[Tensor, ...], takes: Axes, gives: Axes, path: Path) -> None:
    """Write a network that takes and gives tensors of these names, in this order; `inputs` are an example.

    Raises
    ------
    onnx.checker.ValidationError
        The exporter made no valid model.
    """
    stream = io.BytesIO()
    torch.onnx.export(
        net,
        inputs,
        stream,
        input_names=list(takes),
        output_names=list(gives),
        dynamic_axes={name: dict(axes) for name, axes in (*takes.items(), *gives.items())},
        opset_version=_OPSET,
        dynamo=False,  # the other exporter writes a graph that is tied to newer runtimes
    )
    model = with_halves(onnx.load_from_string(stream.getvalue()))
    onnx.checker.check_model(model)
    onnx.save(model, path)


def convolutions_in(path: Path) -> list[tuple[Tensor, Tensor]]:
    """Weights and biases of the convolutions of a network that `write_onnx` wrote, in the order in which they run."""
    graph = onnx.load(path).graph
    kept = {tensor.name: numpy_helper.to_array(tensor).astype(np.float32) for tensor in graph.initializer}
    kept |= {
        node.output[0]: kept[node.input[0]] for node in graph.node if node.op_type == "Cast" and node.input[0] in kept
    }
    found = [node.input for node in graph.node if node.op_type == "Conv"]
    return [(torch.from_numpy(kept[weight].copy()), torch.from_numpy(kept[bias].copy())) for _, weight, bias in found]


def in_running_order(net: nn.Module, kind: type[nn.Module], inputs: tuple[Tensor, ...]) -> list[nn.Module]:
    """The parts of a network that are of a kind, in the order in which it runs them on these inputs."""
    order: list[nn.Module] = []
    hooks = [
        part.register_forward_hook(lambda part, *_: order.append(part))
        for part in net.modules()
        if isinstance(part, kind)
    ]
    with torch.no_grad():
        net(*inputs)
    for hook in hooks:
        hook.remove()
    return order


def with_halves(model: ModelProto) -> ModelProto:
    """The model with its large tensors in half precision; it casts them back and reckons in single precision."""
    stored: list[TensorProto] = []
    casts: list[NodeProto] = []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype == np.float32 and values.size > _SMALL:
            name = f"{tensor.name}.half"
            stored.append(numpy_helper.from_array(values.astype(np.float16), name))
            casts.append(helper.make_node("Cast", [name], [tensor.name], to=TensorProto.FLOAT))
        else:
            stored.append(tensor)
    graph = helper.make_graph(
        [*casts, *model.graph.node], model.graph.name, model.graph.input, model.graph.output, stored
    )
    return helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version)
