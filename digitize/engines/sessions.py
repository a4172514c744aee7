"""Networks run by onnxruntime, each in one thread."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from digitize.errors import EngineError

if TYPE_CHECKING:
    import onnxruntime


def open_session(path: Path, *, keep_memory: bool = True) -> onnxruntime.InferenceSession:
    """A network from its file; without `keep_memory` what a run took is given back after it.

    Raises
    ------
    EngineError
        onnxruntime is not installed.
    """
    try:
        import onnxruntime
    except ImportError as error:
        raise EngineError("the package onnxruntime is missing: install it, or choose tesseract") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = keep_memory
    options.enable_mem_pattern = False  # it plans memory for every width of line once more
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
