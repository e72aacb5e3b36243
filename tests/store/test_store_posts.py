from datetime import UTC, datetime, timedelta

import pytest
from fakes import NOON, a_post, an_item

from harvester.model import Author, Claim, ClaimKind, Finding, Label, NativeId, PostId, RawItem, Reason, SourceName
from harvester.store.posts import Kept

FINDING = Finding(
    label=Label.ANNOUNCEMENT,
    confidence=0.93,
    claims=(Claim(kind=ClaimKind.SIGNS, organisation="مؤسسة النهر", span=(0, 5), confidence=0.93, handle="@nahr"),),
    reasons=(Reason(rule="first-person", detail="“we have signed”", weight=2.5, span=(0, 5)),),
    language="ar",
    rules_version="1",
)


def test_a_post_is_kept_once_and_read_back_whole(store):
    post = a_post(
        "वयं हस्ताक्षर 🖊️ 我们签署了",
        title="عنوان",
        links=("https://pariscall.international/en/",),
        mentions={"@ndi": "NDI"},
        repost_of=Author(platform="x", handle="@other"),
        edited_at=NOON + timedelta(hours=1),
    )
    with store.write() as shelves:
        assert shelves.posts.keep(an_item(1, post.text), post) is Kept.NEW
        assert shelves.posts.keep(an_item(1, post.text), post) is Kept.REPEAT
    with store.read() as shelves:
        (waiting,) = shelves.posts.pending(limit=10)
    assert waiting.post == post


def test_the_same_post_from_another_source_is_a_repeat(store):
    with store.write() as shelves:
        shelves.posts.keep(an_item(1, "x"), a_post())
        seen_elsewhere = a_post(source=SourceName("elsewhere"), text="the same, as another server shows it")
        assert shelves.posts.keep(an_item(1, "x", "elsewhere"), seen_elsewhere) is Kept.REPEAT
        assert len(shelves.posts.pending(limit=10)) == 1


def test_an_edited_post_is_judged_again_with_its_new_words(store):
    with store.write() as shelves:
        shelves.posts.keep(an_item(1, "We will sign"), a_post("We will sign"))
        (waiting,) = shelves.posts.pending(limit=1)
        assert shelves.posts.judge(waiting, FINDING, NOON)
        assert shelves.posts.count_pending(NOON + timedelta(seconds=1)) == 0
        assert shelves.posts.keep(an_item(1, "We have signed"), a_post("We have signed")) is Kept.EDITED
        (again,) = shelves.posts.pending(limit=1)
        assert (again.key, again.post.text) == (waiting.key, "We have signed")


def test_a_verdict_on_words_that_were_edited_meanwhile_is_not_written(store):
    with store.write() as shelves:
        shelves.posts.keep(an_item(1, "We will sign"), a_post("We will sign"))
        (waiting,) = shelves.posts.pending(limit=1)
        shelves.posts.keep(an_item(1, "We have signed"), a_post("We have signed"))
        assert not shelves.posts.judge(waiting, FINDING, NOON)
        assert shelves.posts.count_pending(NOON + timedelta(seconds=1)) == 1


def test_an_unreadable_item_is_kept_whole_and_can_become_readable(store):
    strange = RawItem(
        source=SourceName("fake"),
        native_id=NativeId("1"),
        payload={"a": ["\x00", "\ud800", 1.5, None]},
        fetched_at=NOON,
    )
    with store.write() as shelves:
        assert shelves.posts.set_aside(strange, "no text\x00") is Kept.NEW
        assert shelves.posts.set_aside(strange, "no text") is Kept.REPEAT
        ((aside, why),) = shelves.posts.unreadable()
        assert (aside, why) == (strange, "no text\ufffd")
        assert shelves.posts.keep(strange, a_post()) is Kept.NEW
        assert shelves.posts.unreadable() == []


def test_text_that_no_database_takes_keeps_its_length(store):
    hostile = "signed\x00by\ud800us"
    with store.write() as shelves:
        shelves.posts.keep(an_item(1, "x"), a_post(hostile))
        (waiting,) = shelves.posts.pending(limit=1)
    assert waiting.post.text == "signed\ufffdby\ufffdus"


def test_ids_of_any_length_tell_items_apart(store):
    long = "https://example.org/" + "ü" * 20_000
    with store.write() as shelves:
        for number, tail in enumerate(("a", "b", "a")):
            item = RawItem(
                source=SourceName("fake"), native_id=NativeId(long + tail), payload={"n": number}, fetched_at=NOON
            )
            kept = shelves.posts.keep(item, a_post(id=PostId(long + tail)))
            assert kept is (Kept.REPEAT if number == 2 else Kept.NEW)


def test_a_verdict_is_read_back_whole(store, office):
    with store.write() as shelves:
        shelves.posts.keep(an_item(1, "x"), a_post())
        (waiting,) = shelves.posts.pending(limit=1)
        shelves.posts.judge(waiting, FINDING, NOON)
        assert shelves.posts.labels() == {Label.ANNOUNCEMENT: 1}


def test_times_come_back_in_utc_whatever_zone_they_went_in(store):
    with store.write() as shelves:
        shelves.posts.keep(an_item(1, "x"), a_post(published_at=datetime.fromisoformat("2027-10-31T02:30:00+02:00")))
        (waiting,) = shelves.posts.pending(limit=1)
    assert waiting.post.published_at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert waiting.post.published_at.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(store):
    with pytest.raises(Exception, match="has no time zone"), store.write() as shelves:
        shelves.posts.keep(an_item(1, "x"), a_post(published_at=datetime(2027, 1, 1)))  # noqa: DTZ001 -- the fault that is tested
