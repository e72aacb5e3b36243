"""Compare the links of feed entries: which mean the same page, and which belong to the same site."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

MOST_LINKS = 200
_TRACKING = re.compile(r"(?:utm_[a-z_]+|fbclid|gclid|mc_cid|mc_eid)(?:=|$)", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}


def canonical(link: str) -> str:
    """Give `link` in one spelling for the same page: https, host in lower case, no default port, no tracking.

    What is no web address comes back as it is.
    """
    if not is_web_address(link):
        return link
    parts = urlsplit(link)
    port = f":{parts.port}" if parts.port and parts.port != _PORTS[parts.scheme] else ""
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _TRACKING.match(pair))
    # Some sites show all their pages at one address and tell them apart after the number sign.
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    return urlunsplit(("https", f"{parts.hostname}{port}", parts.path.rstrip("/"), query, fragment))


def is_web_address(link: str) -> bool:
    """Say whether `link` is an absolute address with http or https that can be taken apart."""
    try:
        parts = urlsplit(link)
        return parts.scheme in _PORTS and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def same_site(host: str, site: str) -> bool:
    """Say whether `host` is `site` or lies below it, and so is under its owner's control."""
    return host == site or host.endswith(f".{site}")


def related(host: str, other: str) -> bool:
    """Say whether one of the two hosts lies below the other."""
    return same_site(host, other) or same_site(other, host)


def links_in(html: str) -> tuple[str, ...]:
    """Give the web addresses that `html` links to, each once, in order, MOST_LINKS at most."""
    if "href" not in html:
        return ()
    hrefs = (anchor.attributes.get("href") or "" for anchor in LexborHTMLParser(html).css("a[href]"))
    return tuple(dict.fromkeys(href for href in hrefs if is_web_address(href)))[:MOST_LINKS]
