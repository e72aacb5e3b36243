"""Show sample posts as a Mastodon server's hashtag timeline.

Parameters, paging, fields and headers as in the Mastodon API's documentation (methods/timelines#tag, api/guidelines).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import quote, unquote, urlencode

from harvester.demo.exchange import Request, Response, json_response, order
from harvester.demo.sample import Sample

MAX_TAGS = 4
TAG = re.compile(r"#(?:<span>)?(\w+)")
MARKS = re.compile(r"(?P<url>https?://[^\s<>]+)|@(?P<user>\w+)(?:@(?P<host>[\w.-]+\w))?|#(?P<tag>\w+)")
SHOWN_OF_URL = 30


def timeline(request: Request, tag: str, posts: Iterable[Sample], *, now: datetime, page_size: int) -> Response:
    """Answer `/api/v1/timelines/tag/:tag` with at most min(`limit`, 40, `page_size`) statuses, newest first."""
    tags = {word.casefold() for word in (unquote(tag), *request.query.get("any[]", ())[: MAX_TAGS - 1])}
    server = _server(request)
    found = {
        status_id(post, server): post
        for post in posts
        if post.place in {"", server} and tags & _tags(post.repost_of or post)
    }
    limit = min(int(request.one("limit") or 20), 40, page_size)
    ids = _page(sorted(found, key=order), request, limit)
    headers = {**_limits(now), **_links(request, ids, full=len(ids) == limit)}
    return json_response([_status(found[identifier], server) for identifier in ids], headers=headers)


def instance(request: Request, version: int) -> Response:
    """Answer `/api/v1/instance` or `/api/v2/instance`."""
    domain = _server(request)
    about: dict[str, Any] = {"title": "Sample server", "version": "4.5.1", "description": "Samples for a demonstration"}
    if version == 1:
        return json_response({**about, "uri": domain, "stats": {}, "urls": {}, "configuration": {}})
    return json_response({**about, "domain": domain, "configuration": {}, "api_versions": {"mastodon": 7}})


def status_id(post: Sample, server: str) -> str:
    """Give the id that `server` makes for `post`: milliseconds, then 16 bits of its own (lib/mastodon/snowflake.rb)."""
    milliseconds = int(post.published_at.timestamp() * 1000)
    return post.native_id or str((milliseconds << 16) + post.number(16, server))


def _server(request: Request) -> str:
    """Name the Mastodon server: `/NAME/api/...` is a second one on the same port, `/api/...` the first."""
    first = request.path.split("/")[1]
    return "social.example" if first == "api" else f"{first}.example"


def _page(ids: list[str], request: Request, limit: int) -> list[str]:
    """Cut one page out of all `ids` (oldest first): `min_id` gives the page just above it, the others the newest."""
    low, high = request.one("min_id") or request.one("since_id"), request.one("max_id")
    between = [i for i in ids if (not low or order(i) > order(low)) and (not high or order(i) < order(high))]
    page = between[:limit] if request.one("min_id") else between[-limit:]
    return page[::-1]


def _links(request: Request, ids: list[str], *, full: bool) -> dict[str, str]:
    if not ids:
        return {}
    kept = [(k, v) for k, values in request.query.items() if k in {"limit", "any[]"} for v in values]
    older = f'<{request.base}{request.path}?{urlencode([*kept, ("max_id", ids[-1])])}>; rel="next"'
    newer = f'<{request.base}{request.path}?{urlencode([*kept, ("min_id", ids[0])])}>; rel="prev"'
    return {"Link": f"{older}, {newer}" if full else newer}


def _limits(now: datetime) -> dict[str, str]:
    reset = (now + timedelta(minutes=5)).replace(microsecond=0)
    return {
        "X-RateLimit-Limit": "300",
        "X-RateLimit-Remaining": "299",
        "X-RateLimit-Reset": _stamp(reset),
    }


def _tags(post: Sample) -> set[str]:
    return {tag.casefold() for tag in TAG.findall(post.text)}


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def _status(post: Sample, server: str) -> dict[str, Any]:
    user, host = _split(post.handle)
    uri = f"https://{host}/users/{user}/statuses/{status_id(post, host)}"
    status: dict[str, Any] = {
        "id": status_id(post, server),
        "created_at": _stamp(post.published_at),
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "sensitive": False,
        "spoiler_text": post.title,
        "visibility": "public",
        "language": post.language,
        "uri": uri,
        "url": post.link or f"https://{host}/@{user}/{status_id(post, host)}",
        "replies_count": 0,
        "reblogs_count": 0,
        "favourites_count": 0,
        "edited_at": _stamp(post.edited_at) if post.edited_at else None,
        "content": "" if post.repost_of else _content(post, server),
        "reblog": _status(post.repost_of, server) if post.repost_of else None,
        "account": _account(post, server),
        "media_attachments": [],
        "mentions": _mentions(post, server),
        "tags": [{"name": t, "url": f"https://{server}/tags/{quote(t)}"} for t in sorted(_tags(post))],
        "emojis": [],
        "card": None,
        "poll": None,
    }
    return {name: value for name, value in status.items() if name not in post.without}


def _split(handle: str) -> tuple[str, str]:
    user, _, host = handle.lstrip("@").partition("@")
    return user, host or "social.example"


def _account(post: Sample, server: str) -> dict[str, Any]:
    user, host = _split(post.handle)
    return {
        "id": str(post.number(31, server)),
        "username": user,
        "acct": user if host == server else f"{user}@{host}",
        "display_name": post.name,
        "locked": False,
        "bot": False,
        "note": f"<p>{escape(post.about)}</p>" if post.about else "",
        "url": f"https://{host}/@{user}",
        "uri": f"https://{host}/users/{user}",
        "fields": [],
        "emojis": [],
    }


def _mentions(post: Sample, server: str) -> list[dict[str, str]]:
    found = [(m["user"], m["host"] or server) for m in MARKS.finditer(post.text) if m["user"]]
    return [
        {
            "id": str(n),
            "username": user,
            "acct": user if host == server else f"{user}@{host}",
            "url": f"https://{host}/@{user}",
        }
        for n, (user, host) in enumerate(found, 1)
    ]


def _content(post: Sample, server: str) -> str:
    if post.html:
        return post.text
    paragraphs = (_marked_up(paragraph, server).replace("\n", "<br />") for paragraph in post.text.split("\n\n"))
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def _marked_up(text: str, server: str) -> str:
    pieces, done = [], 0
    for mark in MARKS.finditer(text):
        pieces += [escape(text[done : mark.start()], quote=False), _link(mark, server)]
        done = mark.end()
    return "".join([*pieces, escape(text[done:], quote=False)])


def _link(mark: re.Match[str], server: str) -> str:
    """Write a link as Mastodon does, with the spans that cut a word or an address in pieces."""
    if tag := mark["tag"]:
        address = f"https://{server}/tags/{quote(tag)}"
        return f'<a href="{address}" class="mention hashtag" rel="tag">#<span>{escape(tag)}</span></a>'
    if user := mark["user"]:
        address = f"https://{mark['host'] or server}/@{user}"
        return (
            f'<span class="h-card" translate="no"><a href="{address}" class="u-url mention">'
            f"@<span>{user}</span></a></span>"
        )
    scheme, rest = mark["url"].split("://", 1)
    shown, hidden = escape(rest[:SHOWN_OF_URL]), escape(rest[SHOWN_OF_URL:])
    return (
        f'<a href="{escape(mark["url"])}" target="_blank" rel="nofollow noopener" translate="no">'
        f'<span class="invisible">{scheme}://</span><span class="{"ellipsis" if hidden else ""}">{shown}</span>'
        f'<span class="invisible">{hidden}</span></a>'
    )
