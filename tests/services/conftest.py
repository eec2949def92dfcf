"""Fixtures of the services' tests."""

import pytest

from examsrv.services import signing_in
from tests.builders import QUICK_HASHER


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make passwords cheap: what is tried here is who gets in, not how long guessing takes."""
    monkeypatch.setattr(signing_in, "STAFF_HASHER", QUICK_HASHER)
