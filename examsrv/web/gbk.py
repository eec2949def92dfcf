"""JSON in GBK: the long Chinese texts of a paper are shorter in it than in UTF-8, and stay so when they are packed.

GBK and not GB 18030, which could write everything: its editions differ in some characters, and browsers follow one or the other. In GBK browsers
read what Python writes (a test lets one read all of it), and what it lacks, rare in papers, is written as JSON's escapes. Nobody may look for ASCII
in these bytes: the second byte of a character may be that of a backslash or a brace.
"""

import codecs
import json

CHARSET = "gbk"
JSON_IN_GBK = f"application/json; charset={CHARSET}"
ESCAPING = "examsrv.json_escapes"


def in_gbk(text: str) -> bytes:
    """Return JSON, or a piece of it, in GBK. What is not ASCII stands inside strings there, so that any of it can be escaped."""
    return text.encode(CHARSET, ESCAPING)


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """Return what stands for what cannot be encoded, and where to go on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end]).strip('"'), error.end


codecs.register_error(ESCAPING, _escaped)
