"""An ftp server on 127.0.0.1 for the tests: ftp_server.py FOLDER PORT_FILE [CERTIFICATE KEY]

Serves FOLDER to "anonymous" and to "user" with the password "p@ss", over TLS from the first byte
where it has a certificate. Writes its port to PORT_FILE and says so on standard error.
"""
import sys

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer

folder, port_file, *tls = sys.argv[1:]
Handler = FTPHandler
if tls:
    from pyftpdlib.handlers import TLS_DTPHandler, TLS_FTPHandler

    class DataHandler(TLS_DTPHandler):
        def readable(self):  # a client may begin TLS before it has asked for a file
            return self._ssl_accepting or super().readable()

    class Handler(TLS_FTPHandler):
        certfile, keyfile = tls
        tls_data_required = True
        dtp_handler = DataHandler

        def handle(self):
            self.secure_connection(self.ssl_context)
            super().handle()

    Handler.ssl_context = Handler.get_ssl_context()
    Handler.ssl_context.set_session_id(b'weft')  # data connections go on with the session


Handler.authorizer = DummyAuthorizer()
Handler.authorizer.add_anonymous(folder)
Handler.authorizer.add_user('user', 'p@ss', folder)
server = FTPServer(('127.0.0.1', 0), Handler)
with open(port_file, 'w') as file:
    file.write(str(server.address[1]))
print('listening', file=sys.stderr, flush=True)
server.serve_forever()
