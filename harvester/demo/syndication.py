"""Show sample posts as an RSS 2.0 or Atom feed with validators, as a news site or a blog does."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from html import escape

from harvester.demo.exchange import Request, Response
from harvester.demo.sample import Sample, Site

RSS = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>\n'
    "<title>{title}</title><link>{link}</link><description>{title}</description><language>{language}</language>\n"
    "{entries}</channel></rss>\n"
)
ATOM = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">\n'
    '<title>{title}</title><link href="{link}"/><id>{link}</id><updated>{changed}</updated>\n{entries}</feed>\n'
)


def answer(request: Request, site: Site, posts: Iterable[Sample], *, changed_at: datetime, window: int) -> Response:
    """Answer with the newest `window` posts, or with 304 when the request's validators still hold."""
    newest = sorted(posts, key=lambda post: (post.published_at, post.key), reverse=True)[:window]
    atom = request.path.endswith(".atom")
    entries = "".join(_atom_entry(site, post) if atom else _rss_item(site, post) for post in newest)
    body = (ATOM if atom else RSS).format(
        title=escape(site.title),
        link=escape(site.link),
        language=site.language,
        changed=changed_at.isoformat(),
        entries=entries,
    )
    content = body.encode("utf-8", "replace")
    validators = {
        "ETag": f'"{hashlib.sha256(entries.encode("utf-8", "replace")).hexdigest()[:16]}"',
        "Last-Modified": format_datetime(changed_at.replace(microsecond=0), usegmt=True),
    }
    if _still_fresh(request, validators):
        return Response(status=304, headers=validators)
    kind = "application/atom+xml" if atom else "application/rss+xml"
    return Response(headers={"Content-Type": f"{kind}; charset=utf-8", **validators}, body=content)


def _still_fresh(request: Request, validators: dict[str, str]) -> bool:
    """Decide as RFC 9110, section 13.2.2 does: the entity tag alone counts where one is sent."""
    if tags := request.headers.get("if-none-match"):
        return validators["ETag"] in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    if since := request.headers.get("if-modified-since"):
        return parsedate_to_datetime(since) >= parsedate_to_datetime(validators["Last-Modified"])
    return False


def link_of(site: Site, post: Sample) -> str:
    """Give the web address of a feed's post."""
    return post.link or f"{site.link}/{post.key}"


def _rss_item(site: Site, post: Sample) -> str:
    values = {
        "title": escape(post.title),
        "link": escape(link_of(site, post)),
        "guid": escape(post.native_id or link_of(site, post)),
        "pubDate": format_datetime(post.published_at, usegmt=True),
        "dc:creator": escape(post.name),
        "description": escape(_html(post)),
    }
    attributes = {"guid": ' isPermaLink="false"'} if post.native_id else {}
    return _element("item", values, post.without, attributes)


def _atom_entry(site: Site, post: Sample) -> str:
    values = {
        "title": escape(post.title),
        "id": escape(post.native_id or link_of(site, post)),
        "published": post.published_at.isoformat(),
        "updated": (post.edited_at or post.published_at).isoformat(),
        "author": f"<name>{escape(post.name)}</name>",
        "content": escape(_html(post)),
    }
    link = "" if "link" in post.without else f'<link href="{escape(link_of(site, post))}"/>'
    return _element("entry", values, post.without, {"content": ' type="html"'}, extra=link)


def _element(
    name: str, values: dict[str, str], without: tuple[str, ...], attributes: dict[str, str], *, extra: str = ""
) -> str:
    inner = "".join(
        f"<{tag}{attributes.get(tag, '')}>{value}</{tag}>"
        for tag, value in values.items()
        if value and tag not in without
    )
    return f"<{name}>{inner}{extra}</{name}>\n"


def _html(post: Sample) -> str:
    if post.html:
        return post.text
    return "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in post.text.split("\n\n"))
