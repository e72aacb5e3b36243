"""Turn a letter into the fixed bytes of a mail, and hand those bytes to an SMTP server.

Exactly-once cannot be had over SMTP: a crash between the last dot and the commit leaves it unknown whether the server
took the mail. So the bytes and their Message-ID are made once, kept in the outbox, and sent again just as they are.
"""

from __future__ import annotations

import hashlib
import re
import ssl
from collections.abc import Sequence
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import quote

from pydantic import SecretStr

from harvester.config import SmtpSettings
from harvester.digest.connection import answer_words, signed_in
from harvester.digest.foreign import header_words, one_line
from harvester.errors import ConfigError, DeliveryError
from harvester.model import Letter

LONGEST_SUBJECT = 200
LONGEST_NAME = 80
FINE = 250
# RFC 5321's dot-atoms without "?", so that no address can spell an encoded word (CVE-2024-6923).
_LOCAL = re.compile(r"[\w!#$%&'*+/=^`{|}~-]+(?:\.[\w!#$%&'*+/=^`{|}~-]+)*", re.ASCII)
_DOMAIN = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63})*", re.ASCII)
_NAMED = re.compile(r"([^<>]*)<([^<>]*)>")


def message_id(kind: str, day: date, host: str) -> str:
    """Make the Message-ID of the letter of this kind and day: the same on every retry, so that receivers know it."""
    return f"<{_folded(kind)}.{day.isoformat()}@{_folded(host)}>"


def encode(
    letter: Letter, *, sender: str, recipients: Sequence[str], reply_to: str, message_id: str, at: datetime
) -> bytes:
    """Write the mail that the outbox keeps: same input, same bytes. `at` (aware) is its Date; `reply_to` may be empty.

    Raises ConfigError for an address that is none, and ValueError for a `message_id` that is not of our making.
    """
    if not re.fullmatch(r"<[a-z0-9.-]+@[a-z0-9.-]+>", message_id):
        raise ValueError(f"not a Message-ID of ours: {message_id!r}")
    author = _address(sender, "sender")
    mail = EmailMessage(policy=SMTP)
    mail["From"] = author
    mail["To"] = _addresses(recipients)
    mail["Date"] = at
    mail["Message-ID"] = message_id
    # The subject is safe by its making; the blank keeps even a foreign one from spelling an encoded word.
    mail["Subject"] = one_line(letter.subject, LONGEST_SUBJECT).replace("=?", "= ?")
    mail["Auto-Submitted"] = "auto-generated"
    mail["List-Id"] = f"<harvester-digest.{author.domain}>"
    if reply_to:
        answers = _address(reply_to, "reply_to")
        mail["Reply-To"] = answers
        mail["List-Unsubscribe"] = f"<mailto:{quote(answers.addr_spec, safe='@')}?subject=unsubscribe>"
    # Quoted-printable keeps every line short and ASCII: no server needs 8BITMIME, none rewrites the bytes.
    mail.set_content(letter.text, cte="quoted-printable")
    mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    # "=_" cannot occur in quoted-printable (RFC 2045, 6.7), so the boundary cannot occur in a part.
    mail.set_boundary(f"=_{hashlib.sha256(message_id.encode()).hexdigest()[:32]}")
    mail["Content-Language"] = "en"  # set last: add_alternative moves Content-* headers into the first part
    return mail.as_bytes()


def deliver(
    data: bytes,
    *,
    sender: str,
    recipients: Sequence[str],
    server: SmtpSettings,
    password: SecretStr | None,
    tls: ssl.SSLContext | None = None,
) -> dict[str, str]:
    """Hand `data` to the server; give the recipients that it refused, each with why, {} if it took all.

    Raises DeliveryError when nobody's was taken, when that is not known (the connection broke after the data) and when
    the server cannot be used safely: `server.timeout` bounds the whole exchange, TLS and sign-in are never skipped.
    """
    author = _address(sender, "sender").addr_spec
    given = {address.addr_spec: whole for address, whole in zip(_addresses(recipients), recipients, strict=True)}
    with signed_in(server, password, tls) as client:
        refused = client.sendmail(author, list(given), data)
    return {given[bare]: answer_words(*why) for bare, why in refused.items()}


def probe(server: SmtpSettings, password: SecretStr | None, *, tls: ssl.SSLContext | None = None) -> str:
    """Connect, secure, sign in and say goodbye; give a line for `harvester check`, or raise DeliveryError."""
    with signed_in(server, password, tls) as client:
        code, answer = client.noop()
        if code != FINE:
            raise DeliveryError(f"SMTP server {server.host}:{server.port}: answered {answer_words(code, answer)}")
        version = client.sock.version() if isinstance(client.sock, ssl.SSLSocket) else None
    security = f"secured by {version}" if version else "NOT secured (security = none)"
    person = f"signed in as {server.username}" if server.username else "without sign-in"
    return f"{server.host}:{server.port} answers, {security}, {person}"


def _addresses(recipients: Sequence[str]) -> tuple[Address, ...]:
    if not recipients:
        raise ConfigError("harvester.toml: digest.recipients: found none; allowed: one address or more")
    return tuple(_address(recipient, "recipients") for recipient in recipients)


def _address(text: str, key: str) -> Address:
    """Read `ana@example.org` or `Ana <ana@example.org>`; raise ConfigError for anything else."""
    named = _NAMED.fullmatch(text.strip())
    name, bare = (named[1], named[2]) if named else ("", text.strip())
    local, _, domain = bare.rpartition("@")
    try:
        host = domain.encode("idna").decode("ascii")
    except UnicodeError:
        host = ""
    if not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(host):
        raise ConfigError(
            f"harvester.toml: digest.{key}: found {text[:200]!r}; allowed: an address such as "
            '"ana@example.org" or "Ana <ana@example.org>"'
        )
    return Address(display_name=header_words(name, LONGEST_NAME), username=local, domain=host)


def _folded(text: str) -> str:
    return re.sub(r"[^a-z0-9.-]+", "-", text.lower()).strip("-.") or "harvester"
