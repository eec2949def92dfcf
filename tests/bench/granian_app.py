"""The application for granian, which imports it in its worker: the server's threads begin where the requests are."""

from examsrv.app import create_app
from examsrv.cli.running import begin_server, open_database
from examsrv.config import from_environment

config = from_environment()
app = create_app(begin_server(config, open_database(config)))
