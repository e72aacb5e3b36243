"""Resolve names and open sockets, but only to the public internet: the guard of the web client.

It judges the address that a socket is about to connect to, not a name or an earlier answer of the DNS.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from threading import Thread
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.connector import AddrInfoType

# Written out, because `ipaddress.is_global` changed its mind between patch releases of Python 3.11 and 3.12.
_NOT_PUBLIC_4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT, RFC 6598
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's own services, reachable from every machine there
        "169.254.0.0/16",  # link-local, and the metadata services of the clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# IPv6 is the other way round: only 2000::/3 is given out, which leaves ::/96, ::ffff:0:0/96, fc00::/7, fe80::/10,
# fec0::/10 and ff00::/8 outside without naming them.
_GIVEN_OUT_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    IPv6Network(block) for block in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)  # Teredo and other protocols, documentation, 6to4, documentation
_NAT64 = IPv6Network("64:ff9b::/96")


def anywhere(address: str) -> bool:
    """Say yes to every address, for sources that are marked `allow_private`."""
    return bool(address)


def is_public(address: str) -> bool:
    """Say whether `address`, a literal as a socket has it, is a unicast address of the public internet.

    The blocks are those of the IANA special-purpose registries (RFC 6890). An IPv4 address that RFC 6052 embeds for
    NAT64 is judged by itself; every other embedding is refused. What is no address at all is not public.
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv4Address):
        return not any(ip in block for block in _NOT_PUBLIC_4)
    return _is_public_6(ip)


def _is_public_6(ip: IPv6Address) -> bool:
    if ip in _NAT64:
        return is_public(str(IPv4Address(int(ip) & 0xFFFF_FFFF)))
    return ip.scope_id is None and ip in _GIVEN_OUT_6 and not any(ip in block for block in _NOT_PUBLIC_6)


class Resolver(AbstractResolver):
    """Ask the system's resolver in a thread of its own, which a deadline may leave behind.

    asyncio's own look-up runs in a pool that `asyncio.run` waits for, however long the DNS server is silent.
    """

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Give the addresses of `host`; raise OSError if it has none."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[ResolveResult]] = loop.create_future()
        Thread(target=_look_up, args=(loop, answer, host, port, family), daemon=True).start()
        return await answer

    async def close(self) -> None:
        """Hold nothing, so close nothing."""


def _look_up(
    loop: asyncio.AbstractEventLoop, answer: asyncio.Future[Any], host: str, port: int, family: socket.AddressFamily
) -> None:
    """Put the addresses of `host`, or what went wrong, into `answer`."""
    try:
        found = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
    except (OSError, ValueError) as error:  # ValueError: a name that IDNA cannot encode
        settle = partial(_settle, answer, None, OSError(f"the name cannot be looked up: {error}"))
    else:
        results = [
            ResolveResult(hostname=host, host=str(sockaddr[0]), port=port, family=kind, proto=proto, flags=0)
            for kind, _, proto, _, sockaddr in found
        ]
        settle = partial(_settle, answer, results, None)
    with suppress(RuntimeError):  # the deadline has passed and the loop is closed
        loop.call_soon_threadsafe(settle)


def _settle(answer: asyncio.Future[Any], results: list[ResolveResult] | None, error: OSError | None) -> None:
    if answer.done():
        return
    if error is None:
        answer.set_result(results)
    else:
        answer.set_exception(error)


def open_socket(info: AddrInfoType, *, may_connect: Callable[[str], bool]) -> socket.socket:
    """Make the socket for exactly the address in `info`; raise OSError if we may not connect to it."""
    family, kind, proto, _, address = info
    if not may_connect(str(address[0])):
        raise OSError(f"{address[0]} is not a public address; if it is meant, set allow_private = true")
    return socket.socket(family=family, type=kind, proto=proto)
