"""What the name of a metric says of its direction: whether less or more of it is better."""

from __future__ import annotations

import re
from typing import Literal

Better = Literal["lower", "higher"]

#: Words of names of quantities, as wholes; each stands for a class of quantities, not for one chart.
_LOWER = frozenset(
    re.findall(
        r"\w+",
        "loss losses error errors err mse rmse mae mape perplexity ppl latency cost regret wer cer fid failures misses",
    )
)
_HIGHER = frozenset(
    re.findall(
        r"\w+",
        "accuracy acc reward rewards return returns score scores auc auroc f1 precision recall throughput success bleu "
        "rouge iou map ndcg psnr ssim coverage availability uptime",
    )
)


def better_direction(*names: str | None) -> tuple[Better, str] | None:
    """Whether lower or higher is better, and the word that says so; None where no word or words of both kinds do.

    >>> better_direction("actor/kl_loss"), better_direction("eval/accuracy/mean"), better_direction("pressure")
    (('lower', 'loss'), ('higher', 'accuracy'), None)
    """
    words = [word for name in names if name for word in re.findall(r"[a-z]+\d*", name.lower())]
    told: dict[Better, str] = {}
    for word in words:
        if word in _LOWER:
            told.setdefault("lower", word)
        elif word in _HIGHER:
            told.setdefault("higher", word)
    return next(iter(told.items())) if len(told) == 1 else None
