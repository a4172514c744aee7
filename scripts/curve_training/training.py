"""Training the curve network within a given time, on batches that workers draw beside it. Needs torch.

What it does depends on the machine: the learning rate follows the clock, the workers deliver in turn but a faster
machine takes more steps, and sums of a GPU are not of one order. The same seed gives the same examples from each worker
and the same first weights, not the same last ones.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.random import Generator
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from .areas import PlotArea
from .examples import Example, batches, examples, stacked
from .network import CurveNet
from .start import take_over

#: The highest learning rate of a first run, and of one that goes on from the weights of another.
_PEAK_RATE, _PEAK_RATE_GOING_ON = 3e-3, 2e-3
_WARM_UP_STEPS, _LAST_SHARE = 200, 0.003
_WEIGHT_DECAY, _LARGEST_GRADIENT = 0.02, 1.0
#: Weight of the past in the mean of the weights over the steps, which is what is kept.
_SMOOTHING = 0.998
_REPORT_SECONDS = 20
#: The examples of validation are the same for every seed of training, so that figures can be compared.
_VALIDATION_SEED, _VALIDATION_AREAS, _VALIDATION_BATCH = 11, 200, 64


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How long to train, on batches of what size, drawn by how many workers (0: by the trainer itself).

    `weights` are the ONNX file of an earlier run to go on from.
    """

    seconds: float
    seed: int
    batch: int = 128
    workers: int = 0
    weights: Path | None = None
    device: str = field(default_factory=lambda: "cuda" if torch.cuda.is_available() else "cpu")


class Inputs(NamedTuple):
    """A batch as the network takes it: its four inputs, and what it shall draw (n, h, w), all in 0 to 1."""

    rgb: Tensor
    ink: Tensor
    ground: Tensor
    others: Tensor
    target: Tensor


class Batches(IterableDataset[list[Tensor]]):
    """Batches without end; each worker draws its own from the seed and its number."""

    def __init__(self, cut: Sequence[PlotArea], plan: Plan) -> None:
        self._cut, self._plan = cut, plan

    def __iter__(self) -> Iterator[list[Tensor]]:
        worker = get_worker_info()
        rng = np.random.default_rng((self._plan.seed, worker.id if worker else 0))
        for batch in batches(rng, self._cut, self._plan.batch):
            yield tensors(batch)


def train(cut: Sequence[PlotArea], held_out: Sequence[PlotArea], plan: Plan) -> CurveNet:
    """The network after training, with its weights smoothed over the steps; progress is printed.

    `cut` are the plot areas of pictures that it learns from beside drawn ones, `held_out` those it is only measured on.
    """
    torch.manual_seed(plan.seed)
    torch.backends.cudnn.benchmark = True
    torch.set_float32_matmul_precision("high")
    held = validation_batches(held_out)
    trainer = Trainer(plan, held)
    print(f"start  validation {trainer.validate(held):.4f}", flush=True)
    start = last = time.monotonic()
    for batch in loader(cut, plan):
        spent = time.monotonic() - start
        if spent >= plan.seconds:
            break
        trainer.step(batch, spent / plan.seconds)
        if time.monotonic() - last > _REPORT_SECONDS:
            last = time.monotonic()
            print(f"{spent:.0f} s  {trainer.progress()}  validation {trainer.validate(held):.4f}", flush=True)
    print(f"end  {trainer.progress()}  validation {trainer.validate(held):.4f}", flush=True)
    return trainer.smoothed.module.eval()


class Trainer:
    """The network under training and the smoothed one, its optimiser, and what it has seen."""

    def __init__(self, plan: Plan, shown: Sequence[list[Tensor]]) -> None:
        self._plan = plan
        self._net = CurveNet()
        if plan.weights:
            take_over(self._net, plan.weights, [inputs_of(batch, "cpu")[:-1] for batch in shown])
        self._net.to(plan.device, memory_format=torch.channels_last)
        average = get_ema_multi_avg_fn(_SMOOTHING)
        self.smoothed = AveragedModel(self._net, multi_avg_fn=average, use_buffers=True)
        self._peak_rate = _PEAK_RATE_GOING_ON if plan.weights else _PEAK_RATE
        self._optimizer = torch.optim.AdamW(self._net.parameters(), self._peak_rate, weight_decay=_WEIGHT_DECAY)
        # the workers draw by their numbers, the trainer recolours by the next one
        self._rng = np.random.default_rng((plan.seed, max(plan.workers, 1)))
        self._steps = self._seen = 0
        self._dice: deque[Tensor] = deque(maxlen=50)

    def step(self, batch: list[Tensor], done: float) -> None:
        """Learn from one batch when so large a share of the time is done."""
        for group in self._optimizer.param_groups:
            group["lr"] = learning_rate(self._peak_rate, self._steps, done)
        inputs = recolored(self._rng, inputs_of(batch, self._plan.device))
        loss, dice = losses(drawn(self._net, inputs), inputs.target)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self._net.parameters(), _LARGEST_GRADIENT)
        self._optimizer.step()
        self.smoothed.update_parameters(self._net)
        self._steps, self._seen = self._steps + 1, self._seen + len(inputs.target)
        self._dice.append(dice.detach())

    def progress(self) -> str:
        """Steps, examples and the mean dice loss of the last steps."""
        recent = float(torch.stack(list(self._dice)).mean()) if self._dice else float("nan")
        return f"{self._steps} steps  {self._seen} examples  dice loss {recent:.4f}"

    def validate(self, held: list[list[Tensor]]) -> float:
        """The mean dice loss of the smoothed network."""
        return dice_loss(self.smoothed.module, held, self._plan.device)


def dice_loss(net: CurveNet, held: list[list[Tensor]], device: str) -> float:
    """The mean dice loss of a network over batches."""
    net.eval()
    with torch.no_grad():
        inputs = (inputs_of(batch, device) for batch in held)
        return float(np.mean([losses(drawn(net, one), one.target)[1].item() for one in inputs]))


def learning_rate(peak: float, steps: int, done: float) -> float:
    """Half a cosine over the time, after a steady rise over the first steps."""
    warm = min(1, steps / _WARM_UP_STEPS)
    return float(peak * warm * (0.5 * (1 + np.cos(np.pi * done)) + _LAST_SHARE))


def inputs_of(batch: Sequence[Tensor], device: str) -> Inputs:
    """A batch of examples on a device."""
    rgb, ink, ground, others, target = (part.to(device, non_blocking=True) for part in batch)
    return Inputs(
        rgb=rgb.permute(0, 3, 1, 2).float() / 255,
        ink=ink / 255,
        ground=ground / 255,
        others=torch.where(others < 0, -1.0, others / 255),
        target=target.float() / 255,
    )


def drawn(net: nn.Module, inputs: Inputs) -> Tensor:
    """What the network draws (logits), its convolutions reckoned in bfloat16."""
    rgb, *colors, _ = inputs
    with torch.autocast(rgb.device.type, torch.bfloat16):
        logits = net(rgb.to(memory_format=torch.channels_last), *colors)
    return logits.float()


def losses(logits: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """What is trained on, and the mean dice loss in it.

    It is the cross entropy of the pixels, those within three of the line weighted four times as much, and half the dice
    loss (Milletari et al. 2016) of the crops.
    """
    entropy = functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    near = functional.max_pool2d(target[:, None], 7, 1, 3)[:, 0]
    found = torch.sigmoid(logits)
    common = 2 * (found * target).sum((1, 2)) + 20
    both = (found * found).sum((1, 2)) + (target * target).sum((1, 2)) + 20
    dice = (1 - common / both).mean()
    return (entropy * (1 + 3 * near)).mean() * 4 + 0.5 * dice, dice


def recolored(rng: Generator, inputs: Inputs) -> Inputs:
    """Each quarter of a batch with its channels in another order, now and then inverted or mirrored."""
    quarters = zip(*(part.chunk(4) for part in inputs), strict=True)
    changed = [_recolored(rng, Inputs(*quarter)) for quarter in quarters]
    return Inputs(*(torch.cat(parts) for parts in zip(*changed, strict=True)))


def _recolored(rng: Generator, inputs: Inputs) -> Inputs:
    order = torch.as_tensor(rng.permutation(3), device=inputs.rgb.device)
    rgb, ink, ground, others = (part[:, order] for part in (inputs.rgb, inputs.ink, inputs.ground, inputs.others.mT))
    if rng.random() < 0.3:
        rgb, ink, ground, others = 1 - rgb, 1 - ink, 1 - ground, torch.where(others < 0, others, 1 - others)
    sides = [side for side in (-1, -2) if rng.random() < 0.4]
    return Inputs(rgb.flip(sides), ink, ground, others.mT, inputs.target.flip(sides))


def loader(cut: Sequence[PlotArea], plan: Plan) -> DataLoader[list[Tensor]]:
    """Batches from the workers, some of them ahead."""
    return DataLoader(
        Batches(cut, plan),
        batch_size=None,
        num_workers=plan.workers,
        prefetch_factor=4 if plan.workers else None,
        pin_memory=plan.device == "cuda",
    )


def validation_batches(held_out: Sequence[PlotArea]) -> list[list[Tensor]]:
    """Whole batches of examples, two of each of some plot areas; a part of one where there are no more."""
    rng = np.random.default_rng(_VALIDATION_SEED)
    chosen = rng.permutation(len(held_out))[:_VALIDATION_AREAS]
    shown = [example for k in chosen for example in examples(rng, held_out[k], 2)]
    size = min(_VALIDATION_BATCH, len(shown))
    return [tensors(stacked(shown[k : k + size])) for k in range(0, len(shown) - size + 1, size)]


def tensors(batch: Example) -> list[Tensor]:
    return [torch.from_numpy(part) for part in batch]
