"""Why a message did not arrive, and what that means for the next try."""


class NotDeliveredError(Exception):
    """The target did not take a message; ``str(error)`` says why, in plain words and without secrets."""

    def __init__(
        self, reason: str, *, retry_after: float | None = None, for_good: bool = False, gone: bool = False
    ) -> None:
        super().__init__(reason)
        self.retry_after = retry_after  #: seconds that the target asks us to wait
        self.for_good = for_good  #: it would be refused again
        self.gone = gone  #: the target asks not to be told any more


def first_line(error: BaseException) -> str:
    """What an error says, on one line that is not too long; its kind where it says nothing."""
    return (str(error).splitlines() or [""])[0][:200] or type(error).__name__
