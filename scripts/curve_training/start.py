"""Weights to go on from, out of the ONNX file that an earlier run left. Needs torch and onnx."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from onnx_files import convolutions_in, in_running_order
from torch import Tensor, nn

from .network import CurveNet


def take_over(net: CurveNet, path: Path, shown: Sequence[tuple[Tensor, ...]]) -> None:
    """Give a network the weights of a stored one, so that it draws the same.

    The stored one has no batch norms any more: they are part of its convolutions. Here each gets the mean and the
    deviation that its convolution has over `shown`, inputs of the network, and what takes them away again; when it
    learns, it does so from there (the reverse of Jacob et al. 2018, section 3.2).
    """
    net.eval()
    convolutions = in_running_order(net, nn.Conv2d, shown[0])
    norms = in_running_order(net, nn.BatchNorm2d, shown[0])
    stored = convolutions_in(path)
    for convolution, norm, (weight, bias) in zip(convolutions[:-1], norms, stored[:-1], strict=True):
        convolution.weight.data.copy_(weight)
        norm.weight.data.fill_(1)
        norm.bias.data.copy_(bias)
        norm.running_mean.zero_()
        norm.running_var.fill_(1 - norm.eps)
    head, (weight, bias) = convolutions[-1], stored[-1]
    head.weight.data.copy_(weight)
    head.bias.data.copy_(bias)
    for norm, (mean, variance) in zip(norms, _moments(net, norms, shown), strict=True):
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.data.copy_(torch.sqrt(variance + norm.eps))
        norm.bias.data.add_(mean)
    net.train()


def _moments(
    net: nn.Module, norms: Sequence[nn.Module], shown: Sequence[tuple[Tensor, ...]]
) -> list[tuple[Tensor, Tensor]]:
    """Mean and variance of each channel of what each batch norm is given, over all inputs."""
    given: dict[nn.Module, list[Tensor]] = {norm: [] for norm in norms}
    hooks = [
        norm.register_forward_pre_hook(lambda norm, parts: given[norm].append(_summed(parts[0]))) for norm in norms
    ]
    with torch.no_grad():
        for inputs in shown:
            net(*inputs)
    for hook in hooks:
        hook.remove()
    moments = []
    for sums in given.values():
        mean, square = torch.stack(sums).mean(0)
        moments.append((mean, (square - mean**2).clamp_min(1e-6)))
    return moments


def _summed(channels: Tensor) -> Tensor:
    """The mean of each channel and of its square (2, c)."""
    return torch.stack([channels.mean((0, 2, 3)), (channels**2).mean((0, 2, 3))])
