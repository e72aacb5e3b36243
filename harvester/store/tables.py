"""The tables, in the order in which data meets them; `migrations/` brings a database to this shape."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)

from harvester.model import Author, Claim, Match, Reason
from harvester.store.types import Json, Key, PlainText, UtcTime

Strings = Json(tuple[str, ...])

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

source_state = Table(
    "source_state",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("cursor", PlainText, nullable=False, server_default=""),
    Column("next_due_at", UtcTime),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("last_run_at", UtcTime),
    Column("last_success_at", UtcTime),
    Column("last_new_at", UtcTime),
    Column("health", String(16), nullable=False, server_default="never"),
    Column("trouble", PlainText, nullable=False, server_default=""),
)

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("fetched", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("edited", Integer, nullable=False),
    Column("unrelated", Integer, nullable=False),
    Column("unreadable", Integer, nullable=False),
    Column("trouble", PlainText, nullable=False),
    Column("notes", Strings, nullable=False),
    Index(None, "source", "started_at"),
)

item = Table(
    "item",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("native_id", Key, nullable=False),
    Column("payload", Json(dict[str, Any]), nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("fetched_at", UtcTime, nullable=False),
    Column("unreadable", PlainText),
    UniqueConstraint("source", "native_id"),
)

post = Table(
    "post",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("post_id", Key, nullable=False, unique=True),
    Column("item_id", ForeignKey("item.id"), nullable=False, index=True),
    Column("source", String(64), nullable=False, index=True),
    Column("url", PlainText, nullable=False),
    Column("author", Json(Author), nullable=False),
    Column("title", PlainText, nullable=False),
    Column("text", PlainText, nullable=False),
    Column("language", PlainText, nullable=False),
    Column("published_at", UtcTime),
    Column("edited_at", UtcTime),
    Column("links", Strings, nullable=False),
    Column("mentions", Json(dict[str, str]), nullable=False),
    Column("repost_of", Json(Author | None)),
    Column("fingerprint", String(32), nullable=False),
    Column("pending", Boolean, nullable=False, server_default=text("true")),
    # Only the few posts that wait for judgement are in this index, however many have been judged.
    Index("ix_post_pending", "id", sqlite_where=text("pending"), postgresql_where=text("pending")),
)

finding = Table(
    "finding",
    metadata,
    Column("post_id", ForeignKey("post.id"), primary_key=True),
    Column("label", String(16), nullable=False, index=True),
    Column("confidence", Float, nullable=False),
    Column("claims", Json(tuple[Claim, ...]), nullable=False),
    Column("reasons", Json(tuple[Reason, ...]), nullable=False),
    Column("language", PlainText, nullable=False),
    Column("rules_version", String(64), nullable=False),
    Column("judged_at", UtcTime, nullable=False),
)

organisation = Table(
    "organisation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", PlainText, nullable=False),
    Column("standing", String(16), nullable=False, index=True),
    Column("aliases", Strings, nullable=False),
    Column("handles", Strings, nullable=False),
    Column("domains", Strings, nullable=False),
    Column("country", String(2), nullable=False, server_default=""),
    Column("category", String(32)),
    Column("segments", Strings, nullable=False),
    Column("signed_on", Date),
    Column("listed_as", Key, unique=True),
    Column("revision", Integer, nullable=False, index=True),
)

judgement = Table(
    "judgement",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("relation", String(16), nullable=False),
    Column("one_id", ForeignKey("organisation.id"), nullable=False, index=True),
    Column("other_id", ForeignKey("organisation.id"), index=True),
    Column("name", PlainText, nullable=False, server_default=""),
    Column("by", PlainText, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("note", PlainText, nullable=False, server_default=""),
    # A judgement can be taken back once.
    Column("undoes", ForeignKey("judgement.id"), unique=True),
)

proposal = Table(
    "proposal",
    metadata,
    Column("one_id", ForeignKey("organisation.id"), primary_key=True),
    Column("other_id", ForeignKey("organisation.id"), primary_key=True),
    Column("score", Float, nullable=False),
    Column("reasons", Json(tuple[Reason, ...]), nullable=False),
    Column("at", UtcTime, nullable=False),
)

review_case = Table(
    "review_case",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False, index=True),
    Column("state", String(16), nullable=False, index=True),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("opened_at", UtcTime, nullable=False),
    Column("match", Json(Match | None)),
)

decision = Table(
    "decision",
    metadata,
    Column("case_id", ForeignKey("review_case.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("move", String(16), nullable=False),
    Column("by", PlainText, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("note", PlainText, nullable=False),
    Column("changes", Json(dict[str, tuple[Any, Any]]), nullable=False),
)

evidence = Table(
    "evidence",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("post_id", ForeignKey("post.id"), nullable=False),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False, index=True),
    Column("case_id", ForeignKey("review_case.id"), index=True),
    Column("claim", Json(Claim), nullable=False),
    Column("quote", PlainText, nullable=False),
    Column("found_at", UtcTime, nullable=False),
    UniqueConstraint("post_id", "organisation_id"),
)

spend = Table(
    "spend",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("reads", Integer, nullable=False),
)

lease = Table(
    "lease",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("holder", PlainText, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("day", Date, nullable=False, unique=True),
    Column("message_id", Key, nullable=False, unique=True),
    Column("data", LargeBinary, nullable=False),
    Column("sender", PlainText, nullable=False),
    Column("recipients", Strings, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("created_at", UtcTime, nullable=False),
    Column("sent_at", UtcTime),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("last_error", PlainText, nullable=False, server_default=""),
    Column("next_try_at", UtcTime),
)

told = Table(
    "told",
    metadata,
    Column("outbox_id", ForeignKey("outbox.id"), primary_key=True),
    Column("case_id", ForeignKey("review_case.id"), primary_key=True),
)
