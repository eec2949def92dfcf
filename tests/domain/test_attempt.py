"""The phases of an attempt: every pair."""

import itertools

import pytest

from examsrv.domain.attempt import Phase, require_next
from question_bank.message import ExamError

ALLOWED = {
    (Phase.CREATED, Phase.RUNNING),
    (Phase.CREATED, Phase.VOIDED),
    (Phase.RUNNING, Phase.SUBMITTED),
    (Phase.RUNNING, Phase.VOIDED),
    (Phase.SUBMITTED, Phase.VOIDED),
}


@pytest.mark.parametrize(("now", "wanted"), list(itertools.product(Phase, Phase)))
def test_an_attempt_only_goes_forward(now: Phase, wanted: Phase) -> None:
    if (now, wanted) in ALLOWED:
        require_next(now, wanted)
    else:
        with pytest.raises(ExamError, match="already finished"):
            require_next(now, wanted)
