"""Sentences for people, kept apart from their language: an English text with named values, translated where it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(text: str) -> str:
    """Mark `text` for the translators and return it unchanged."""
    return text


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence and its values; a value may be a `Message` itself. `str()` gives the English sentence."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % {name: str(value) if isinstance(value, Message) else value for name, value in self.values.items()}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong with data, and where: `place` is a path such as `levels[1].code` or an item's id."""

    place: str
    message: Message

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class ExamError(Exception):
    """A refusal that a person can read. Nothing was changed when it is raised."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message
