"""Ask X for one page of a search, within a budget.

The largest number of posts that an answer may hold is charged before the request leaves, and what did not come is given
back after the answer has. A crash in between leaves us poorer on paper; nothing is ever spent that nobody wrote down.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import requests
import tweepy
from pydantic import SecretStr

from harvester.collect import Meter
from harvester.collect._session import never_sent, rest_until, told, trouble
from harvester.collect._x_post import POSTS, objects
from harvester.errors import AccessRefused, BudgetSpent, RateLimited, SourceError, Unavailable

HOST = "https://api.twitter.com"
"""Where tweepy sends its requests; it has no setting for it."""
ROUTE = "/2/tweets/search/recent"
SMALLEST_PAGE = 10


class QuestionRefused(AccessRefused):
    """X does not understand the search, or no longer knows where it was (400)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page; `at` is when it was made, by X's clock or, if that is earlier, by ours."""

    posts: Sequence[Mapping[str, Any]]
    includes: Mapping[str, Any]
    next_token: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One search and the means to ask for its pages; `parameters` are those that all pages share."""

    session: requests.Session
    token: SecretStr
    variable: str
    parameters: Mapping[str, str]
    page_size: int
    meter: Meter
    now: Callable[[], datetime]

    def page(self, start: datetime | None, next_token: str) -> Found:
        """Give the page at `next_token` (first page: empty), nothing older than `start`; raise SourceError."""
        size = min(self.page_size, self.meter.allowance())
        if size < SMALLEST_PAGE:
            raise BudgetSpent("the reads that sources.toml allows are used up", until=_tomorrow(self.now()))
        self.meter.charge(size)
        found = _read(self._ask(size, start, next_token), self.now())
        read = len(found.posts) + sum(len(objects(found.includes.get(name))) for name in POSTS)
        self.meter.charge(read - size)
        return found

    def _ask(self, size: int, start: datetime | None, next_token: str) -> requests.Response:
        """Send the request; give back what was charged if it surely cost nothing."""
        asked = {
            **self.parameters,
            "max_results": str(size),
            **({"start_time": f"{start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"} if start else {}),
            **({"next_token": next_token} if next_token else {}),
        }
        # tweepy prints the token that it has at DEBUG: this one is a stand-in, the session puts on the real one.
        client = tweepy.Client(bearer_token="-", wait_on_rate_limit=False)  # noqa: S106 -- the stand-in
        client.session = self.session
        try:
            response: requests.Response = client.request("GET", ROUTE, params=asked)
        except tweepy.HTTPException as error:
            self.meter.charge(-size)
            raise self._refusal(error) from None
        except requests.RequestException as error:
            if never_sent(error):
                self.meter.charge(-size)
            raise trouble("X", error) from None
        except (ValueError, TypeError, AttributeError, RecursionError):
            raise Unavailable("X answered with an error that makes no sense") from None
        return response

    def _refusal(self, error: tweepy.HTTPException) -> SourceError:
        status, kind = error.response.status_code, _kind(error.response)
        says = told(str(error), self.token)
        if isinstance(error, tweepy.TooManyRequests):
            if kind.endswith("usage-capped"):
                return BudgetSpent(f"the reads that X allows are used up ({says})", until=_tomorrow(self.now()))
            return RateLimited("X asks us to stay away for a while", until=rest_until(self.now(), error.reset_time))
        refusals: dict[int, AccessRefused] = {
            400: QuestionRefused(f"X does not understand the search ({says}): see `query` in sources.toml"),
            401: AccessRefused(
                f"X does not accept the token in {self.variable} ({says}): make a new one in X's console"
            ),
            402: AccessRefused(
                f"the credits on X are used up ({says}): buy more in X's console, or disable the source"
            ),
            403: AccessRefused(f"X does not allow this search ({says}): see the app's access in X's console"),
            404: AccessRefused(f"there is no search at this address ({says}): see `base_url` in sources.toml"),
        }
        return refusals.get(status, Unavailable(f"X is out of order ({says})"))


def _read(response: requests.Response, now: datetime) -> Found:
    """Take an answer apart. One without `meta` found nothing out, so it must not count as an empty page."""
    try:
        answer = response.json()
    except (ValueError, RecursionError):
        raise Unavailable("X answered with something that is no JSON") from None
    meta = answer.get("meta") if isinstance(answer, dict) else None
    if not isinstance(meta, dict):
        raise Unavailable("X answered with something that is no page of posts")
    posts, includes, next_token = answer.get("data") or [], answer.get("includes") or {}, meta.get("next_token") or ""
    if not isinstance(posts, list) or not isinstance(includes, dict) or not isinstance(next_token, str):
        raise Unavailable("X answered with a page of posts that makes no sense")
    return Found(
        posts=[post if isinstance(post, dict) else {"not a post": post} for post in posts],
        includes=includes,
        next_token=next_token,
        at=min(_date(response, now), now),
    )


def _date(response: requests.Response, now: datetime) -> datetime:
    try:
        date = parsedate_to_datetime(response.headers.get("Date", ""))
    except (ValueError, OverflowError):
        return now
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _kind(response: requests.Response) -> str:
    """Give the `type` of a problem (RFC 9457), which tweepy leaves in the body."""
    try:
        problem = response.json()
    except (ValueError, RecursionError):
        return ""
    return str(problem.get("type")) if isinstance(problem, dict) else ""


def _tomorrow(now: datetime) -> datetime:
    """Give the next UTC midnight: after it there may be reads again, or the operator may have raised a cap."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), datetime.min.time(), UTC)
