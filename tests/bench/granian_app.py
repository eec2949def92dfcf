"""The application for granian, which imports it in its worker: the server's threads begin where the requests are."""

from examsrv.app import create_app
from examsrv.cli.running import open_database, prepare_server
from examsrv.config import from_environment

config = from_environment()
server = prepare_server(config, open_database(config))
app = create_app(server)
server.start_clock()
