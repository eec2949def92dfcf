"""Which pictures texts may have, told by how their bytes begin; what a file calls them says nothing."""

BEGINNINGS = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "gif": b"GIF8", "webp": b"RIFF"}
WEBP = b"WEBP"
WEBP_PLACE = 8


def suffix_of(content: bytes) -> str | None:
    """Return the suffix of a picture's file without its dot; None for anything that is no picture of these types."""
    for suffix, beginning in BEGINNINGS.items():
        if content.startswith(beginning) and (suffix != "webp" or content[WEBP_PLACE : WEBP_PLACE + len(WEBP)] == WEBP):
            return suffix
    return None
