"""QR codes as inline SVG, for print."""

import segno
from markupsafe import Markup

QUIET_ZONE = 4
"""So many modules stay white around the code (ISO/IEC 18004)."""


def qr_code(text: str) -> Markup:
    """Return the code of a text as SVG without size: the style sheet gives one. A seventh of it may be dirty (level M)."""
    drawn = segno.make(text, error="m", micro=False, boost_error=False)
    return Markup(drawn.svg_inline(border=QUIET_ZONE, omitsize=True, svgclass=None, lineclass=None))  # noqa: S704 -- digits only: modules, no text
