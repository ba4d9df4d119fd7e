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
