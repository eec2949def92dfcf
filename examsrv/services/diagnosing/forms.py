"""The forms of the trade: whether the machine can make PDF of them."""

from collections.abc import Iterator

from examsrv.services.diagnosing.findings import Finding, Installation, fine, warning
from examsrv.services.making_pdf import has_chinese_font, lacking_for_pdf
from question_bank.message import N_


def look_at_pdf(_at: Installation) -> Iterator[Finding]:
    """Look for Pango and for a font with Chinese characters; without them there are the print view and the workbook."""
    if lacking_for_pdf() is not None:
        yield warning(N_("No PDF of score sheets and results can be made: Pango is not installed. Run: apt-get install libpangoft2-1.0-0"))
    elif not has_chinese_font():
        yield warning(N_("PDF of score sheets and results lack their characters: no Chinese font is installed. Run: apt-get install fonts-noto-cjk"))
    else:
        yield fine(N_("PDF of score sheets and results can be made."))
