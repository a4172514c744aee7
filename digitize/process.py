"""How a process that reads pictures is set up: in one thread, with memory that goes back as soon as it is free."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys

#: What keeps numpy and OpenCV from starting threads, which cost more than they save on pictures of a chart's size.
THREAD_SETTINGS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OPENCV_FOR_THREADS_NUM")
#: The parameters of glibc's `mallopt` that are set, as its header numbers them.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
#: Larger pieces, in bytes, are given back one by one: whole pictures and masks are, in their many arrays, and the small
#: records that outlive them are not.
LARGE = 4 * 1024 * 1024


def set_up_process() -> None:
    """One thread, unless the environment says otherwise, and no more memory than is in use.

    To be called before numpy and OpenCV are imported.
    """
    for name in THREAD_SETTINGS:
        os.environ.setdefault(name, "1")
    give_back_at_once()


def give_back_at_once() -> bool:
    """Let the process give large arrays back when they are freed; False where its allocator has no such setting.

    Notes
    -----
    glibc raises the size from which it does so with each such array that is freed, to 32 MiB at most (*mallopt(3)*,
    "dynamic mmap threshold"). From then on the arrays of a picture lie among small records on the heap, which keep it
    from shrinking: a process that has read many pictures holds on to a good part of its greatest need.
    """
    if not sys.platform.startswith("linux"):
        return False
    done = False
    with contextlib.suppress(OSError, AttributeError):  # other C libraries have no `mallopt`
        set_option = ctypes.CDLL(None).mallopt
        done = all(set_option(option, LARGE) == 1 for option in (_M_MMAP_THRESHOLD, _M_TRIM_THRESHOLD))
    return done
