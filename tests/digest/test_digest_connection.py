"""Sending against real servers on loopback: what arrives, what is refused, and that nothing holds us for ever."""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import SecretStr
from smtp_servers import (
    NAME,
    PASSWORD,
    Certificate,
    Mailbox,
    Stage,
    drip,
    hang,
    hang_up,
    honest_server,
    know_harvester,
    make_certificate,
    scripted_server,
    settings,
)

from harvester.config import SmtpSettings
from harvester.digest.mail import deliver, probe
from harvester.errors import DeliveryError

DATA = b"Subject: hello\r\nMessage-ID: <1@example.org>\r\n\r\n.dots\r\n..\r\nend\r\n"
ANA, BO = "ana@example.org", "Bo B <bo@example.org>"
SECRET = SecretStr(PASSWORD)
SOON = 0.25  # seconds that a server gets in the tests in which it hangs


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"), "IP:127.0.0.1")


def send(server: SmtpSettings, recipients=(ANA, BO), *, password=None, tls=None) -> dict[str, str]:
    sender = "Harvester <harvester@example.org>"
    return deliver(DATA, sender=sender, recipients=recipients, server=server, password=password, tls=tls)


def test_the_bytes_arrive_as_they_are_for_everybody() -> None:
    mailbox = Mailbox()
    with honest_server(mailbox) as port:
        assert send(settings(port)) == {}
    (envelope,) = mailbox.taken
    assert envelope.content == DATA
    assert envelope.mail_from == "harvester@example.org"
    assert envelope.rcpt_tos == [ANA, "bo@example.org"]
    assert mailbox.sessions[0].host_name == "[127.0.0.1]"


def test_a_host_with_several_addresses_is_tried_through() -> None:
    mailbox = Mailbox()
    with honest_server(mailbox) as port:
        assert (
            send(settings(port).model_copy(update={"host": "localhost"})) == {}
        )  # ::1 may come first; nobody is there
    assert len(mailbox.taken) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_tls_and_sign_in(certificate: Certificate, security: str) -> None:
    mailbox = Mailbox()
    contexts = {"tls": certificate.server} if security == "tls" else {"tls_context": certificate.server}
    # aiosmtpd knows of TLS only when it began by STARTTLS, so for the other it must not ask for it.
    needs = {"auth_required": True} if security == "starttls" else {"auth_require_tls": False}
    with honest_server(mailbox, **contexts, **needs, authenticator=know_harvester) as port:
        server = settings(port, security=security, username=NAME)
        assert send(server, password=SECRET, tls=certificate.client) == {}
        assert mailbox.sessions[0].authenticated
        told = probe(server, SECRET, tls=certificate.client)
    assert told == f"127.0.0.1:{port} answers, secured by TLSv1.3, signed in as {NAME}"


def test_a_wrong_password_is_told_without_it(certificate: Certificate) -> None:
    with honest_server(Mailbox(), tls_context=certificate.server, authenticator=know_harvester) as port:
        server = settings(port, security="starttls", username=NAME, password_secret="MAIL_PASSWORD")
        with pytest.raises(DeliveryError, match=r"refused the sign-in \(535 5.7.8\); .*username.*MAIL_PASSWORD"):
            probe(server, SecretStr("wrong"), tls=certificate.client)


def test_a_server_that_echoes_the_sign_in_gives_nothing_away(certificate: Certificate) -> None:
    encoded = "AGhhcnZlc3RlcgBwYXNzIHdvcmQtMTIzNDU2Nw=="
    script = {"EHLO": "250-mx\n250 AUTH PLAIN", "AUTH": f"500 5.5.2 what is AUTH PLAIN {encoded}?"}
    with scripted_server(script, certificate.server) as server:
        settled = settings(server.server_address[1], security="tls", username=NAME)
        with pytest.raises(DeliveryError) as caught:
            probe(settled, SECRET, tls=certificate.client)
    assert any(encoded.encode() in line for line in server.lines)
    assert encoded not in str(caught.value)
    assert PASSWORD not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_server_without_sign_in_is_told(certificate: Certificate) -> None:
    with scripted_server({}, certificate.server) as server:
        settled = settings(server.server_address[1], security="tls", username=NAME)
        with pytest.raises(DeliveryError, match="AUTH extension not supported"):
            send(settled, password=SECRET, tls=certificate.client)
    assert [line for line in server.lines if line.upper().startswith((b"AUTH", b"MAIL"))] == []


def test_a_challenge_that_is_no_base64_is_told(certificate: Certificate) -> None:
    script = {"EHLO": "250-mx\n250 AUTH LOGIN", "AUTH": "334 a"}
    with scripted_server(script, certificate.server) as server:
        settled = settings(server.server_address[1], security="tls", username=NAME)
        with pytest.raises(DeliveryError, match="an answer that makes no sense"):
            probe(settled, SECRET, tls=certificate.client)


def test_a_password_beyond_ascii_is_refused_without_it(certificate: Certificate) -> None:
    with honest_server(Mailbox(), tls_context=certificate.server, authenticator=know_harvester) as port:
        server = settings(port, security="starttls", username=NAME)
        with pytest.raises(DeliveryError, match="only ASCII") as caught:
            send(server, password=SecretStr("pässword"), tls=certificate.client)
    assert "pässword" not in str(caught.value)


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Certificate) -> None:
    mailbox = Mailbox()
    told = r"certificate is not to be trusted: self.signed"
    with honest_server(mailbox, tls_context=certificate.server) as port, pytest.raises(DeliveryError, match=told):
        send(settings(port, security="starttls"))
    assert mailbox.taken == []


def test_a_certificate_of_another_host_is_refused(tmp_path: Path) -> None:
    other = make_certificate(tmp_path, "DNS:mx.example.org")
    told = "certificate is not to be trusted: IP address mismatch"
    with honest_server(Mailbox(), tls=other.server) as port, pytest.raises(DeliveryError, match=told):
        send(settings(port, security="tls"), tls=other.client)


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ({}, "STARTTLS extension not supported by server"),
        ({"EHLO": "250-mx\n250 STARTTLS", "STARTTLS": "454 not now"}, "answered 454 not now"),
        ({"EHLO": "250-mx\n250 STARTTLS", "STARTTLS": "220 go on"}, "no TLS|hung up"),
        ({"EHLO": "250-mx\n250 STARTTLS", "STARTTLS": hang_up}, "hung up"),
    ],
)
def test_without_starttls_nothing_is_sent_in_the_clear(script: Mapping[str, str | Stage], told: str) -> None:
    with scripted_server(script) as server, pytest.raises(DeliveryError, match=told):
        send(settings(server.server_address[1], security="starttls", seconds=2, username=NAME), password=SECRET)
    said = b"".join(server.lines).upper()
    assert b"MAIL FROM" not in said
    assert b"AUTH" not in said


def test_a_tls_client_at_a_plain_port_is_told_so() -> None:
    told = r"no TLS .*port and security belong together"
    with honest_server(Mailbox()) as port, pytest.raises(DeliveryError, match=told):
        probe(settings(port, security="tls"), None)


@pytest.mark.parametrize(
    ("changes", "password", "told"),
    [
        ({"host": ""}, None, "no SMTP server is configured"),
        ({"username": NAME}, SECRET, 'security = "none" would send the password readably'),
        (
            {"username": NAME, "security": "tls"},
            None,
            "username is set but the variable HARVESTER_SMTP_PASSWORD is not",
        ),
        ({"host": "256.1.1.1"}, None, "this name is not known; check .* host"),
        ({"host": "a..b"}, None, "only ASCII is safe"),
    ],
)
def test_what_cannot_work_is_told_with_the_remedy(changes, password: SecretStr | None, told: str) -> None:
    with pytest.raises(DeliveryError, match=told):
        send(settings(25).model_copy(update=changes), password=password)


def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(DeliveryError, match=r"Connection refused; check .* host and port"):
            send(settings(taken.getsockname()[1]))


def test_a_refused_recipient_is_named_and_the_others_get_it() -> None:
    mailbox = Mailbox(refusals={"bo@example.org": "550 5.1.1 no such\x1b[31m user"})
    with honest_server(mailbox) as port:
        assert send(settings(port)) == {BO: "550 5.1.1 no such [31m user"}
    assert mailbox.taken[0].rcpt_tos == [ANA]


def test_all_recipients_refused() -> None:
    refusals = {ANA: "450 4.2.1 later", "bo@example.org": "550 5.1.1 no such user"}
    mailbox = Mailbox(refusals=refusals)
    with (
        honest_server(mailbox) as port,
        pytest.raises(DeliveryError, match=r"every recipient: ana@.* 450 4.2.1 later; bo@.* 550 5.1.1 no such user"),
    ):
        send(settings(port))
    assert mailbox.taken == []


@pytest.mark.parametrize("verb", ["MAIL", "DATA"])
@pytest.mark.parametrize("answer", ["451 4.3.0 try later", "554 5.7.1 spam"])
def test_an_honest_server_refuses(verb: str, answer: str) -> None:
    with honest_server(Mailbox(refusals={verb: answer})) as port, pytest.raises(DeliveryError, match=answer):
        send(settings(port))


@pytest.mark.parametrize("stage", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "."])
@pytest.mark.parametrize(
    "answer", ["421 4.3.2 going down", "451 later", "554 \x1b]52;no\x07 \xff", "nonsense", hang_up]
)
def test_trouble_at_any_stage_is_a_delivery_error_in_one_safe_line(stage: str, answer: str | Stage) -> None:
    script: dict[str, str | Stage] = {stage: answer}
    if stage == "EHLO":
        script["HELO"] = answer  # smtplib falls back on it
    with scripted_server(script) as server, pytest.raises(DeliveryError) as caught:
        send(settings(server.server_address[1]))
    told = str(caught.value)
    assert told.startswith(f"SMTP server 127.0.0.1:{server.server_address[1]}: ")
    assert told.isprintable()
    assert len(told) < 500


@pytest.mark.parametrize("stage", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "."])
@pytest.mark.parametrize("slow", [hang, drip])
def test_no_server_holds_us_beyond_the_deadline(stage: str, slow: Stage) -> None:
    with scripted_server({stage: slow}) as server:
        began = time.monotonic()
        with pytest.raises(DeliveryError, match=f"did not finish within {SOON} s"):
            send(settings(server.server_address[1], seconds=SOON))
        assert time.monotonic() - began < SOON + 1


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("slow", [hang, drip])
def test_no_tls_handshake_holds_us(security: str, slow: Stage) -> None:
    def handshake(session) -> None:
        session.wfile.write(b"220 go on\r\n" if security == "starttls" else b"")
        session.wfile.write(b"\x16\x03\x03\x3f\xff")  # the head of a TLS record of 16,383 bytes
        slow(session)

    stage = "STARTTLS" if security == "starttls" else "CONNECT"
    with scripted_server({"EHLO": "250-mx\n250 STARTTLS", stage: handshake}) as server:
        began = time.monotonic()
        with pytest.raises(DeliveryError, match="did not finish"):
            send(settings(server.server_address[1], security=security, seconds=SOON))
        assert time.monotonic() - began < SOON + 1


def test_a_port_where_nobody_picks_up_does_not_hold_us() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, socket.socket() as first, socket.socket() as second:
        for caller in (first, second):  # one fills the queue of a backlog of 0; the kernel lets the next ones wait
            caller.setblocking(False)
            caller.connect_ex(full.getsockname())
        with pytest.raises(DeliveryError, match=f"did not finish within {SOON} s"):
            send(settings(full.getsockname()[1], seconds=SOON))


@pytest.mark.parametrize("ending", ["500 no", hang_up, hang, drip])
def test_what_was_taken_stays_taken_however_the_server_says_goodbye(ending: str | Stage) -> None:
    with scripted_server({"QUIT": ending}) as server:
        assert send(settings(server.server_address[1], seconds=SOON)) == {}


def test_a_probe_of_a_plain_server_says_that_it_is_plain() -> None:
    with honest_server(Mailbox()) as port:
        told = probe(settings(port), None)
    assert told == f"127.0.0.1:{port} answers, NOT secured (security = none), without sign-in"


def test_a_probe_that_is_refused() -> None:
    told = "answered 451 not today"
    with scripted_server({"NOOP": "451 not today"}) as server, pytest.raises(DeliveryError, match=told):
        probe(settings(server.server_address[1]), None)
