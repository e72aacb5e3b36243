"""SMTP servers on loopback: aiosmtpd for the honest ones, and a scripted one that can fail at any stage."""

from __future__ import annotations

import asyncio
import shutil
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from harvester.config import SmtpSettings

NAME, PASSWORD = "harvester", "pass\u0020word-1234567"


def settings(port: int, *, security: str = "none", seconds: float = 5, **more: Any) -> SmtpSettings:
    made = SmtpSettings.model_validate({"host": "127.0.0.1", "port": port, "security": security, **more})
    return made.model_copy(update={"timeout": timedelta(seconds=seconds)})


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a server shows, and what a client that trusts it verifies with."""

    server: ssl.SSLContext
    client: ssl.SSLContext


def make_certificate(folder: Path, subject: str) -> Certificate:
    """Sign a certificate for `subject` (as in "IP:127.0.0.1") by itself."""
    if not shutil.which("openssl"):
        pytest.skip("the openssl command is missing: Debian's package openssl")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    request = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test"
    names = ["-keyout", key, "-out", certificate, "-addext", f"subjectAltName={subject}"]
    subprocess.run([*request.split(), *names], check=True, capture_output=True)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    return Certificate(server, ssl.create_default_context(cafile=str(certificate)))


@dataclass(slots=True)
class Mailbox:
    """An aiosmtpd handler that keeps what it gets, and answers a verb or a recipient as told in `refusals`."""

    refusals: Mapping[str, str] = field(default_factory=dict)
    taken: list[Envelope] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        if "MAIL" in self.refusals:
            return self.refusals["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's name
        if "DATA" in self.refusals:
            return self.refusals["DATA"]
        self.taken.append(envelope)
        self.sessions.append(session)
        return "250 taken"


def know_harvester(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
    fits = isinstance(given, LoginPassword) and given == LoginPassword(NAME.encode(), PASSWORD.encode())
    return AuthResult(success=fits, handled=False)


@contextmanager
def honest_server(mailbox: Mailbox, *, tls: ssl.SSLContext | None = None, **options: Any) -> Iterator[int]:
    """Run aiosmtpd; give its port. aiosmtpd's own Controller cannot listen on port 0."""
    loop = asyncio.new_event_loop()

    def factory() -> SMTP:
        return SMTP(mailbox, loop=loop, hostname="mx.example.org", **options)

    server = loop.run_until_complete(loop.create_server(factory, "127.0.0.1", 0, ssl=tls))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0)


Stage = Callable[["ScriptedSession"], None]
GOOD: Mapping[str, str] = {
    "CONNECT": "220 ready",
    "EHLO": "250 mx.example.org",
    "MAIL": "250 OK",
    "RCPT": "250 OK",
    "DATA": "354 go on",
    ".": "250 taken",
    "NOOP": "250 OK",
    "RSET": "250 OK",
    "QUIT": "221 bye",
}


class ScriptedSession(socketserver.StreamRequestHandler):
    server: ScriptedServer

    def handle(self) -> None:
        try:
            if self.server.tls:
                self.request = self.server.tls.wrap_socket(self.request, server_side=True)
                self.setup()
            self._talk()
        except OSError:
            pass  # the client hung up: its right
        finally:
            self.request.close()

    def _talk(self) -> None:
        verb, in_data = "CONNECT", False
        while self._answer(verb):
            line = self.rfile.readline()
            if not line:
                return
            self.server.lines.append(line)
            while in_data and line not in {b".\r\n", b""}:
                line = self.rfile.readline()
            verb = "." if in_data else line.split()[0].decode().upper()
            in_data = verb == "DATA" and self.server.script.get("DATA", "354") == GOOD["DATA"]

    def _answer(self, verb: str) -> bool:
        told = self.server.script.get(verb, "502 unknown")
        if callable(told):
            told(self)
            return False
        self.wfile.write(told.replace("\n", "\r\n").encode("latin-1") + b"\r\n")
        return True


def hang_up(session: ScriptedSession) -> None:
    """Close the connection without a word."""


def hang(session: ScriptedSession) -> None:
    """Say nothing until the test is over."""
    session.server.over.wait(30)


def drip(session: ScriptedSession) -> None:
    """Send a byte now and then, an answer that never ends."""
    while not session.server.over.wait(0.05):
        session.wfile.write(b"2")


class ScriptedServer(socketserver.ThreadingTCPServer):
    def __init__(self, script: Mapping[str, str | Stage], tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), ScriptedSession)
        self.script: Mapping[str, str | Stage] = {**GOOD, **script}
        self.tls = tls
        self.over = threading.Event()
        self.lines: list[bytes] = []


@contextmanager
def scripted_server(script: Mapping[str, str | Stage], tls: ssl.SSLContext | None = None) -> Iterator[ScriptedServer]:
    """Run a server that answers each verb as `script` says, and as a good server where it says nothing."""
    with ScriptedServer(script, tls) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()
