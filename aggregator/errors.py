"""The errors a caller can act on: one root, each class named after what to do next.

Anything else that is raised is a bug. The command line prints these as one line and exits with
``exit_status``.
"""


class AggregatorError(Exception):
    """The root. ``str(error)`` is a sentence for the person at the keyboard."""

    exit_status = 1


class FixCommandError(AggregatorError):
    """The command was called wrongly: call it again, corrected."""

    exit_status = 2


class FixFileError(AggregatorError):
    """A file that a person wrote is wrong: correct it at ``path``, ``line`` (1-based), ``field``."""

    exit_status = 2

    def __init__(
        self, message: str, *, path: object = None, line: int | None = None, field: str | None = None
    ):
        where = ":".join(str(part) for part in (path, line) if part is not None)
        parts = [part for part in (where, field, message) if part]
        super().__init__(": ".join(parts))
        self.path, self.line, self.field = path, line, field


class FixQueryError(AggregatorError):
    """The search query cannot be read: correct it at ``position`` (0-based, in characters)."""

    exit_status = 2

    def __init__(self, message: str, *, position: int | None = None):
        super().__init__(message)
        self.position = position


class TryLaterError(AggregatorError):
    """Something outside is away, locked or full: the same call may succeed later."""
