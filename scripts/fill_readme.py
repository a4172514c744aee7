#!/usr/bin/env python3
"""Run the commands that README.md names in comments and put their real output beneath them.

    fill_readme.py            write README.md anew
    fill_readme.py --check    end with code 1 where README.md would change

A comment `<!-- run: COMMAND -->` on a line of its own is followed by the command and its output in a code block.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
BLOCK = re.compile(r"(<!-- run: (?P<command>.+?) -->\n)(?:\n```console\n.*?\n```\n)?", re.DOTALL)


def run(command: str) -> str:
    """The command as typed, and what it prints."""
    words = shlex.split(command)
    if words[0] == "digitize":  # the one of this interpreter, installed or not
        words[:1] = [sys.executable, "-m", "digitize.cli"]
    env = {**os.environ, "NO_COLOR": "1"}
    result = subprocess.run(words, cwd=ROOT, env=env, check=True, capture_output=True, text=True)
    lines = [line.rstrip() for line in result.stdout.splitlines()]
    return "\n".join([f"$ {command}", *lines])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    before = README.read_text(encoding="utf-8")
    after = BLOCK.sub(lambda found: f"{found[1]}\n```console\n{run(found['command'])}\n```\n", before)
    if options.check:
        return int(before != after)
    README.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
