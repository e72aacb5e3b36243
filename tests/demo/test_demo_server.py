"""The demonstration's server keeps to the platforms' own rules, traps included."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import pytest
import requests

from harvester.demo.exchange import Request, Response
from harvester.demo.sample import Platform, Sample, Supporter
from harvester.demo.server import DemoServer

NOW = datetime(2026, 9, 14, 10, 0, tzinfo=UTC)
BEARER = {"Authorization": "Bearer demo"}


def sample(number: int, platform: Platform, **changes: Any) -> Sample:
    """Give the sample post `number`, published that many minutes before NOW."""
    values: dict[str, Any] = {
        "key": f"{platform}-{number}",
        "platform": platform,
        "place": "news" if platform is Platform.FEED else "",
        "title": f"Title {number}" if platform is Platform.FEED else "",
        "text": f"We signed the Paris Call, says number {number}. #ParisCall",
        "published_at": NOW - timedelta(minutes=number),
        "handle": "@someone@far.example" if platform is Platform.MASTODON else "@someone",
    }
    return Sample(**{**values, **changes})


@pytest.fixture
def server() -> Iterator[DemoServer]:
    posts = [sample(n, platform) for platform in Platform for n in range(1, 46)]
    with DemoServer(posts, now=lambda: NOW) as running:
        yield running


def get(server: DemoServer, path: str, headers: dict[str, str] | None = None, **query: object) -> requests.Response:
    return requests.get(f"{server.url}{path}", params=query, headers=headers, timeout=5)


def tag(server: DemoServer, **query: object) -> list[dict[str, Any]]:
    statuses: list[dict[str, Any]] = get(server, "/api/v1/timelines/tag/ParisCall", **query).json()
    return statuses


def walk(server: DemoServer, parameter: str) -> list[str]:
    """Poll forward from the oldest post with `parameter` as the cursor until nothing more comes."""
    oldest = tag(server, max_id=tag(server, min_id="0")[0]["id"], limit=40)[-1]["id"]
    seen, cursor = [oldest], oldest
    while page := tag(server, **{parameter: cursor}):
        seen += [status["id"] for status in page]
        cursor = page[0]["id"]
    return seen


def test_min_id_walks_through_all_posts_where_since_id_leaves_a_gap(server):
    everything = walk(server, "min_id")
    assert len(everything) == len(set(everything)) == 45
    assert len(walk(server, "since_id")) == 11


def test_max_id_walks_back_through_all_posts_by_the_link_header(server):
    response = get(server, "/api/v1/timelines/tag/pariscall", limit=40)
    seen = [status["id"] for status in response.json()]
    while "next" in response.links:
        response = requests.get(response.links["next"]["url"], timeout=5)
        seen += [status["id"] for status in response.json()]
    assert len(seen) == 45
    assert seen == sorted(seen, reverse=True)


def test_a_late_post_lies_below_the_cursor(server):
    cursor = tag(server)[0]["id"]
    server.add(sample(99, Platform.MASTODON, published_at=NOW - timedelta(hours=9)))
    assert tag(server, min_id=cursor) == []
    assert len(walk(server, "min_id")) == 46


def test_a_tag_timeline_holds_only_its_tags(server):
    server.add(sample(50, Platform.MASTODON, text="Signé ! #AppelDeParis"))
    (only,) = get(server, "/api/v1/timelines/tag/appeldeparis").json()
    assert only["content"] == (
        '<p>Signé ! <a href="https://social.example/tags/AppelDeParis" class="mention hashtag" rel="tag">'
        "#<span>AppelDeParis</span></a></p>"
    )
    server.add(sample(51, Platform.MASTODON, text="<p>#<span>AppelDeParis</span></p><script>0</script>", html=True))
    raw = get(server, "/api/v1/timelines/tag/appeldeparis").json()[1]
    assert raw["content"] == "<p>#<span>AppelDeParis</span></p><script>0</script>"
    assert [tag["name"] for tag in raw["tags"]] == ["appeldeparis"]
    both = get(server, "/api/v1/timelines/tag/nothing", **{"any[]": ["AppelDeParis", "ParisCall"]}).json()
    assert len(both) == 10


def test_one_post_has_one_uri_and_another_id_on_a_second_server(server):
    here, there = tag(server)[0], get(server, "/second/api/v1/timelines/tag/ParisCall").json()[0]
    assert here["uri"] == there["uri"]
    assert here["id"] != there["id"]
    assert get(server, "/second/api/v2/instance").json()["domain"] == "second.example"
    assert get(server, "/api/v1/instance").json()["uri"] == "social.example"


def test_an_edited_status_keeps_its_id_and_a_boost_holds_the_original(server):
    post = sample(1, Platform.MASTODON)
    server.add(replace(post, text="Edited. #ParisCall", edited_at=NOW))
    server.add(sample(0, Platform.MASTODON, key="boost", repost_of=post))
    boost, edited = tag(server)[:2]
    assert edited["id"] == boost["reblog"]["id"]
    assert edited["edited_at"] == "2026-09-14T10:00:00.000Z"
    assert boost["content"] == ""


def test_a_ulid_may_stand_for_an_id(server):
    server.add(sample(0, Platform.MASTODON, native_id="01J9ZV5Q7D8M2K4N6P8R0S2T4V"))
    assert tag(server)[0]["id"] == "01J9ZV5Q7D8M2K4N6P8R0S2T4V"


def search(server: DemoServer, **query: object) -> dict[str, Any]:
    answer: dict[str, Any] = get(server, "/2/tweets/search/recent", BEARER, query='"Paris Call"', **query).json()
    return answer


def test_x_refuses_who_brings_no_bearer_token(server):
    assert get(server, "/2/tweets/search/recent", query="x").status_code == 401


@pytest.mark.parametrize(
    "query",
    [
        {"query": ""},
        {"query": "x", "max_results": 5},
        {"query": "x", "max_results": 101},
        {"query": "x", "since_id": "20"},
        {"query": "x", "start_time": "2026-09-01T00:00:00Z"},
    ],
)
def test_x_answers_400_to_what_its_documentation_forbids(server, query):
    assert get(server, "/2/tweets/search/recent", BEARER, **query).status_code == 400


def test_next_token_leads_through_all_posts_newest_first(server):
    page = search(server, max_results=100)
    ids = [post["id"] for post in page["data"]]
    assert page["meta"]["newest_id"] == ids[0]
    while token := page["meta"].get("next_token"):
        page = search(server, max_results=100, next_token=token)
        ids += [post["id"] for post in page["data"]]
    assert len(ids) == 45
    assert ids == sorted(ids, reverse=True)


def test_since_id_gives_what_is_newer_and_an_empty_answer_has_no_data(server):
    newest = search(server)["meta"]["newest_id"]
    assert search(server, since_id=newest) == {"meta": {"result_count": 0}}
    late = sample(0, Platform.X, published_at=NOW - timedelta(seconds=40))
    server.add(late)
    assert search(server, since_id=newest)["meta"]["result_count"] == 1


def test_x_hides_the_last_half_minute_and_what_is_older_than_a_week(server):
    before = search(server)["meta"]["newest_id"]
    server.add(sample(0, Platform.X, published_at=NOW - timedelta(seconds=10)))
    server.add(sample(99, Platform.X, published_at=NOW - timedelta(days=8)))
    assert search(server)["meta"]["newest_id"] == before


def test_x_gives_only_the_fields_and_the_posts_that_were_asked_for(server):
    original = sample(50, Platform.X, text="word " * 100, handle="@writer", name="Writer & Co")
    server.add(original)
    server.add(sample(0, Platform.X, published_at=NOW - timedelta(minutes=0.6), repost_of=original))
    bare = search(server)
    assert set(bare["data"][0]) == {"id", "text", "edit_history_tweet_ids"}
    assert "includes" not in bare
    wide = search(
        server,
        **{
            "tweet.fields": "created_at,author_id,note_tweet,referenced_tweets,entities",
            "expansions": "author_id,referenced_tweets.id,referenced_tweets.id.author_id",
        },
    )
    retweet = wide["data"][0]
    assert retweet["text"].startswith("RT @writer: word word")
    assert len(retweet["text"]) == 140
    assert wide["includes"]["tweets"][0]["id"] == retweet["referenced_tweets"][0]["id"]
    assert wide["includes"]["tweets"][0]["note_tweet"]["text"] == original.text
    assert {user["username"] for user in wide["includes"]["users"]} == {"someone", "writer"}


def test_x_names_those_who_are_mentioned(server):
    text = "Congratulations, @oasis_school!"
    server.add(
        sample(0, Platform.X, published_at=NOW - timedelta(seconds=31), text=text, mentions={"oasis_school": "Oasis"})
    )
    page = search(server, **{"expansions": "entities.mentions.username", "tweet.fields": "entities"})
    assert page["data"][0]["entities"]["mentions"][0]["username"] == "oasis_school"
    assert [(user["username"], user["name"]) for user in page["includes"]["users"]] == [("oasis_school", "Oasis")]


def test_an_edit_on_x_is_a_new_id_with_the_first_one_in_its_history(server):
    first = search(server)["data"][0]
    server.add(replace(sample(1, Platform.X), text="Edited", edited_at=NOW - timedelta(seconds=31)))
    edited = search(server)["data"][0]
    assert edited["edit_history_tweet_ids"] == [first["id"], edited["id"]]
    assert edited["id"] != first["id"]


@pytest.mark.parametrize("kind", ["xml", "atom"])
def test_a_feed_shows_its_newest_posts_and_says_304_until_something_changes(server, kind):
    response = get(server, f"/feeds/news.{kind}")
    feed = feedparser.parse(response.content, response_headers=dict(response.headers.lower_items()))
    assert not feed.bozo
    assert [entry.title for entry in feed.entries] == [f"Title {n}" for n in range(1, 21)]
    tag_now = {"If-None-Match": response.headers["ETag"]}
    assert get(server, f"/feeds/news.{kind}", tag_now).status_code == 304
    assert get(server, f"/feeds/news.{kind}", {"If-Modified-Since": response.headers["Last-Modified"]}).content == b""
    server.add(sample(0, Platform.FEED))
    assert get(server, f"/feeds/news.{kind}", tag_now).status_code == 200


def test_a_broken_item_lacks_what_it_says(server):
    server.add(sample(0, Platform.MASTODON, without=("account", "created_at")))
    server.add(sample(0, Platform.FEED, key="broken", without=("title", "link", "guid")))
    assert "account" not in tag(server)[0]
    broken = feedparser.parse(get(server, "/feeds/news.xml").content).entries[0]
    assert not {"title", "link", "id"} & set(broken)


def test_the_official_list_is_a_table_with_a_row_for_each_supporter(server):
    before = get(server, "/supporters.csv").headers["ETag"]
    assert get(server, "/supporters.csv", {"If-None-Match": before}).status_code == 304
    server.add_supporter(Supporter(name="Sample, Inc", category="private-sector", nationality="KEN"))
    assert get(server, "/supporters.csv").text.splitlines() == [
        "name,category,nationality,nature,website,twitter,date_signed",
        '"Sample, Inc",private-sector,KEN,,,,',
    ]


def test_a_post_taken_away_is_gone_and_an_unknown_page_is_404(server):
    newest = tag(server)[0]["id"]
    server.remove("mastodon-1")
    assert tag(server)[0]["id"] < newest
    missing = get(server, "/nothing")
    assert missing.status_code == 404
    assert missing.headers["Date"] == "Mon, 14 Sep 2026 10:00:00 GMT"


def test_posts_come_in_while_others_read(server):
    with ThreadPoolExecutor(8) as pool:
        pages = [pool.submit(tag, server) for _ in range(40)]
        for n in range(100, 140):
            server.add(sample(n, Platform.MASTODON))
        assert all(len(page.result()) == 10 for page in pages)
    assert len(walk(server, "min_id")) == 85


class Faulty(DemoServer):
    def answer(self, request: Request) -> Response | None:
        return None if request.path.startswith("/feeds") else super().answer(request)


def test_a_fault_is_one_method_away():
    with Faulty(now=lambda: NOW) as server:
        assert tag(server) == []
        with pytest.raises(requests.ConnectionError):
            get(server, "/feeds/news.xml")
