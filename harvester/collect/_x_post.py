"""Join a post of X with what its page says of its author, and read it.

X is renaming Tweet to Post: its OpenAPI document 2.166 has `note_tweet`, `edit_history_tweet_ids`, `referenced_tweets`
and `includes.tweets`, 2.167 (August 2026) has `note_post` and so on. Both spellings are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, Field

from harvester.collect._payload import Moment, Payload, Text, Url, domain, read_payload
from harvester.model import Author, Post, PostId, RawItem
from harvester.text import clean

POSTS = ("tweets", "posts")
HISTORIES = ("edit_history_tweet_ids", "edit_history_post_ids")
REFERENCES = ("referenced_tweets", "referenced_posts")
NOTES = ("note_tweet", "note_post")
LANGUAGES = {"in": "id", "iw": "he", "und": "", "zxx": "", "art": ""}
"""X's own codes; those of three letters that begin with q are no languages either."""
_SHORT_LINK = re.compile(r"https://t\.co/\w+")
_RETWEET = re.compile(r"RT @(\w+): (.*)", re.DOTALL)


def _unescaped(value: object) -> object:
    return clean(unescape(value)) if isinstance(value, str) else value


Escaped = Annotated[str, BeforeValidator(_unescaped)]
"""X's text: plain, but with &amp;, &lt; and &gt;."""


class _Link(Payload):
    url: Text = ""
    expanded_url: Url = ""
    unwound_url: Url = ""


class _Mention(Payload):
    username: Text = ""


class _Entities(Payload):
    urls: tuple[_Link, ...] = ()
    mentions: tuple[_Mention, ...] = ()


class _Note(Payload):
    text: Escaped
    entities: _Entities = _Entities()


class _Reference(Payload):
    type: Text = ""
    id: Text = ""


class _Post(Payload):
    id: Text = Field(min_length=1)
    text: Escaped
    author_id: Text = ""
    created_at: Moment | None = None
    lang: Text = ""
    entities: _Entities = _Entities()
    note: _Note | None = Field(default=None, validation_alias=AliasChoices(*NOTES))
    history: tuple[Text, ...] = Field(default=(), validation_alias=AliasChoices(*HISTORIES))
    references: tuple[_Reference, ...] = Field(default=(), validation_alias=AliasChoices(*REFERENCES))


class _Profile(Payload):
    url: _Entities = _Entities()


class _User(Payload):
    id: Text = ""
    username: Text = ""
    name: Escaped = ""
    description: Escaped = ""
    entities: _Profile = _Profile()


class _Includes(Payload):
    users: tuple[_User, ...] = ()
    posts: tuple[_Post, ...] = Field(default=(), validation_alias=AliasChoices(*POSTS))


class _Answer(Payload):
    data: _Post
    includes: _Includes = _Includes()


def objects(value: object) -> list[Mapping[str, Any]]:
    """Give the objects of a list, and nothing where there is no list."""
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def first_id(post: Mapping[str, Any]) -> object:
    """Give the id that stays the same when the post is edited: each edit has an id of its own."""
    histories = (post.get(name) for name in HISTORIES)
    return next((ids[0] for ids in histories if isinstance(ids, list) and ids), post.get("id"))


def join(post: Mapping[str, Any], includes: Mapping[str, Any]) -> dict[str, Any]:
    """Put a post together with the users and posts of its page that it speaks of, as X answers for a single post."""
    referenced = {str(reference.get("id")) for name in REFERENCES for reference in objects(post.get(name))}
    posts = {
        name: [other for other in objects(includes[name]) if str(other.get("id")) in referenced]
        for name in POSTS
        if name in includes
    }
    near = [post, *(other for others in posts.values() for other in others)]
    authors = {str(one.get("author_id")) for one in near}
    mentioned = {str(mention.get("username")).casefold() for one in near for mention in _mentions(one)}
    users = [
        user
        for user in objects(includes.get("users"))
        if str(user.get("id")) in authors or str(user.get("username")).casefold() in mentioned
    ]
    return {"data": post, "includes": {"users": users, **posts}}


def read_post(item: RawItem) -> Post:
    """Give the post; of a retweet, the retweeter's with the original's text. Raise UnreadableItem."""
    answer = read_payload(_Answer, item)
    post, users = answer.data, {user.id: user for user in answer.includes.users}
    named = {user.username.casefold(): user for user in answer.includes.users}
    original = _original(post, answer.includes)
    shown = original or post
    entities = _entities(shown)
    author = _author(users.get(post.author_id))
    return Post(
        id=PostId(f"x:{item.native_id}"),
        source=item.source,
        url=_url(author, post),
        author=author,
        title="",
        text=_text(shown, entities),
        published_at=post.created_at,
        edited_at=post.created_at if len(post.history) > 1 else None,
        language="" if re.fullmatch("q..", shown.lang) else LANGUAGES.get(shown.lang, shown.lang),
        links=tuple(
            dict.fromkeys(link for entity in entities.urls if (link := entity.unwound_url or entity.expanded_url))
        ),
        mentions={
            m.username: user.name if (user := named.get(m.username.casefold())) else ""
            for m in entities.mentions
            if m.username
        },
        repost_of=_retweeted(post, original, users, named) if original else None,
    )


def _retweeted(post: _Post, original: _Post, users: Mapping[str, _User], named: Mapping[str, _User]) -> Author:
    """Give the original's author: by its id, or by the handle behind "RT" where X did not send the original along."""
    begins = _RETWEET.match(post.text)
    handle = begins[1] if begins else ""
    user = users.get(original.author_id) or named.get(handle.casefold())
    return _author(user) if user else Author(platform="x", handle=handle)


def _mentions(post: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for holder in (post, *(post.get(name) for name in NOTES)):
        entities = holder.get("entities") if isinstance(holder, Mapping) else None
        yield from objects(entities.get("mentions") if isinstance(entities, Mapping) else None)


def _original(post: _Post, includes: _Includes) -> _Post | None:
    """Give what was retweeted; if X did not send it along, what of it stands in the retweet's own, shorter text."""
    wanted = next((reference.id for reference in post.references if reference.type == "retweeted"), None)
    if wanted is None:
        return None
    known = next((other for other in includes.posts if other.id == wanted), None)
    begins = _RETWEET.match(post.text)
    return known or post.model_copy(update={"author_id": "", "text": begins[2] if begins else post.text})


def _entities(post: _Post) -> _Entities:
    return post.note.entities if post.note else post.entities


def _text(post: _Post, entities: _Entities) -> str:
    """Give the whole text (`text` is cut at 280 characters), with where its short links lead."""
    targets = {link.url: link.expanded_url for link in entities.urls if link.expanded_url}
    return _SHORT_LINK.sub(lambda link: targets.get(link[0], link[0]), post.note.text if post.note else post.text)


def _author(user: _User | None) -> Author:
    """Give the user as an author; X leaves out users who are suspended or protected."""
    if user is None:
        return Author(platform="x")
    return Author(
        platform="x",
        handle=user.username,
        name=user.name or user.username,
        url=f"https://x.com/{user.username}" if re.fullmatch(r"\w+", user.username) else "",
        about=user.description,
        domain=next((domain(link.expanded_url) for link in user.entities.url.urls if link.expanded_url), ""),
    )


def _url(author: Author, post: _Post) -> str:
    return f"{author.url or 'https://x.com/i'}/status/{post.id}" if re.fullmatch(r"\w+", post.id) else ""
