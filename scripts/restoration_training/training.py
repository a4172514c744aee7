"""Training the restoration network within a given time. Needs torch.

It trains on a GPU where there is one. The learning rate follows the clock, so that another machine, or another run,
ends near the same weights, not at them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from onnx_files import convolutions_in, in_running_order
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from .network import RestorationNet
from .pairs import Pixels, pairs

_PEAK_RATE, _WARM_UP_STEPS, _LAST_SHARE, _WEIGHT_DECAY, _LARGEST_GRADIENT = 1e-3, 200, 0.005, 1e-4, 1.0
#: Weight of the past in the mean of the weights over the steps, which is what is kept.
_SMOOTHING = 0.998
#: Differences, in 0 to 1, below this count by their squares (Charbonnier); pixels near edges count so much more.
_SOFT, _EDGES = 0.002, 6.0
_REPORT_SECONDS = 60
_VALIDATION_SEED, _VALIDATION_PAIRS = 11, 256


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How long to train, on batches of what size, drawn by how many workers (0: by the trainer itself).

    `weights` are the ONNX file of an earlier run to go on from.
    """

    seconds: float
    seed: int
    batch: int = 32
    workers: int = 1
    weights: Path | None = None
    device: str = field(default_factory=lambda: "cuda" if torch.cuda.is_available() else "cpu")


class Batches(IterableDataset[Tensor]):
    """Batches (2, n, h, w, 3) without end, damaged and whole; each worker draws its own by the seed and its number."""

    def __init__(self, pictures: Sequence[Pixels], plan: Plan) -> None:
        self._pictures, self._plan = pictures, plan

    def __iter__(self) -> Iterator[Tensor]:
        worker = get_worker_info()
        drawn = pairs(np.random.default_rng((self._plan.seed, worker.id if worker else 0)), self._pictures)
        while True:
            yield stacked(islice(drawn, self._plan.batch))


def stacked(drawn: Iterator[tuple[Pixels, Pixels]]) -> Tensor:
    """Pairs as one tensor (2, n, h, w, 3) of bytes."""
    damaged, whole = zip(*drawn, strict=True)
    return torch.from_numpy(np.stack([np.stack(damaged), np.stack(whole)]))


def train(pictures: Sequence[Pixels], held_out: Sequence[Pixels], plan: Plan) -> RestorationNet:
    """The network after training, its weights smoothed over the steps; progress is printed.

    It learns from `pictures` (h, w, 3), undamaged ones, and is measured on `held_out`.
    """
    torch.manual_seed(plan.seed)
    torch.backends.cudnn.benchmark = True
    net = RestorationNet()
    if plan.weights:
        take_over(net, plan.weights)
    net.to(plan.device, memory_format=torch.channels_last)
    smoothed = AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn(_SMOOTHING))
    optimizer = torch.optim.AdamW(net.parameters(), _PEAK_RATE, weight_decay=_WEIGHT_DECAY)
    held = [inputs_of(batch, plan.device) for batch in validation_batches(held_out)]
    start = last = time.monotonic()
    for steps, batch in enumerate(loader(pictures, plan)):
        spent = time.monotonic() - start
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(steps, spent / plan.seconds)
        damaged, whole = inputs_of(batch, plan.device)
        with torch.autocast(plan.device, torch.bfloat16):
            restored = net(damaged)
        optimizer.zero_grad(set_to_none=True)
        loss_of(restored.float(), whole).backward()
        nn.utils.clip_grad_norm_(net.parameters(), _LARGEST_GRADIENT)
        optimizer.step()
        smoothed.update_parameters(net)
        if time.monotonic() - last > _REPORT_SECONDS or spent >= plan.seconds:
            last = time.monotonic()
            print(f"{spent:.0f} s  {steps + 1} steps  validation {validate(smoothed.module, held)}", flush=True)
        if spent >= plan.seconds:
            break
    return smoothed.module.eval()


def take_over(net: RestorationNet, path: Path) -> None:
    """Give a network the weights of a stored one."""
    convolutions = in_running_order(net, nn.Conv2d, (torch.zeros(1, 3, 64, 64),))
    for convolution, (weight, bias) in zip(convolutions, convolutions_in(path), strict=True):
        convolution.weight.data.copy_(weight)
        convolution.bias.data.copy_(bias)


def learning_rate(steps: int, done: float) -> float:
    """Half a cosine over the time, after a steady rise over the first steps."""
    warm = min(1.0, steps / _WARM_UP_STEPS)
    return float(_PEAK_RATE * warm * (0.5 * (1 + np.cos(np.pi * min(done, 1))) + _LAST_SHARE))


def loader(pictures: Sequence[Pixels], plan: Plan) -> DataLoader[Tensor]:
    """Batches from the workers, some of them ahead."""
    return DataLoader(
        Batches(pictures, plan),
        batch_size=None,
        num_workers=plan.workers,
        prefetch_factor=4 if plan.workers else None,
        pin_memory=plan.device == "cuda",
    )


def inputs_of(batch: Tensor, device: str) -> tuple[Tensor, Tensor]:
    """The damaged and the whole pieces of a batch, (n, 3, h, w) in 0 to 1, on a device."""
    damaged, whole = batch.to(device, non_blocking=True).permute(0, 1, 4, 2, 3).float() / 255
    return damaged.contiguous(memory_format=torch.channels_last), whole


def loss_of(restored: Tensor, whole: Tensor) -> Tensor:
    """The mean difference of two batches (Charbonnier et al. 1994), that beside edges weighted more."""
    strong = functional.max_pool2d(whole, 5, 1, 2) + functional.max_pool2d(-whole, 5, 1, 2)
    weight = 1 + _EDGES * strong.amax(1, keepdim=True).clamp(0, 1).sqrt()
    return (weight * torch.sqrt((restored - whole) ** 2 + _SOFT**2)).mean()


def validate(net: nn.Module, held: Sequence[tuple[Tensor, Tensor]]) -> str:
    """The loss of a network, and of what it is given, over batches of damaged and whole pieces."""
    with torch.no_grad():
        losses = [(loss_of(net(d), w).item(), loss_of(d, w).item()) for d, w in held]
    after, before = np.mean(losses, axis=0)
    return f"{after:.5f} (untouched {before:.5f})"


def validation_batches(held_out: Sequence[Pixels]) -> list[Tensor]:
    """The same pairs for every seed of training, in batches."""
    drawn = pairs(np.random.default_rng(_VALIDATION_SEED), held_out)
    return [stacked(islice(drawn, 64)) for _ in range(_VALIDATION_PAIRS // 64)]
