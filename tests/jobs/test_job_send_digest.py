"""One letter a local day, told only after the server's 250, the same bytes on every try; against real SMTP servers."""

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import pytest
from fakes import a_post, an_item
from smtp_servers import Mailbox, hang_up, honest_server, scripted_server, settings

from harvester.errors import ConfigError, DeliveryError
from harvester.jobs import Office, send_digest
from harvester.jobs.review import decide
from harvester.model import (
    UNREGISTERED,
    CaseState,
    Health,
    Move,
    Organisation,
    Run,
    SourceName,
    Standing,
)
from harvester.store.outbox import LetterState


@pytest.fixture
def at_port(office):
    """Give the office that sends to a port, in a time zone."""

    def make(port, zone="UTC", recipients=("ana@example.org", "joseph@example.org")):
        told = office.configuration.settings.digest.model_copy(
            update={"sender": "Harvester <h@example.org>", "recipients": recipients}
        )
        update = {"smtp": settings(port), "digest": told, "time_zone": ZoneInfo(zone)}
        changed = office.configuration.settings.model_copy(update=update)
        configuration = office.configuration.model_copy(update={"settings": changed})
        return Office(configuration=configuration, store=office.store, now=office.now)

    return make


def confirmed_case(office, name="Hôpital de l’Espoir"):
    with office.store.write() as shelves:
        new = Organisation(id=UNREGISTERED, name=name, standing=Standing.CANDIDATE)
        meant = shelves.organisations.add(new)
        case = shelves.cases.open(meant, None, at=office.now())
    return decide(office, case, Move.CONFIRM, by="Amina").id


def tick(office):
    """Do what the scheduler does each minute."""
    if send_digest.is_due(office):
        send_digest.write(office)
    try:
        send_digest.send(office, "test")
    except DeliveryError as error:
        return str(error)
    return ""


def subjects(mailbox):
    return [message_from_bytes(taken.content, policy=policy.default)["Subject"] for taken in mailbox.taken]


def body(envelope):
    return message_from_bytes(envelope.content, policy=policy.default).get_body(("plain",)).get_content()


def test_a_confirmed_case_is_told_once_and_an_empty_day_is_told_too(at_port, clock):
    mailbox = Mailbox()
    with honest_server(mailbox) as port:
        office = at_port(port)
        confirmed_case(office)
        for _ in range(3 * 24):
            tick(office)
            clock.move(hours=1)
    first, second, third, fourth = mailbox.taken
    assert "Hôpital de l’Espoir" in body(first)
    assert all("Hôpital" not in body(later) for later in (second, third, fourth))
    assert first.rcpt_tos == ["ana@example.org", "joseph@example.org"]
    assert len({message_from_bytes(taken.content)["Message-ID"] for taken in mailbox.taken}) == 4


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ("Europe/Brussels", "2026-10-24"),
        ("Europe/Brussels", "2027-03-27"),
        ("America/Santiago", "2027-04-03"),
        ("Pacific/Auckland", "2027-09-25"),
    ],
)
def test_one_letter_a_local_day_across_clock_changes(at_port, clock, zone, start):
    clock.at = datetime.fromisoformat(start).replace(tzinfo=UTC)
    mailbox = Mailbox()
    with honest_server(mailbox) as port:
        office = at_port(port, zone)
        days = set()
        for _ in range(3 * 24):
            tick(office)
            local = clock().astimezone(ZoneInfo(zone))
            if local.hour >= 8:
                days.add(local.date())
            clock.move(hours=1)
    assert len(mailbox.taken) == len(days)


def test_a_letter_that_does_not_go_is_sent_again_with_the_same_bytes_and_nothing_counts_as_told_before(at_port, clock):
    mailbox = Mailbox(refusals={"DATA": "451 later"})
    with honest_server(mailbox) as port:
        office = at_port(port)
        case = confirmed_case(office)
        assert "451" in tick(office)
        with office.store.read() as shelves:
            kept = shelves.outbox.pending()
        assert tick(office) == ""  # its time has not come
        decide(office, confirmed_case(office, "Another one"), Move.EDIT, by="Bo", edit=_country("KE"))
        mailbox.refusals = {}
        clock.move(minutes=3)
        assert tick(office) == ""
    (taken,) = mailbox.taken
    assert taken.content.rstrip() == kept.data.rstrip()
    with office.store.read() as shelves:
        assert case not in shelves.outbox.untold()
        assert shelves.outbox.of_day(date(2027, 6, 1)).state is LetterState.SENT


def test_a_connection_lost_after_the_last_dot_is_not_taken_for_a_delivery(at_port, clock):
    with scripted_server({".": hang_up}) as server:
        office = at_port(server.server_address[1])
        assert tick(office) != ""
    with office.store.read() as shelves:
        kept = shelves.outbox.pending()
        assert (kept.state, kept.attempts) == (LetterState.PENDING, 1)


def test_a_letter_that_never_went_is_superseded_and_its_news_is_told_by_the_next(at_port, clock):
    office = at_port(9)  # nobody listens on the discard port here
    confirmed_case(office)
    for _ in range(30):
        tick(office)
        clock.move(minutes=30)
    mailbox = Mailbox()
    clock.at = datetime(2027, 6, 2, 9, 0, tzinfo=UTC)
    with honest_server(mailbox) as port:
        tick(at_port(port))
    (taken,) = mailbox.taken
    assert "Hôpital de l’Espoir" in body(taken)
    assert "letter of 01 June was never delivered" in " ".join(body(taken).split())


def test_what_was_missed_while_down_is_told_once(at_port, clock):
    mailbox = Mailbox()
    with honest_server(mailbox) as port:
        office = at_port(port)
        tick(office)
        clock.move(days=5)
        tick(office)
        tick(office)
    assert len(mailbox.taken) == 2


def test_a_confirmation_that_was_told_and_taken_back_is_corrected_once(at_port, clock):
    mailbox = Mailbox()
    with honest_server(mailbox) as port:
        office = at_port(port)
        case = confirmed_case(office)
        tick(office)
        clock.move(hours=1)
        decide(office, case, Move.UNDO, by="Bo")
        for _ in range(2):
            clock.move(days=1)
            tick(office)
    assert ["Correction: Hôpital" in body(taken) for taken in mailbox.taken] == [False, True, False]


def test_a_source_that_was_silent_for_a_day_is_an_alarm(at_port, clock, office):
    from harvester.config import Source

    sources = (Source(name="dead-feed", kind="feed"),)
    configuration = office.configuration.model_copy(update={"sources": sources})
    office = Office(configuration=configuration, store=office.store, now=clock)
    with office.store.write() as shelves:
        run = Run(source=SourceName("dead-feed"), started_at=clock(), ended_at=clock())
        shelves.sources.record(run, health=Health.WELL, next_due_at=clock())
    clock.move(hours=25)
    with office.store.write() as shelves:
        run = Run(source=SourceName("dead-feed"), started_at=clock(), ended_at=clock(), trouble="no answer from host")
        shelves.sources.record(run, health=Health.TROUBLE, next_due_at=clock())
        facts = send_digest.gather(office, shelves)
    assert facts.alarms == ("dead-feed has brought nothing since 01 June 2027, 12:00 UTC: no answer from host.",)
    assert "1 source in trouble" in send_digest.compose(office).subject


def test_posts_that_nobody_could_judge_for_hours_are_an_alarm(office, clock):
    with office.store.write() as shelves:
        shelves.posts.keep(an_item(1, "x"), a_post())
        assert send_digest.gather(office, shelves).alarms == ()
        clock.move(hours=3)
        assert "1 post waits for judgement" in send_digest.gather(office, shelves).alarms[0]


def test_only_one_process_sends(at_port, clock):
    mailbox = Mailbox()
    with honest_server(mailbox) as port:
        office = at_port(port)
        send_digest.write(office)
        with office.store.write() as shelves:
            assert shelves.leases.take("send-digest", "another", now=clock(), length=timedelta(minutes=5))
        assert send_digest.send(office, "me").state is LetterState.PENDING
        assert mailbox.taken == []
        clock.move(minutes=6)
        assert send_digest.send(office, "me").state is LetterState.SENT
        assert send_digest.send(office, "me") is None


def test_a_recipient_that_is_refused_is_kept_in_mind(at_port, clock):
    mailbox = Mailbox(refusals={"joseph@example.org": "550 no such user"})
    with honest_server(mailbox) as port:
        office = at_port(port)
        tick(office)
    with office.store.read() as shelves:
        sent = shelves.outbox.latest()
    assert (sent.state, sent.recipients) == (LetterState.SENT, ("joseph@example.org",))
    assert "550" in sent.last_error


def test_without_sender_or_recipients_no_letter_is_due(office):
    assert not send_digest.is_due(office)
    with pytest.raises(ConfigError, match=r"digest\.recipients"):
        send_digest.write(office)


def test_what_is_waiting_is_counted_in_the_subject(at_port, clock):
    office = at_port(9)
    case = confirmed_case(office)
    decide(office, case, Move.REOPEN, by="Bo")
    with office.store.read() as shelves:
        assert [one.state for one in shelves.cases.in_states(CaseState)] == [CaseState.WAITING]
    assert send_digest.compose(office).subject == "[Paris Call] 1 waiting, 0/100"


def _country(code):
    from harvester.jobs.review import Edit

    return Edit(country=code)
