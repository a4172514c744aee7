#!/usr/bin/env python3
"""Train the network that takes compression and noise out of pictures, and write it as an ONNX file.

    train_restoration.py PICTURES... --validate PICTURES... --seconds 1440 --seed 1 -o digitize/engines/restoration.onnx

PICTURES are folders that `make_fixtures.py random` wrote; their undamaged pictures are learnt from, damaged on the way,
those to validate on never. Needs torch and onnx, which nothing else but the training scripts does.

It trains on a GPU where there is one. The weights that come with digitize were made in two runs. The first learnt from
the 113 undamaged pictures of 208 (seeds 3101 and 3103) for 1440 seconds on two cores, one of them damaging: 5,400
steps over 172,800 pieces. The second went on from its file (`--go-on-from`) with the 328 undamaged pictures of six
other seeds (4102 to 4107) for 250 seconds on one H100 and 16 cores (`--seed 2 --batch 64 --workers 15`): 11,600 steps
over 741,300 pieces. On pieces of 72 other pictures (seed 4101) the loss is 0.0312 untouched, 0.0291 after the first
run and 0.0262 after the second. Another run ends near that, not with the same weights: the learning rate follows the
clock.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))


def main() -> None:
    # torch and onnx are large and not among digitize's own needs
    from restoration_training.export import export
    from restoration_training.pairs import whole_pictures
    from restoration_training.training import Plan, train

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures", nargs="+", type=Path, metavar="PICTURES")
    parser.add_argument("--validate", nargs="+", type=Path, metavar="PICTURES", required=True)
    parser.add_argument("--seconds", type=float, required=True, help="how long to train")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--batch", type=int, default=32, help="pieces a step")
    parser.add_argument("--workers", type=int, default=max((os.cpu_count() or 1) - 1, 1), help="processes that damage")
    parser.add_argument("--go-on-from", type=Path, metavar="ONNX", help="what an earlier run wrote")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the ONNX file")
    options = parser.parse_args()
    pictures, held_out = whole_pictures(options.pictures), whole_pictures(options.validate)
    print(f"{len(pictures)} pictures to learn from, {len(held_out)} to validate on", flush=True)
    if not pictures or not held_out:
        raise SystemExit("train_restoration: no undamaged pictures in these folders")
    plan = Plan(
        seconds=options.seconds,
        seed=options.seed,
        batch=options.batch,
        workers=options.workers,
        weights=options.go_on_from,
    )
    trained = train(pictures, held_out, plan)
    difference = export(trained, options.output)
    print(f"{options.output}: as trained, to {difference:.2g} of a channel's range")


if __name__ == "__main__":
    main()
