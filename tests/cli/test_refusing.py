"""What every command says, in words, when it cannot do its work."""

import pytest

from examsrv.cli.refusing import refusing


def test_a_file_that_is_closed_to_this_user_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="1"), refusing():
        raise PermissionError(13, "Permission denied", "/var/lib/examsrv/secret.key")
    assert "/var/lib/examsrv/secret.key" in capsys.readouterr().err
