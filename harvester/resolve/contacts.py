"""Compare web addresses and handles: whose domain is it, and is it the same account."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from tldextract import TLDExtract

LONGEST_HOST = 253
_HANDLE = re.compile(r"@?([\w.-]{1,64})(?:@([\w.-]{1,253}))?")
_HOST = re.compile(r"(?:[\w-]{1,63}\.)+[\w-]{2,63}")


@dataclass(frozen=True, slots=True)
class Host:
    """A host without "www." and the registrable domain that it lies under ("ac.uk" and the like are nobody's)."""

    name: str
    registrable: str


def host_of(address: str) -> Host | None:
    """Read a domain, host or URL; None if there is no registrable domain in it."""
    text = re.sub(r"^(?:https?:/*)+", "", address.strip().casefold())
    try:
        host = (urlsplit("//" + text).hostname or "").strip(".").removeprefix("www.")
    except ValueError:
        return None
    if not _HOST.fullmatch(host) or len(host) > LONGEST_HOST:
        return None
    registrable = _suffixes()(host).top_domain_under_public_suffix
    return Host(host, registrable) if registrable else None


def handle_key(handle: str) -> str:
    """Give a handle in small letters without "@"; one of Mastodon keeps its server, "user@server"."""
    found = _HANDLE.fullmatch(handle.strip().casefold())
    if found is None:
        return ""
    return f"{found[1]}@{found[2]}" if found[2] else found[1]


@cache
def _suffixes() -> TLDExtract:
    # The list that came with the library: nothing is fetched, nothing is written.
    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
