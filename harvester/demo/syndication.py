"""Show sample posts as an RSS 2.0 or Atom feed with validators, as a news site or a blog does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from html import escape

from harvester.demo.exchange import Request, Response, conditional
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
        changed=max((post.edited_at or post.published_at for post in newest), default=changed_at).isoformat(),
        entries=entries,
    )
    kind = "application/atom+xml" if atom else "application/rss+xml"
    headers = {"Content-Type": f"{kind}; charset=utf-8"}
    return conditional(request, Response(headers=headers, body=body.encode("utf-8", "replace")), changed_at)


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
