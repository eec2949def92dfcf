"""Messages in a person's language, from the catalogues in `examsrv/translations`."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel.support import NullTranslations, Translations

from question_bank.message import Message

CATALOGUES = Path(__file__).parent.parent / "translations"
LANGUAGES = {"zh_CN": "简体中文", "en": "English"}
DEFAULT_LANGUAGE = "zh_CN"


@cache
def catalogue(locale: str) -> NullTranslations:
    """Return the catalogue of `locale`; an unknown locale gives the English source sentences."""
    return Translations.load(CATALOGUES, [locale])


def translator(locale: str = DEFAULT_LANGUAGE) -> Callable[[Message], str]:
    """Return a function that puts a message, with the messages among its values, into the language of `locale`."""
    words = catalogue(locale)

    def translate(message: Message) -> str:
        values = {name: translate(value) if isinstance(value, Message) else value for name, value in message.values.items()}
        text = str(words.ugettext(message.text))
        return text % values

    return translate
