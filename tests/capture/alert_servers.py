"""Local servers that get alerts: a webhook, and a mail server."""

from __future__ import annotations

import json
import socketserver
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET_PATH = "/services/T0SECRET/B0SECRET"


@dataclass
class Webhook:
    """A running webhook, and the requests that it got."""

    url: str
    status: int = 200
    """The status of the next answers."""
    got: list[dict[str, Any]] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)


@contextmanager
def webhook() -> Iterator[Webhook]:
    """Run a webhook whose address is a secret."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.path == SECRET_PATH
            hook.got.append(json.loads(body))
            hook.headers.append(self.headers)
            self.send_response(hook.status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Do not log requests."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        hook = Webhook(f"http://127.0.0.1:{server.server_port}{SECRET_PATH}")
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield hook
        server.shutdown()


@dataclass
class MailServer:
    """A running mail server, and the mails that it got."""

    port: int
    refuses: str = ""
    """A command, such as `RCPT`, that the server refuses."""
    got: list[EmailMessage] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)


@contextmanager
def mail_server(tls: ssl.SSLContext | None = None) -> Iterator[MailServer]:
    """Run a mail server that accepts every mail. With `tls` it speaks SMTP over TLS."""

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("220 mail.example ESMTP")
            while line := self.rfile.readline().decode().strip():
                command = line.split(" ")[0].upper()
                if command == server.mail.refuses:
                    self.say("550 not here, T0SECRET")
                elif command == "EHLO":
                    self.say("250-mail.example\r\n250 AUTH PLAIN")
                elif command == "AUTH":
                    server.mail.logins.append(line)
                    self.say("235 welcome")
                elif command == "DATA":
                    self.say("354 go on")
                    self.receive()
                    self.say("250 queued")
                elif command == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 fine")

        def receive(self) -> None:
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            mail = message_from_bytes(b"".join(lines), policy=policy.default)
            assert isinstance(mail, EmailMessage)
            server.mail.got.append(mail)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False
        mail: MailServer

    with Server(("127.0.0.1", 0), Handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        server.mail = MailServer(server.server_address[1])
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.mail
        server.shutdown()
