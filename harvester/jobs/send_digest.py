"""Write the day's letter and get it to its readers: one a local day, told only when the server has said 250.

due?     it is past the hour, and no letter of this local day is kept yet
write    gather the facts, compose, and keep the bytes with a fixed Message-ID and the cases that they tell
send     those bytes; accepted: the cases are told; not accepted: the same bytes again, later
next day a letter that never went is superseded: its news goes into the new one, which says so
"""

from __future__ import annotations

from datetime import date, timedelta

from harvester import digest, log
from harvester.digest import mail
from harvester.errors import ConfigError, DeliveryError
from harvester.jobs import Office, news, status
from harvester.model import CaseState, Facts, Letter
from harvester.store import Shelves
from harvester.store.outbox import OutboxLetter

FIRST_RETRY = timedelta(minutes=2)
SLOWEST_RETRY = timedelta(hours=1)
JUDGED_WITHIN = timedelta(hours=2)
HOLD = timedelta(minutes=10)
"""How long one process may take to send before another may try; longer than the deadline of a delivery."""


def today(office: Office) -> date:
    """Give the staff's date now."""
    return office.now().astimezone(office.configuration.settings.time_zone).date()


def is_due(office: Office) -> bool:
    """Say whether it is past the hour in the staff's time zone, and today's letter is yet to be written."""
    settings = office.configuration.settings
    local = office.now().astimezone(settings.time_zone)
    if not settings.digest.recipients or local.time() < settings.digest.at:
        return False
    with office.store.read() as shelves:
        return shelves.outbox.of_day(local.date()) is None


def compose(office: Office) -> Letter:
    """Compose the letter as it would be now, and keep nothing."""
    with office.store.read() as shelves:
        return _compose(office, gather(office, shelves))


def write(office: Office) -> OutboxLetter:
    """Compose today's letter and keep its bytes; give the one that is kept already if there is one.

    Raises ConfigError when sender or recipients are not set.
    """
    settings = office.configuration.settings.digest
    if not settings.sender or not settings.recipients:
        raise ConfigError("harvester.toml: digest.sender, digest.recipients: both are needed before a letter can go")
    day = today(office)
    with office.store.write() as shelves:
        if kept := shelves.outbox.of_day(day):
            return kept
        facts = gather(office, shelves, superseded=shelves.outbox.supersede())
        now, message_id = office.now(), mail.message_id("digest", day, settings.sender.rpartition("@")[2].rstrip("> "))
        data = mail.encode(
            _compose(office, facts),
            sender=settings.sender,
            recipients=settings.recipients,
            reply_to=settings.reply_to,
            message_id=message_id,
            at=now,
        )
        shelves.outbox.put(
            day=day,
            message_id=message_id,
            data=data,
            sender=settings.sender,
            recipients=settings.recipients,
            tells=[case.id for case in facts.confirmed],
            at=now,
        )
        kept = shelves.outbox.of_day(day)
    assert kept is not None  # noqa: S101 -- it was put there four lines above, in the same transaction
    return kept


def send(office: Office, holder: str) -> OutboxLetter | None:
    """Send the letter that waits, if its time has come; give it as it then is, or None when there is none.

    `holder` tells this process from others, of which only one sends at a time. Raises DeliveryError.
    """
    now = office.now()
    with office.store.write() as shelves:
        letter = shelves.outbox.pending()
        if letter is None or (letter.next_try_at and letter.next_try_at > now):
            return letter
        if not shelves.leases.take("send-digest", holder, now=now, length=HOLD):
            return letter
    try:
        return _deliver(office, letter)
    finally:
        with office.store.write() as shelves:
            shelves.leases.release("send-digest", holder)


def gather(office: Office, shelves: Shelves, superseded: OutboxLetter | None = None) -> Facts:
    """Collect all that today's letter tells."""
    sources = status.sources(office, shelves)
    patience = office.configuration.settings.digest.quiet_after
    counts = shelves.cases.count()
    return Facts(
        day=today(office),
        campaign=office.configuration.campaign.short_name,
        progress=status.campaign_progress(office, shelves),
        confirmed=news.untold(office, shelves),
        waiting=tuple(shelves.cases.in_states([CaseState.WAITING])),
        parked=counts.get(CaseState.PARKED, 0),
        sources=sources,
        alarms=(
            *_undelivered(superseded),
            *news.corrections(office, shelves),
            *status.silent(sources, office.now(), patience),
            *_unjudged(shelves, office),
            *_noted(shelves, office),
        ),
    )


def _deliver(office: Office, letter: OutboxLetter) -> OutboxLetter:
    settings = office.configuration.settings
    logger = log.get("send_digest")
    try:
        refused = mail.deliver(
            letter.data,
            sender=letter.sender,
            recipients=letter.recipients,
            server=settings.smtp,
            password=office.configuration.secret(settings.smtp.password_secret),
        )
    except DeliveryError as error:
        wait = min(FIRST_RETRY * 2 ** min(letter.attempts, 10), SLOWEST_RETRY)
        with office.store.write() as shelves:
            shelves.outbox.failed(letter, str(error), next_try_at=office.now() + wait)
        logger.warning("not delivered", day=str(letter.day), attempts=letter.attempts + 1, trouble=str(error))
        raise
    with office.store.write() as shelves:
        shelves.outbox.sent(letter, at=office.now(), refused=refused)
        sent = shelves.outbox.of_day(letter.day)
    logger.info("delivered", day=str(letter.day), recipients=len(letter.recipients), refused=len(refused))
    return sent or letter


def _compose(office: Office, facts: Facts) -> Letter:
    segments = {segment.key: segment.title for segment in office.configuration.campaign.segments}
    return digest.compose(facts, time_zone=office.configuration.settings.time_zone, segments=segments)


def _undelivered(letter: OutboxLetter | None) -> list[str]:
    if letter is None:
        return []
    why = letter.last_error or "it was not tried"
    return [f"The letter of {letter.day:%d %B} was never delivered ({why}); its news is in this one."]


def _unjudged(shelves: Shelves, office: Office) -> list[str]:
    """Tell of posts that no rule could judge for hours: the program fails on them, and nobody would ever see them."""
    count = shelves.posts.count_pending(office.now() - JUDGED_WITHIN)
    posts = "1 post waits" if count == 1 else f"{count} posts wait"
    return [f"{posts} for judgement for hours: the program fails there; please report its log."] if count else []


def _noted(shelves: Shelves, office: Office) -> list[str]:
    """Repeat what the last day's visits noted for the operator."""
    since = office.now() - timedelta(days=1)
    return [f"{source}: {note}." for source, note in shelves.sources.notes(since)]
