"""`harvester digest`: print the day's letter; send it only when told to."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from harvester.cli import show
from harvester.cli.office import open_office

if TYPE_CHECKING:
    from harvester.jobs import Office
    from harvester.model import Letter
    from harvester.store.outbox import OutboxLetter


def digest(
    context: typer.Context,
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A past day: the letter as it went.")
    ] = None,
    send: Annotated[bool, typer.Option("--send", help="Send today's letter now, once.")] = False,
    html: Annotated[bool, typer.Option("--html", help="Print the HTML instead of the text.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Print the letter as it would be now, or as it was on a past day. Nothing is sent without --send.

    Example: harvester digest; harvester digest --day 2027-06-01; harvester digest --send
    """
    from harvester.jobs import send_digest

    office = open_office(context)
    wanted = day.date() if day else send_digest.today(office)
    with office.store.read() as shelves:
        kept = shelves.outbox.of_day(wanted)
    if send:
        _send(office, wanted)
        return
    if day and kept is None and wanted != send_digest.today(office):
        show.warn(f"harvester: no letter was written on {wanted}; without --day you see today's")
        raise typer.Exit(1)
    letter = kept_letter(kept) if day and kept else send_digest.compose(office)
    if json:
        show.as_json({"day": wanted, "state": kept.state.value if kept else "not written", "letter": letter})
    else:
        show.say(letter.html if html else f"Subject: {letter.subject}\n\n{letter.text}")
        if not day:
            show.say(_state(kept, wanted), "dim")


def kept_letter(kept: OutboxLetter) -> Letter:
    """Read a letter back from its bytes."""
    import email
    import email.policy

    from harvester.model import Letter

    message = email.message_from_bytes(kept.data, policy=email.policy.default)
    bodies = {kind: message.get_body((kind,)) for kind in ("plain", "html")}
    text, html = (body.get_content() if (body := bodies[kind]) else "" for kind in ("plain", "html"))
    return Letter(subject=str(message["Subject"]), text=text, html=html)


def _send(office: Office, wanted: date) -> None:
    from harvester.jobs import send_digest
    from harvester.store.outbox import LetterState

    if wanted != send_digest.today(office):
        show.warn("harvester: only today's letter can be sent")
        raise typer.Exit(2)
    written = send_digest.write(office)
    sent = send_digest.send(office, "digest --send") or written
    if sent.state is not LetterState.SENT:
        show.warn(f"harvester: not sent yet: {sent.last_error or 'another process is sending it now'}")
        raise typer.Exit(1)
    show.say(f"The letter of {sent.day} was accepted at {show.moment(sent.sent_at)}." + _refused(sent))


def _refused(sent: OutboxLetter) -> str:
    return f" The server refused {sent.last_error}." if sent.recipients else ""


def _state(kept: OutboxLetter | None, day: date) -> str:
    if kept is None:
        return f"This is how the letter of {day} would be now; nothing was sent."
    return f"A letter of {day} was written already; it is {kept.state}. See it: harvester digest --day {day}"
