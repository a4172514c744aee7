#!/usr/bin/env python3
"""Train the network that draws one curve of a plot area alone, and write it as an ONNX file.

    train_curves.py PICTURES... --validate PICTURES... --seconds 525 --seed 1 -o digitize/engines/curves.onnx

PICTURES are folders that `make_fixtures.py random` wrote. Two of five plot areas that the network learns from are cut
out of these pictures, the others are drawn on the way; the pictures to validate on are never learnt from. All are held
in memory, about a gigabyte for a thousand.

Needs torch and onnx, which nothing else here does, and what the tests need: `pip install torch onnx '.[test]'`. It
trains on a GPU where there is one, and draws on as many processors as it is given workers.

The weights that come with digitize were made in two runs on one H100 and 16 cores with torch 2.11. The first learnt
from 745 pictures of eight seeds (1,328 plot areas) for 525 seconds: 9,599 steps over 1,228,672 crops. The second went
on from its weights with 1,140 pictures of twelve seeds (2,031 plot areas) for 640 seconds: 10,200 steps over 1,305,600
crops. On crops of 130 plot areas from two other seeds the dice loss was 0.0559 before and 0.0504 after the second.
Between the two more plot areas became small, lines thin and spikes frequent, mitres long and curves one for a stretch.

Another run ends near that, not with the same weights: the learning rate follows the clock, so that it depends on the
machine how many steps are taken and how far each goes, and the sums of a GPU do not repeat bit by bit. The seed fixes
the first weights, what each worker draws, and how batches are recoloured; in the first run these three had seeds of
their own (0, 1 and 7), in the second the seed was 2.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))


def train_network(options: argparse.Namespace) -> None:
    # torch and onnx are large and not among digitize's own needs
    from curve_training.cases import areas_in
    from curve_training.export import export
    from curve_training.training import Plan, train

    cut, held_out = areas_in(options.pictures), areas_in(options.validate)
    print(f"{len(cut)} plot areas to learn from, {len(held_out)} to validate on", flush=True)
    if not cut or not held_out:
        raise SystemExit("train_curves: no plot areas in these folders")
    plan = Plan(
        seconds=options.seconds,
        seed=options.seed,
        batch=options.batch,
        workers=options.workers,
        weights=options.go_on_from,
    )
    trained = train(cut, held_out, plan)
    difference = export(trained, options.output)
    print(f"{options.output}: as trained, to {difference:.2g} in each probability")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures", nargs="+", type=Path, metavar="PICTURES")
    parser.add_argument("--validate", nargs="+", type=Path, metavar="PICTURES", required=True)
    parser.add_argument("--seconds", type=float, required=True, help="how long to train")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--batch", type=int, default=128, help="crops a step")
    parser.add_argument("--workers", type=int, default=max((os.cpu_count() or 1) - 1, 1), help="processes that draw")
    parser.add_argument("--go-on-from", type=Path, metavar="ONNX", help="what an earlier run wrote")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the ONNX file")
    train_network(parser.parse_args())


if __name__ == "__main__":
    main()
