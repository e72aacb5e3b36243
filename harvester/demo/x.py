"""Show sample posts as the X API v2's recent search does.

Parameters, fields, defaults and errors as in X's documentation of `GET /2/tweets/search/recent` (August 2026); the
query itself is not understood: every sample matches.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from html import escape
from typing import Any

from harvester.demo.exchange import Request, Response, json_response, order
from harvester.demo.sample import Sample

EPOCH_MS = 1288834974657
WINDOW = timedelta(days=7)
INDEX_LAG = timedelta(seconds=30)
MAX_SHORT = 280
MAX_RETWEET = 140
MARKS = re.compile(r"(?P<url>https?://[^\s<>]+)|@(?P<mention>\w{1,15})|#(?P<hashtag>\w+)")


def search(request: Request, posts: Iterable[Sample], *, now: datetime, page_size: int) -> Response:
    """Answer one page of min(`max_results`, `page_size`) posts of the last seven days, newest first."""
    if not re.fullmatch(r"Bearer \S+", request.headers.get("authorization", "")):
        problem = {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}
        return json_response(problem, status=401)
    if (error := _refusal(request, now)) is not None:
        return error
    found = {tweet_id(post): post for post in posts}
    ids = [i for i in sorted(found, key=order, reverse=True) if _wanted(i, found[i], request, now)]
    page = ids[: min(int(request.one("max_results") or 10), page_size)]
    meta: dict[str, Any] = {"result_count": len(page)}
    if page:
        meta |= {"newest_id": page[0], "oldest_id": page[-1]}
    if len(page) < len(ids):
        meta["next_token"] = f"b26v89c19zqg8o3f{page[-1]}"
    answer = {"data": [_tweet(found[i], request) for i in page], "includes": _includes(page, found, request)}
    return json_response({name: part for name, part in answer.items() if part} | {"meta": meta}, headers=_limits(now))


def tweet_id(post: Sample) -> str:
    """Give the post's snowflake; an edited post has the id of its last edit."""
    return post.native_id or _snowflake(post, _moment_of(post))


def _moment_of(post: Sample) -> datetime:
    """Give the time of the newest version: on X each edit is a post of its own."""
    return post.edited_at or post.published_at


def _snowflake(post: Sample, moment: datetime) -> str:
    return str(((int(moment.timestamp() * 1000) - EPOCH_MS) << 22) + post.number(22))


def _refusal(request: Request, now: datetime) -> Response | None:
    """Give the 400 that the API answers to a parameter out of bounds, or None."""
    oldest = _snowflake_floor(now - WINDOW)
    checks = {
        "query": bool(request.one("query")),
        "max_results": 10 <= int(request.one("max_results") or 10) <= 100,  # noqa: PLR2004 -- the API's bounds
        "since_id": not request.one("since_id") or order(request.one("since_id")) >= order(oldest),
        "start_time": not request.one("start_time") or _moment(request.one("start_time")) >= now - WINDOW,
    }
    wrong = [name for name, fine in checks.items() if not fine]
    if not wrong:
        return None
    problem = {
        "errors": [{"parameters": {name: [request.one(name)]}, "message": f"Invalid '{name}'"} for name in wrong],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": "https://api.twitter.com/2/problems/invalid-request",
    }
    return json_response(problem, status=400, headers=_limits(now))


def _snowflake_floor(moment: datetime) -> str:
    return str((int(moment.timestamp() * 1000) - EPOCH_MS) << 22)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _wanted(identifier: str, post: Sample, request: Request, now: datetime) -> bool:
    start = _moment(request.one("start_time")) if request.one("start_time") else now - WINDOW
    end = _moment(request.one("end_time")) if request.one("end_time") else now - INDEX_LAG
    token = (request.one("next_token") or request.one("pagination_token")).removeprefix("b26v89c19zqg8o3f")
    above, below = request.one("since_id"), [i for i in (request.one("until_id"), token) if i]
    return (
        start <= _moment_of(post) < end
        and (not above or order(identifier) > order(above))
        and all(order(identifier) < order(i) for i in below)
    )


def _limits(now: datetime) -> dict[str, str]:
    return {
        "x-rate-limit-limit": "450",
        "x-rate-limit-remaining": "449",
        "x-rate-limit-reset": str(int(now.timestamp()) + 900),
    }


def _tweet(post: Sample, request: Request) -> dict[str, Any]:
    """Give the post with the three fields that always come, and those that the request asks for."""
    text = _visible_text(post)
    asked = request.several("tweet.fields", "post.fields")
    every = {
        "created_at": f"{_moment_of(post):%Y-%m-%dT%H:%M:%S}.{_moment_of(post).microsecond // 1000:03d}Z",
        "author_id": user_id(post),
        "lang": post.language,
        "conversation_id": _snowflake(post, post.published_at),
        "note_tweet": {"text": escape(post.text, quote=False)} if len(post.text) > MAX_SHORT else None,
        "entities": _entities(text),
        "referenced_tweets": [{"type": "retweeted", "id": tweet_id(post.repost_of)}] if post.repost_of else None,
    }
    tweet = {
        "id": tweet_id(post),
        "text": text,
        "edit_history_tweet_ids": _history(post),
        **{name: value for name, value in every.items() if name in asked and value},
    }
    return {name: value for name, value in tweet.items() if name not in post.without}


def _history(post: Sample) -> list[str]:
    first = [_snowflake(post, post.published_at)] if post.edited_at else []
    return [*first, tweet_id(post)]


def _visible_text(post: Sample) -> str:
    if post.repost_of:
        text = f"RT @{post.repost_of.handle.lstrip('@')}: {post.repost_of.text}"
        return escape(text if len(text) <= MAX_RETWEET else f"{text[: MAX_RETWEET - 1]}…", quote=False)
    if len(post.text) > MAX_SHORT:
        return f"{escape(post.text[: MAX_SHORT - 4], quote=False)}… https://t.co/{post.number(30):x}"
    return escape(post.text, quote=False)


def _entities(text: str) -> dict[str, list[dict[str, Any]]]:
    entities: dict[str, list[dict[str, Any]]] = {}
    for mark in MARKS.finditer(text):
        place = {"start": mark.start(), "end": mark.end()}
        if mark["url"]:
            entities.setdefault("urls", []).append({**place, "url": mark["url"], "expanded_url": mark["url"]})
        elif mark["mention"]:
            mention = {**place, "username": mark["mention"], "id": _number(mark["mention"])}
            entities.setdefault("mentions", []).append(mention)
        else:
            entities.setdefault("hashtags", []).append({**place, "tag": mark["hashtag"]})
    return entities


def user_id(post: Sample) -> str:
    """Give the author's number, the same for all posts of one handle."""
    return _number(post.handle)


def _number(handle: str) -> str:
    return str(10**9 + zlib.crc32(handle.lstrip("@").casefold().encode()))


def _includes(page: list[str], found: dict[str, Sample], request: Request) -> dict[str, Any]:
    """Give the users and posts that the request wants joined in."""
    expansions = request.several("expansions")
    shown = [found[identifier] for identifier in page]
    originals = [post.repost_of for post in shown if post.repost_of]
    authors = shown if "author_id" in expansions else []
    if expansions & {"referenced_tweets.id.author_id", "referenced_posts.author_id"}:
        authors = [*authors, *originals]
    users = [_user(post) for post in authors]
    if "entities.mentions.username" in expansions:
        users += [_user(post) for post in originals]
        users += [_mentioned(handle, name) for post in shown for handle, name in post.mentions.items()]
    included: dict[str, Any] = {"users": list({user["id"]: user for user in users}.values())}
    if expansions & {"referenced_tweets.id", "referenced_posts", "referenced_tweets.id.author_id"}:
        included["tweets"] = [_tweet(post, request) for post in originals]
    return {name: values for name, values in included.items() if values}


def _mentioned(handle: str, name: str) -> dict[str, str]:
    return {"id": _number(handle), "name": name, "username": handle}


def _user(post: Sample) -> dict[str, str]:
    return {**_mentioned(post.handle.lstrip("@"), post.name), "description": post.about}
