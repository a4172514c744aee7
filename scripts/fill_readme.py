#!/usr/bin/env python3
"""Run the commands that README.md names in comments and put their real output beneath them.

    fill_readme.py                           write README.md anew
    fill_readme.py --check                   end with code 1 where README.md would change
    fill_readme.py --scores LABEL=FOLDER …   write the accuracy table too, a column for each folder that
                                             `benchmark.py CASES --score -o FOLDER` has written

A comment `<!-- run: COMMAND -->` on a line of its own is followed by the command and its output in a code block; the
accuracy table stands between `<!-- accuracy -->` and `<!-- end of accuracy -->`.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
BLOCK = re.compile(r"(<!-- run: (?P<command>.+?) -->\n)(?:\n```console\n.*?\n```\n)?", re.DOTALL)
TABLE = re.compile(r"(?<=<!-- accuracy -->\n).*?(?=<!-- end of accuracy -->)", re.DOTALL)
SHARES = {
    "pictures wholly right": ("images_right", "images"),
    "panels found": ("panels_found", "panels"),
    "axes right": ("axes_right", "axes"),
    "series right: recall": ("series_right", "series"),
    "series right: precision": ("series_right", "series_read"),
    "titles": ("titles_right", "titles"),
    "axis labels": ("axis_labels_right", "axis_labels"),
    "series names": ("names_right", "names"),
    "panels said `ok`": ("panels_sure", "panels_read"),
    "said `ok`, but wrong": ("panels_sure_wrong", "panels_sure"),
}


def accuracy(scores: dict[str, Path]) -> str:
    """The table of what the scorer found in each folder."""
    read = {label: json.loads((folder / "score.json").read_text(encoding="utf-8")) for label, folder in scores.items()}
    rows = [["", *read], ["---"] * (len(read) + 1)]
    for name, (part, whole) in SHARES.items():
        totals = [one["total"] for one in read.values()]
        rows.append([name, *(f"{t[part] / t[whole]:.1%} ({t[part]:.0f}/{t[whole]:.0f})" for t in totals)])
    for name, key in (("median curve error", "curve_error_median"), ("median y error", "y_error_median")):
        rows.append([name, *(f"{one[key]:.5f}" for one in read.values())])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def run(command: str) -> str:
    """The command as typed, and what it prints."""
    words = shlex.split(command)
    if words[0] == "digitize":  # the one of this interpreter, installed or not
        words[:1] = [sys.executable, "-m", "digitize.cli"]
    env = {**os.environ, "NO_COLOR": "1"}
    result = subprocess.run(words, cwd=ROOT, env=env, check=False, capture_output=True, text=True)
    if result.returncode not in (0, 1):  # 1: a check that refutes something
        raise SystemExit(f"{command}: {result.stderr}")
    lines = [line.rstrip() for line in result.stdout.splitlines()]
    return "\n".join([f"$ {command}", *lines])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--scores", nargs="+", default=[], metavar="LABEL=FOLDER")
    options = parser.parse_args()
    before = README.read_text(encoding="utf-8")
    after = BLOCK.sub(lambda found: f"{found[1]}\n```console\n{run(found['command'])}\n```\n", before)
    scores = {label: Path(folder) for label, folder in (item.split("=", 1) for item in options.scores)}
    if scores:
        after = TABLE.sub(lambda _: accuracy(scores), after)
    if options.check:
        return int(before != after)
    README.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
