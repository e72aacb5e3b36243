"""Open a secured, signed-in connection to an SMTP server under one deadline for the whole exchange.

smtplib's timeout begins anew with each byte, so a server that drips holds it for hours; here a timer shuts the socket.
Name resolution comes before there is a socket: it is bounded by the system's resolver alone.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from pydantic import SecretStr

from harvester.config import SmtpSettings
from harvester.digest.foreign import one_line
from harvester.errors import DeliveryError

LONGEST_ANSWER = 200


@contextmanager
def signed_in(server: SmtpSettings, password: SecretStr | None, tls: ssl.SSLContext | None) -> Iterator[smtplib.SMTP]:
    """Yield a client after TLS and AUTH, and say goodbye at the end; `tls` None is the default, verifying context.

    Raises DeliveryError for whatever goes wrong, also inside the block; nothing is tried again less securely.
    """
    _refuse_impossible(server, password)
    context = tls or ssl.create_default_context()
    clock = _Clock(server.timeout.total_seconds())
    try:
        client = _Client(server, context, clock)
        try:
            if server.security == "starttls":
                client.starttls(context=context)
            if server.username and password:
                client.login(server.username, password.get_secret_value())
            yield client
            with suppress(OSError):  # what the server took stays taken, even if it hangs up on the goodbye
                client.quit()
        finally:
            client.close()
    except (OSError, ValueError) as error:  # smtplib's own errors are OSErrors; ValueError: badly encoded answers
        raise DeliveryError(f"SMTP server {server.host}:{server.port}: {_told(error, server, clock)}") from None
    finally:
        clock.stop()


def answer_words(code: int, answer: bytes | str) -> str:
    """Give a server's answer as one safe line of at most 200 characters."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return one_line(f"{code} {text}", LONGEST_ANSWER)


class _Clock:
    """Shuts a socket down when the time is up, whatever is being read from it or written to it."""

    def __init__(self, seconds: float) -> None:
        self.has_struck = False
        self._end = time.monotonic() + seconds
        self._line: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._strike)
        self._timer.daemon = True
        self._timer.start()

    @property
    def is_up(self) -> bool:
        """Say whether the time is up; the socket's own timeout may notice it before the timer does."""
        return self.has_struck or time.monotonic() >= self._end

    def left(self) -> float:
        """Give the seconds left; raise TimeoutError when there are none."""
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds

    def watch(self, line: socket.socket) -> None:
        """Take charge of `line`, of which a duplicate will do: it ends the same connection, past the TLS around it."""
        self._line = line.dup()
        if self.has_struck:
            self._strike()

    def _strike(self) -> None:
        self.has_struck = True
        if self._line:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        """Let the connection be."""
        self._timer.cancel()
        self._timer.join()
        if self._line:
            self._line.close()


class _Client(smtplib.SMTP):
    """An SMTP client that lives no longer than its clock; smtplib's own SMTP_SSL hooks in at the same place."""

    def __init__(self, server: SmtpSettings, context: ssl.SSLContext, clock: _Clock) -> None:
        self._clock = clock
        self._context = context if server.security == "tls" else None
        self._own_name = ""
        # Any name given here spares smtplib's getfqdn(), a DNS question that can hang; ours is known once connected.
        super().__init__(server.host, server.port, local_hostname="localhost")
        self.local_hostname = self._own_name

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002 -- the clock has it
        line = _connect(host, port, self._clock)
        self._own_name = _literal(line)
        self._clock.watch(line)
        return self._context.wrap_socket(line, server_hostname=host) if self._context else line


def _connect(host: str, port: int, clock: _Clock) -> socket.socket:
    """Connect to the first address of `host` that answers; socket.create_connection gives each a whole timeout."""
    trouble: OSError = ConnectionError("the name has no address")
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        line = socket.socket(family, kind, protocol)
        try:
            line.settimeout(clock.left())
            line.connect(address)
        except OSError as error:
            line.close()
            trouble = error
        else:
            return line
    raise trouble


def _literal(line: socket.socket) -> str:
    """Give our own address as EHLO takes it where there is no certain name (RFC 5321, 4.1.3)."""
    address = line.getsockname()[0]
    return f"[IPv6:{address}]" if line.family == socket.AF_INET6 else f"[{address}]"


def _refuse_impossible(server: SmtpSettings, password: SecretStr | None) -> None:
    if not server.host:
        raise DeliveryError("no SMTP server is configured; set [smtp] host in harvester.toml")
    if server.username and not password:
        raise DeliveryError(f"[smtp] username is set but the variable {server.password_secret} is not")
    if server.username and server.security == "none":
        raise DeliveryError('[smtp] security = "none" would send the password readably; set "starttls" or "tls"')


def _told(error: Exception, server: SmtpSettings, clock: _Clock) -> str:
    """Say what went wrong and, where we know it, what to do."""
    if clock.is_up or isinstance(error, TimeoutError):
        return f"did not finish within {server.timeout.total_seconds():g} s"
    match error:
        case smtplib.SMTPException():
            return _answered(error, server)
        case OSError():
            return _unreached(error)
        case UnicodeError():
            return "host, username or password has signs that smtplib cannot send; only ASCII is safe"
        case _:
            return "sent an answer that makes no sense"


def _unreached(error: OSError) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            return f"its certificate is not to be trusted: {one_line(error.verify_message, LONGEST_ANSWER)}"
        case ssl.SSLError():
            return f"no TLS ({error.reason}); check that [smtp] port and security belong together"
        case ConnectionResetError() | BrokenPipeError():
            return "hung up in the middle"
        case socket.gaierror():
            return "this name is not known; check [smtp] host"
        case _:
            return f"{one_line(error.strerror or str(error), LONGEST_ANSWER)}; check [smtp] host and port"


def _answered(error: smtplib.SMTPException, server: SmtpSettings) -> str:
    match error:
        case smtplib.SMTPAuthenticationError():
            # Some servers echo the command that they refuse, and with it the password: its codes must do.
            status = re.match(r"\d+( \d\.\d{1,3}\.\d{1,3})?", answer_words(error.smtp_code, error.smtp_error))
            codes = status[0] if status else ""
            return f"refused the sign-in ({codes}); check [smtp] username and the variable {server.password_secret}"
        case smtplib.SMTPRecipientsRefused():
            told = (f"{who}: {answer_words(*why)}" for who, why in error.recipients.items())
            return f"refused every recipient: {one_line('; '.join(told), LONGEST_ANSWER)}"
        case smtplib.SMTPResponseException():
            return f"answered {answer_words(error.smtp_code, error.smtp_error)}"
        case smtplib.SMTPServerDisconnected():
            return "hung up in the middle"
        case _:
            return f"{one_line(str(error), LONGEST_ANSWER)} Check [smtp] security, port and username"
