"""The bytes of a mail: what its headers say, that they are always the same, and that nobody can add one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from digest_facts import FOLDER, read_day
from hypothesis import given
from hypothesis import strategies as st

from harvester.digest import compose
from harvester.digest.mail import encode, message_id
from harvester.errors import ConfigError
from harvester.model import Letter

LETTER = Letter(subject="[Paris Call] 3 new, 41/100", text="Grüße\n.\nFrom here\n", html="<p>Grüße</p>\n")
ENVELOPE: Mapping[str, Any] = {
    "sender": "Harvester <harvester@example.org>",
    "recipients": ("ana@example.org", "Bo B <bo@example.org>"),
    "reply_to": "staff@example.org",
    "message_id": "<digest.2026-11-23@example.org>",
    "at": datetime(2026, 11, 23, 7, 0, tzinfo=UTC),
}
HEADERS = [
    "From",
    "To",
    "Date",
    "Message-ID",
    "Subject",
    "Auto-Submitted",
    "List-Id",
    "Reply-To",
    "List-Unsubscribe",
    "MIME-Version",
    "Content-Type",
    "Content-Language",
]
ADDRESSES = ["sender", "reply_to", "recipients"]
ANY_TEXT = st.text(st.characters(exclude_categories=()))
INJECTIONS = st.lists(
    st.sampled_from(
        ["\r\n", "\n", "\r", "Bcc: x@evil.example", "=?UTF-8?Q?=0A?=", "=?utf-8?b?Cg==?=", "<", ">", "@", "a", ","]
    )
).map("".join)


def read(data: bytes) -> EmailMessage:
    mail = message_from_bytes(data, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def parts(data: bytes) -> list[str]:
    return [part.get_content().replace("\r\n", "\n") for part in read(data).iter_parts()]


def field_names(data: bytes) -> list[str]:
    """Read the header as the laxest server does: any line end ends a line, and one without a blank is a new field."""
    lines = re.split(rb"\r\n|\r|\n", re.split(rb"\r\n\r\n|\n\n|\r\r", data)[0])
    return [line.split(b":")[0].decode() for line in lines if not line.startswith((b" ", b"\t"))]


def test_every_header_says_what_it_should() -> None:
    data = encode(LETTER, **ENVELOPE)
    mail = read(data)
    assert field_names(data) == HEADERS
    assert mail["From"] == "Harvester <harvester@example.org>"
    assert mail["To"] == "ana@example.org, Bo B <bo@example.org>"
    assert mail["Reply-To"] == "staff@example.org"
    assert mail["Date"] == "Mon, 23 Nov 2026 07:00:00 +0000"
    assert mail["Message-ID"] == "<digest.2026-11-23@example.org>"
    assert mail["Subject"] == LETTER.subject
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Id"] == "<harvester-digest.example.org>"
    assert mail["List-Unsubscribe"] == "<mailto:staff@example.org?subject=unsubscribe>"
    assert mail["Content-Language"] == "en"
    assert mail.get_content_type() == "multipart/alternative"


def test_both_parts_come_back_as_they_were() -> None:
    data = encode(LETTER, **ENVELOPE)
    assert [part.get_content_type() for part in read(data).iter_parts()] == ["text/plain", "text/html"]
    assert parts(data) == [LETTER.text, LETTER.html]


def test_without_an_address_for_answers_nobody_can_unsubscribe() -> None:
    names = field_names(encode(LETTER, **{**ENVELOPE, "reply_to": ""}))
    assert names == [name for name in HEADERS if name not in {"Reply-To", "List-Unsubscribe"}]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_a_real_letter_gives_short_ascii_lines_and_always_the_same_bytes(path) -> None:
    day = read_day(path)
    letter = compose(day.facts, time_zone=day.time_zone, segments=day.segments)
    data = encode(letter, **ENVELOPE)
    assert data == encode(letter, **ENVELOPE)
    assert data.isascii()
    assert max(map(len, data.split(b"\r\n"))) < 998
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert read(data)["Subject"] == letter.subject
    assert parts(data) == [letter.text, letter.html + "\n"]


@given(st.one_of(ANY_TEXT, INJECTIONS))
def test_no_subject_can_add_a_header(subject: str) -> None:
    data = encode(Letter(subject=subject, text="", html=""), **ENVELOPE)
    assert field_names(data) == HEADERS
    assert read(data)["Bcc"] is None


@given(st.one_of(ANY_TEXT, INJECTIONS), st.sampled_from(ADDRESSES))
def test_no_address_can_add_a_header(name: str, key: str) -> None:
    for address in (name, f"{name} <a@example.org>", f"{name}@example.org", f"a@{name}"):
        try:
            data = encode(LETTER, **{**ENVELOPE, key: [address] if key == "recipients" else address})
        except ConfigError:
            continue
        absent = set() if address or key != "reply_to" else {"Reply-To", "List-Unsubscribe"}
        assert field_names(data) == [field for field in HEADERS if field not in absent]


@pytest.mark.parametrize("key", ADDRESSES)
@pytest.mark.parametrize(
    "address",
    [
        "nobody",
        "a@",
        "@example.org",
        "a b@example.org",
        "a@example.org, b@example.org",
        "a@example.org\r\nBcc: x@evil.example",
        "=?UTF-8?Q?=0A?=@example.org",
        "a..b@example.org",
        "a@exam ple.org",
        "a@b@example.org",
        "Ana <a@example.org",
        "a@" + "x" * 64 + ".org",
        "ü@example.org",
    ],
)
def test_what_is_no_address_is_refused(key: str, address: str) -> None:
    with pytest.raises(ConfigError, match=rf"digest\.{key}: found .*; allowed: "):
        encode(LETTER, **{**ENVELOPE, key: [address] if key == "recipients" else address})


@pytest.mark.parametrize(
    ("address", "header"),
    [
        ("ana@example.org", "ana@example.org"),
        (" Ana Ś <ana+x@mail.example.org> ", "Ana Ś <ana+x@mail.example.org>"),
        ("=?UTF-8?Q?=0A?=Bcc: x@y <ana@example.org>", "UTF-8 Q 0A Bcc x y <ana@example.org>"),
        ("Ana, Head <ana@localhost>", '"Ana, Head" <ana@localhost>'),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("نداء <ana@example.org>", "نداء <ana@example.org>"),
    ],
)
def test_addresses_are_read(address: str, header: str) -> None:
    assert read(encode(LETTER, **{**ENVELOPE, "sender": address}))["From"] == header


def test_somebody_must_get_the_letter() -> None:
    with pytest.raises(ConfigError, match="recipients: found none"):
        encode(LETTER, **{**ENVELOPE, "recipients": []})


@pytest.mark.parametrize(
    ("kind", "host", "made"),
    [
        ("digest", "example.org", "<digest.2026-11-23@example.org>"),
        ("Digest Paris", "Example.ORG", "<digest-paris.2026-11-23@example.org>"),
        ("digest", "a b>\r\nBcc: x", "<digest.2026-11-23@a-b-bcc-x>"),
        ("digest", "", "<digest.2026-11-23@harvester>"),
    ],
)
def test_a_message_id_is_made_of_the_letters_own_key(kind: str, host: str, made: str) -> None:
    assert message_id(kind, date(2026, 11, 23), host) == made
    assert read(encode(LETTER, **{**ENVELOPE, "message_id": made}))["Message-ID"] == made


def test_a_foreign_message_id_is_a_bug() -> None:
    with pytest.raises(ValueError, match="not a Message-ID of ours"):
        encode(LETTER, **{**ENVELOPE, "message_id": "<=?UTF-8?Q?=0A?=@x>"})
