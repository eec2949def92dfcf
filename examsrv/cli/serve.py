"""`examsrv serve`: serve the configured installation."""

from dataclasses import replace

import click

from examsrv.cli.refusing import refusing
from examsrv.cli.serving import serve as run
from examsrv.config import from_environment


@click.command("serve", help="Serve the configured installation until told to stop.")
@click.option("--host", help="Address to listen on; one that others reach wants TLS.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.")
def serve(host: str | None, port: int | None) -> None:
    """Serve; refused in words where it would be unsafe."""
    with refusing():
        config = from_environment()
        run(replace(config, host=host or config.host, port=port or config.port))
