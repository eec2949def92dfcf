"""Whole numbers in addresses and filters: one that no column holds names nothing, and is no fault of the server."""

from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1  # what the columns for ids and counts hold


def whole_number(text: str) -> int:
    """Return `text` as a number; ValueError where it is none or larger than any column holds (request.args.get then falls back)."""
    found = int(text)
    if abs(found) > LARGEST:
        raise ValueError(text)
    return found


class NumberConverter(IntegerConverter):
    """`<int:…>` in an address: an id that cannot exist is not found."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST)
