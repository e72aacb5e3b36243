"""Read what a platform sent as JSON: the fields we use, each checked and cleaned, everything else left alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    model_validator,
)

from harvester.collect._feed_links import is_web_address
from harvester.errors import UnreadableItem
from harvester.model import NativeId, RawItem
from harvester.text import clean, plain_text

LONGEST_ID = 500
"""Longer ones are hashed: an index of PostgreSQL refuses rows over 2,704 bytes."""


def _clean(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


def _plain(value: object) -> object:
    return plain_text(value) if isinstance(value, str) else value


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("is outside the calendar") from None


def web_address(url: str) -> str:
    """Give the address if it is one of the web, else nothing: people will click on it."""
    return url if is_web_address(url) and " " not in url else ""


Text = Annotated[str, BeforeValidator(_clean)]
"""Text without control characters and lone surrogates (pydantic itself fails on those)."""
Html = Annotated[str, BeforeValidator(_plain)]
"""What a reader sees of HTML."""
Url = Annotated[Text, AfterValidator(web_address)]
"""An address on the web, or empty."""
Moment = Annotated[AwareDatetime, AfterValidator(_utc)]
"""An aware datetime in UTC."""


class Payload(BaseModel):
    """The part of a JSON object that we read; a field that is null counts as absent."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, value: object) -> object:
        return {k: v for k, v in value.items() if v is not None} if isinstance(value, Mapping) else value


PayloadT = TypeVar("PayloadT", bound=Payload)


def read_payload(model: type[PayloadT], item: RawItem) -> PayloadT:
    """Check an item's payload; raise UnreadableItem that names each wrong field, without its value."""
    try:
        return model.model_validate(item.payload)
    except ValidationError as error:
        problems = [(".".join(str(part) for part in p["loc"]), p["msg"]) for p in error.errors(include_input=False)]
        told = "; ".join(f"{clean(where)}: {what}" for where, what in problems[:5])
        raise UnreadableItem(f"{item.source}: {told}") from None


def native_id(value: object, payload: Mapping[str, Any]) -> NativeId:
    """Give `value` as the item's id, or, where it can be none, a hash, so that the item is kept all the same."""
    text = clean(value) if isinstance(value, str) else ""
    if 0 < len(text) <= LONGEST_ID:
        return NativeId(text)
    content = text or json.dumps(payload, sort_keys=True)
    return NativeId("sha256:" + hashlib.sha256(content.encode()).hexdigest())


def domain(url: str) -> str:
    """Give the host of a web address without `www.`, in lower case."""
    return (urlsplit(url).hostname or "").removeprefix("www.") if web_address(url) else ""
