"""Which language a visitor sees, and how instants, durations and messages are put into it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.support import NullTranslations
from flask import Flask, g, request
from flask_babel import Babel, Domain, gettext

from examsrv.services.signing_in import StaffMember
from examsrv.web.context import server
from examsrv.web.translation import DEFAULT_LANGUAGE, LANGUAGES, catalogue, translator
from question_bank.message import Message

COOKIE = "language"
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
PER_UNIT = 60


class _Catalogues(Domain):  # type: ignore[misc]  # flask-babel has no types
    """Our own catalogues by our own names: Babel's parsing adds the script to zh_CN and then finds no folder of that name."""

    def get_translations(self) -> NullTranslations:
        return catalogue(language())


class _Babel(Babel):  # type: ignore[misc]  # flask-babel has no types
    @property
    def domain_instance(self) -> Domain:
        return _Catalogues()


def install_language(app: Flask) -> None:
    """Choose the language by the visitor's cookie, then by the account, else Chinese; give the templates their filters."""
    _Babel(app, locale_selector=language)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.filters.update(local_time=local_time, clock_time=clock_time, duration=duration, remaining=remaining, message=shown)


def language() -> str:
    """Return the language of this request."""
    chosen: str | None = g.get("language")
    if chosen is None:
        chosen = _language(g.get("staff"))
        if "staff" in g:  # who visits is known by now: it stays so to the end of the request
            g.language = chosen
    return chosen


def _language(member: StaffMember | None) -> str:
    wanted = request.cookies.get(COOKIE)
    if wanted in LANGUAGES:
        return wanted
    if member is not None and member.language in LANGUAGES:
        return member.language
    return DEFAULT_LANGUAGE


def shown(message: Message) -> str:
    """Return a message of the core in the visitor's language, instants among its values in the site's time."""
    return translator(language())(_in_local_time(message))


def zone() -> ZoneInfo:
    """Return the time zone of the site."""
    return ZoneInfo(server().settings.time_zone)


def local_time(instant: datetime) -> str:
    """Write an instant as 2026-11-22 09:00, in the site's time."""
    return instant.astimezone(zone()).strftime("%Y-%m-%d %H:%M")


def clock_time(instant: datetime) -> str:
    """Write an instant as 09:32:07, in the site's time."""
    return instant.astimezone(zone()).strftime("%H:%M:%S")


def duration(length: timedelta) -> str:
    """Write a duration in whole minutes."""
    return str(gettext("%(minutes)d minutes", minutes=length // MINUTE))


def remaining(length: timedelta) -> str:
    """Write a time left as mm:ss, or h:mm:ss; never below zero."""
    seconds = max(0, length // SECOND)
    minutes, second = divmod(seconds, PER_UNIT)
    if minutes < PER_UNIT:
        return f"{minutes:02}:{second:02}"
    hour, minute = divmod(minutes, PER_UNIT)
    return f"{hour}:{minute:02}:{second:02}"


def _in_local_time(message: Message) -> Message:
    values = {name: local_time(value) if isinstance(value, datetime) else value for name, value in message.values.items()}
    return Message(message.text, values)
