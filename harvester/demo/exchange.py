"""The request that reaches the demonstration's server and the answer that leaves it, as values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One GET request. `base` is the server's own address; the names of `headers` are in lower case."""

    base: str
    path: str
    query: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """Give the last value of the parameter `name`, or an empty text."""
        return self.query.get(name, ("",))[-1]

    def several(self, *names: str) -> frozenset[str]:
        """Give the values of a parameter that is a list with commas, under any of its `names`."""
        return frozenset(part for name in names for part in self.one(name).split(",") if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer: status, headers and the bytes of the body."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def json_response(value: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Give `value` as a JSON answer."""
    return Response(
        status=status,
        headers={"Content-Type": "application/json; charset=utf-8", **(headers or {})},
        body=json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"),
    )


def conditional(request: Request, response: Response, changed_at: datetime) -> Response:
    """Give `response` with validators, or 304 where the request's still hold (RFC 9110, section 13.2.2)."""
    validators = {
        "ETag": f'"{hashlib.sha256(response.body).hexdigest()[:16]}"',
        "Last-Modified": format_datetime(changed_at.replace(microsecond=0), usegmt=True),
    }
    if _still_fresh(request, validators):
        return Response(status=304, headers=validators)
    return replace(response, headers={**response.headers, **validators})


def _still_fresh(request: Request, validators: Mapping[str, str]) -> bool:
    """Decide by the entity tag alone where one is sent, else by the date."""
    if tags := request.headers.get("if-none-match"):
        return validators["ETag"] in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    if since := request.headers.get("if-modified-since"):
        return parsedate_to_datetime(since) >= parsedate_to_datetime(validators["Last-Modified"])
    return False


def order(identifier: str) -> tuple[int, str]:
    """Give the key by which ids of one platform are ordered: length, then text."""
    return len(identifier), identifier
