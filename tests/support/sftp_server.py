"""An sftp server on 127.0.0.1 for the tests: sftp_server.py HOST_KEY CLIENT_KEY PORT_FILE

Serves every file of this machine to who has the client's key, and to "user" with the password
"p@ss". Writes its port to PORT_FILE and says so on standard error.
"""
import asyncio
import sys

import asyncssh

host_key, client_key, port_file = sys.argv[1:]


class Server(asyncssh.SSHServer):
    def password_auth_supported(self):
        return True

    def validate_password(self, username, password):
        return (username, password) == ('user', 'p@ss')


async def main():
    server = await asyncssh.create_server(Server, '127.0.0.1', 0, server_host_keys=[host_key],
                                          authorized_client_keys=client_key, sftp_factory=True)
    with open(port_file, 'w') as file:
        file.write(str(server.sockets[0].getsockname()[1]))
    print('listening', file=sys.stderr, flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
