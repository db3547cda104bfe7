"""Runs pyftpdlib as the settings (a JSON file, by ../ftp-server) say."""
import json
import os
import sys

from pyftpdlib.authorizers import AuthenticationFailed, DummyAuthorizer
from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler
from pyftpdlib.servers import FTPServer

with open(sys.argv[1], encoding="utf-8") as file:
    settings = json.load(file)


class Accounts(DummyAuthorizer):
    """One account, and the names that take any password, which pyftpdlib knows "anonymous" of."""

    def validate_authentication(self, username, password, handler):
        if username not in ("anonymous", "ftp") and (username, password) != (settings["user"], settings["password"]):
            raise AuthenticationFailed("Authentication failed.")


accounts = Accounts()
accounts.add_user(settings["user"], settings["password"], settings["root"], perm="elradfmwMT")
for name in ("anonymous", "ftp"):
    accounts.add_user(name, "", settings["anonymous"], perm="elr")

handler = TLS_FTPHandler if settings["tls"] else FTPHandler
handler.authorizer = accounts
handler.timeout = 3600
handler.auth_failed_timeout = 0
handler.masquerade_address = settings["masquerade"] or None
handler.permit_foreign_addresses = bool(settings["foreign"])
if settings["highest"]:
    handler.passive_ports = range(settings["lowest"], settings["highest"] + 1)
if settings["tls"]:
    handler.certfile = settings["certificate"]
    handler.tls_control_required = handler.tls_data_required = settings["tls"] == "required"
    handler.ssl_context = handler.get_ssl_context()  # now, for "daemon" cannot read the key

FTPServer.max_cons_per_ip = 200
server = FTPServer((settings["host"], settings["port"]), handler)
os.setgroups([])
os.setgid(1)
os.setuid(1)
server.serve_forever()
