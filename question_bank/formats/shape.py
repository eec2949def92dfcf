"""The shape of a document (fields, types, ranges), checked by pydantic; its findings become faults in our words."""

from pydantic import BaseModel, ConfigDict, ValidationError

from question_bank.formats.yaml_document import Place, shorten
from question_bank.message import N_, Message


class Shape(BaseModel):
    """A part of a document: types are taken strictly and unknown keys are refused."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


MESSAGES = {
    "missing": N_("This key is missing"),
    "extra_forbidden": N_("This key is unknown"),
    "string_type": N_("A text is wanted, not %(given)s"),
    "int_type": N_("A whole number is wanted, not %(given)s"),
    "bool_type": N_("true or false is wanted, not %(given)s"),
    "list_type": N_("A list is wanted, not %(given)s"),
    "dict_type": N_("Keys with values are wanted, not %(given)s"),
    "model_type": N_("Keys with values are wanted, not %(given)s"),
    "string_too_short": N_("The text may not be empty"),
    "too_short": N_("The list may not be empty"),
    "string_pattern_mismatch": N_("%(given)s is not written as it should be (%(pattern)s)"),
    "literal_error": N_("%(given)s is not one of %(expected)s"),
    "greater_than_equal": N_("%(given)s is too small, the least is %(ge)s"),
    "less_than_equal": N_("%(given)s is too large, the most is %(le)s"),
}
ANY_OTHER = N_("%(given)s is not accepted here")


def shape_faults(error: ValidationError) -> list[tuple[Place, Message]]:
    """Return every finding of `error` with its place in the document."""
    return [(_place(found["loc"]), _message(found["type"], found["input"], found.get("ctx", {}))) for found in error.errors(include_url=False)]


def _place(location: Place) -> Place:
    """Return pydantic's location without its own mark for "the key itself"."""
    return location[:-1] if location[-1:] == ("[key]",) else location


def _message(kind: str, given: object, context: dict[str, object]) -> Message:
    values = {name: shorten(value) for name, value in context.items()}
    return Message(MESSAGES.get(kind, ANY_OTHER), {**values, "given": _in_words(given)})


def _in_words(given: object) -> str:
    """Show what a file holds there, in the file's own words."""
    if given is None:
        return "null"
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, dict):
        return "{…}"
    return "[…]" if isinstance(given, list) else shorten(given)
