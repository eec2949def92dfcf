"""Long work tells how far it is, and may be told to stop."""

from collections.abc import Callable

from question_bank.message import N_, ExamError, Message

Watch = Callable[[int], bool]
"""Is told how many forms are finished; answers whether to go on."""


class StoppedError(ExamError):
    """The work was stopped by whoever watched it; there are no forms."""

    def __init__(self) -> None:
        super().__init__(Message(N_("The drawing was stopped; no form was made")))


def go_on(watch: Watch | None, finished: int) -> None:
    """Tell `watch` that `finished` forms are finished; raise `StoppedError` if it does not want more."""
    if watch is not None and not watch(finished):
        raise StoppedError
