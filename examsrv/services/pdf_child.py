"""Makes a PDF of a page of forms: run as a process of its own, with bounded memory and time. It opens no database and fetches nothing.

Standard input: `{"html": …, "style": …}` as JSON. Standard output: the PDF. Exit 3: what the system has to provide (Pango) is not there.
Imports nothing of ours, so that it starts quickly.
"""

import gc
import json
import resource
import sys

MEMORY_BYTES = 2048 * 1024 * 1024
CPU_SECONDS = 120
LACKS_PANGO = 3


def made(html: str, style: str) -> bytes:
    """Return the PDF; all that it needs is handed in, no address of any kind is followed. Raises OSError where Pango is not installed."""
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher

    nothing = URLFetcher(allowed_protocols=())
    document = HTML(string=html, url_fetcher=nothing)
    pdf: bytes = document.write_pdf(stylesheets=[CSS(string=style, url_fetcher=nothing)], presentational_hints=True)
    return pdf


def main() -> int:
    """Answer for the forms on standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.disable()  # nearly all that is made is needed to the end, and looking through it again and again is a quarter of the work
    asked = json.load(sys.stdin)
    try:
        pdf = made(asked["html"], asked["style"])
    except OSError as error:  # WeasyPrint's word for a library that cannot be loaded
        sys.stderr.write(str(error))
        return LACKS_PANGO
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
