"""Read a Mastodon status as a post.

Fields as in the Mastodon API's documentation (entities/Status, entities/Account), which GoToSocial and others follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from pydantic import Field
from selectolax.lexbor import LexborHTMLParser

from harvester.collect._payload import Html, Moment, Payload, Text, Url, domain, read_payload, web_address
from harvester.model import Author, Post, PostId, RawItem
from harvester.text import plain_text


class _Emoji(Payload):
    shortcode: Text = ""


class _Field(Payload):
    value: Text = ""
    verified_at: Moment | None = None


class _Account(Payload):
    acct: Text = Field(min_length=1)
    url: Url = ""
    display_name: Text = ""
    note: Html = ""
    emojis: tuple[_Emoji, ...] = ()
    fields: tuple[_Field, ...] = ()


class _Mention(Payload):
    username: Text = ""


class _Card(Payload):
    url: Url = ""


class _Original(Payload):
    uri: Text = Field(min_length=1)
    url: Url = ""
    account: _Account
    content: Text
    spoiler_text: Text = ""
    created_at: Moment
    edited_at: Moment | None = None
    language: Text = ""
    mentions: tuple[_Mention, ...] = ()
    card: _Card = _Card()


class _Status(_Original):
    reblog: _Original | None = None


def read_status(item: RawItem) -> Post:
    """Give the post; of a boost, the booster's with the original's text. Raise UnreadableItem."""
    status = read_payload(_Status, item)
    shown = status.reblog or status
    return Post(
        id=PostId(f"mastodon:{item.native_id}"),
        source=item.source,
        url=shown.url or web_address(shown.uri),
        author=_author(status.account),
        title=shown.spoiler_text,
        text=plain_text(shown.content),
        published_at=status.created_at,
        edited_at=shown.edited_at,
        language=shown.language,
        links=tuple(dict.fromkeys(link for link in (*_links(shown.content), shown.card.url) if link)),
        mentions={mention.username: "" for mention in shown.mentions if mention.username},
        repost_of=_author(shown.account) if status.reblog else None,
    )


def _author(account: _Account) -> Author:
    """Give the account as an author, with the server in its handle; `domain` is a site that the server verified."""
    host = urlsplit(account.url).hostname
    verified = (domain(link) for field in account.fields if field.verified_at for link in _links(field.value))
    return Author(
        platform="mastodon",
        handle=account.acct if "@" in account.acct or not host else f"{account.acct}@{host}",
        name=_without_emoji(account) or account.acct,
        url=account.url,
        about=account.note,
        domain=next(verified, ""),
    )


def _without_emoji(account: _Account) -> str:
    """Give the display name without `:shortcodes:`, which stand for the server's own little pictures."""
    known = {emoji.shortcode for emoji in account.emojis}
    shown = re.sub(r":(\w+):", lambda found: "" if found[1] in known else found[0], account.display_name)
    return " ".join(shown.split())


def _links(html: str) -> Iterator[str]:
    """Give where the links lead, without those to hashtags and to the accounts mentioned."""
    for link in LexborHTMLParser(html).css("a[href]"):
        if not {"mention", "hashtag"} & set((link.attributes.get("class") or "").split()):
            yield web_address(link.attributes.get("href") or "")
