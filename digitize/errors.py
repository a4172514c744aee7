"""The exception tree. Each error carries the exit code that the command line ends with."""


class DigitizeError(Exception):
    """Anything that `digitize` reports by itself. The message says what, which file and what to try."""

    exit_code = 2


class UsageError(DigitizeError):
    """A setting, an option or an argument that makes no sense."""

    exit_code = 2


class InputError(DigitizeError):
    """A picture that cannot be opened: missing, empty, truncated, too large, or no picture at all."""

    exit_code = 3


class EngineError(DigitizeError):
    """A recogniser that cannot run: a missing program or a missing package."""

    exit_code = 4


class OutputError(DigitizeError):
    """A result that cannot be written: no permission, a full disk, a missing optional package."""

    exit_code = 5
