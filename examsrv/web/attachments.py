"""Files to keep: each has a name in the reader's language, from the words of the page that hands it out."""

import io
import re
from collections.abc import Iterable

from flask import Response, send_file

NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
"""What a file's name may not hold on some system."""
LONGEST_NAME = 80


def attachment(content: bytes, mimetype: str, words: Iterable[str], suffix: str) -> Response:
    """Return a file to keep; `words` make its name, `suffix` has no dot."""
    name = NOT_IN_NAMES.sub(" ", " ".join(words))[:LONGEST_NAME].strip()
    return send_file(io.BytesIO(content), mimetype, as_attachment=True, download_name=f"{name}.{suffix}", max_age=0)
