"""Who may examine which level: RULE-SENIOR. By the practice of the trade an examiner (考评员) judges levels 5 to 3, a senior one also 2 and 1."""

from question_bank.message import N_, ExamError, Message
from question_bank.standard import Level

HIGHEST_FOR_ALL = 3
"""The code of the highest level that every examiner may judge; a smaller code is a higher level."""


class QualificationError(ExamError):
    """Somebody is not qualified to examine a level."""


def needs_senior(level: Level) -> bool:
    """Tell whether only senior examiners may judge `level`, as examiners, members of a panel or reserves. A level without a code asks for none."""
    return level.code is not None and level.code < HIGHEST_FOR_ALL


def require_qualified(level: Level, name: str, *, is_senior: bool) -> None:
    """Refuse with `QualificationError` somebody who may not judge `level`; `name` is whom the sentence names."""
    if needs_senior(level) and not is_senior:
        text = N_("%(name)s is no senior examiner; %(level)s may be judged by senior examiners only (RULE-SENIOR)")
        raise QualificationError(Message(text, {"name": name, "level": level.name or level.id}))
