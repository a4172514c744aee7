#!/usr/bin/env python3
"""Draw charts with known truth: the fixtures, or any number of random ones.

    make_fixtures.py fixtures [-o DIR]
    make_fixtures.py random --seed N --count 200 -o DIR [--renderers NAME …]
    make_fixtures.py sheet DIR -o NAME

Every picture gets its truth beside it (NAME.png, NAME.json) and is checked against it before it is written.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

from fixture_charts import FIXTURES
from random_charts import make, sheet
from random_charts.damage import stored
from random_charts.truth import Story


def draw_random(options: argparse.Namespace) -> None:
    """Random cases, renderers in turn; those that are missing are named."""
    names, missing = make.available(options.renderers)
    for name, why in missing.items():
        print(f"{name}: left out: {why}", file=sys.stderr)
    if not names:
        raise SystemExit("make_fixtures: none of the renderers is there")
    for made in make.make_cases(options.output, names, options.seed, options.count):
        worst = min([f.share for f in made.findings], default=1.0)
        shift = np.abs([s for f in made.findings for s in f.shift_px if np.isfinite(s)])
        print(
            f"{made.id:<26} {made.size[0]}x{made.size[1]:<6} {made.kilobytes:>5} KB  {len(made.findings):>2} series  "
            f"least share {worst:.3f}  greatest shift {shift.max(initial=0):.2f} px  rejected {len(made.rejected)}",
            flush=True,
        )
        for reason in made.rejected:
            print(f"    {reason}", file=sys.stderr, flush=True)


def draw_fixtures(options: argparse.Namespace) -> None:
    """The fixtures, each checked against its truth."""
    for name, (drawer, form, quality) in FIXTURES.items():
        case = stored(drawer(), form, quality)
        image, findings = make.checked(case)
        if fault := make.fault_of(findings):
            raise SystemExit(f"make_fixtures: {name}: {fault}")
        make.write_case(options.output, Story(id=name, source="computed", figure_title=None, tags=()), case)
        print(f"{name:<20} {image.size[0]}x{image.size[1]} {len(case.data) // 1024} KB")


def draw_sheet(options: argparse.Namespace) -> None:
    for path in sheet.make_sheets(options.folder, options.output):
        print(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    fixtures = commands.add_parser("fixtures", help="the fixtures of this project")
    fixtures.add_argument("-o", "--output", type=Path, default=Path(__file__).resolve().parent.parent / "fixtures")
    fixtures.set_defaults(run=draw_fixtures)
    random = commands.add_parser("random", help="random charts of every make")
    random.add_argument("--seed", type=int, required=True)
    random.add_argument("--count", type=int, default=200)
    random.add_argument("--renderers", nargs="+", default=list(make.RENDERERS), choices=list(make.RENDERERS))
    random.add_argument("-o", "--output", type=Path, required=True)
    random.set_defaults(run=draw_random)
    sheets = commands.add_parser("sheet", help="contact sheets of a folder of cases")
    sheets.add_argument("folder", type=Path)
    sheets.add_argument("-o", "--output", type=Path, required=True)
    sheets.set_defaults(run=draw_sheet)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
