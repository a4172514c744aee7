"""Large arrays leave the process when they are freed."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

CODE = """
import numpy as np
from digitize.process import LARGE, give_back_at_once

assert give_back_at_once()
np.ones(3 * LARGE, np.uint8)  # freed at once: by itself it would raise the threshold

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096

before, kept = resident(), []
for _ in range(20):
    large = np.ones(2 * LARGE, np.uint8)
    kept.append(np.ones(1000, np.uint8))
    del large
print("grown" if resident() - before > LARGE else "given back")
"""


def test_large_arrays_are_given_back_when_they_are_freed() -> None:
    if platform.libc_ver()[0] != "glibc":
        pytest.skip("only glibc has the setting")
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "given back"
