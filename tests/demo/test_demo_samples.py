"""The shipped samples are whole: enough posts, platforms and languages, and each says what is expected of it."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from harvester.config import load_campaign, shipped_folder
from harvester.demo.mastodon import TAG
from harvester.demo.sample import SAMPLES, Platform, Sample, Samples, read_samples
from harvester.demo.x import MAX_SHORT
from harvester.model import Label

NOW = datetime(2026, 9, 14, 10, 0, tzinfo=UTC)
FIRST_FIVE = {"en", "fr", "es", "pt", "de"}


@pytest.fixture(scope="module")
def samples() -> Samples:
    return read_samples(NOW)


def announcers(samples: Samples) -> Counter[str]:
    """Count the original posts that announce each organisation."""
    told = (post for post in samples.posts if post.expect and not post.repost_of)
    return Counter(name for post in told for name in (post.expect.organisations if post.expect else ()))


def test_there_are_posts_enough_in_languages_and_platforms_enough(samples):
    languages = Counter(post.language for post in samples.posts)
    platforms = Counter(post.platform for post in samples.posts)
    assert len(samples.posts) >= 45
    assert len(languages) >= 8
    assert all(count >= 15 for count in platforms.values())
    assert set(platforms) == set(Platform)
    assert sum(languages[code] for code in FIRST_FIVE) >= len(samples.posts) * 2 / 3


def test_every_key_names_one_post_and_every_handle_one_author(samples):
    assert len(samples.posts) == len(tomllib.loads(SAMPLES.read_text(encoding="utf-8"))["post"])
    social = [post for post in samples.posts if post.platform is not Platform.FEED]
    authors = {post.handle: post.name for post in social}
    assert [authors[post.handle] for post in social] == [post.name for post in social]


def test_every_post_says_what_is_expected_of_it_unless_it_is_broken(samples):
    for post in samples.posts:
        assert (post.expect is None) == bool(post.without), post.key
        if post.expect:
            announces = post.expect.label is Label.ANNOUNCEMENT
            assert announces == bool(post.expect.organisations), post.key


def test_every_organisation_stands_in_the_post_or_is_its_author(samples):
    for post in samples.posts:
        original = post.repost_of or post
        seen = f"{original.title} {original.text} {original.name}".casefold()
        for name in post.expect.organisations if post.expect else ():
            assert name.casefold() in seen, post.key


def test_labels_of_all_kinds_are_there(samples):
    labels = Counter(post.expect.label for post in samples.posts if post.expect)
    assert all(labels[label] >= 8 for label in Label)
    assert {post.platform for post in samples.posts if post.without} == set(Platform)
    assert {post.platform for post in samples.posts if post.repost_of} >= {Platform.MASTODON, Platform.X}
    assert any(post.edited_at for post in samples.posts)
    assert any(len(post.text) > MAX_SHORT for post in samples.posts if post.platform is Platform.X)


def test_one_announcement_is_copied_and_one_is_told_in_other_words(samples):
    def tellings(name: str) -> list[Sample]:
        return [post for post in samples.posts if post.expect and name in post.expect.organisations]

    copies, versions = tellings("Kisimani County Referral Hospital"), tellings("Fundação Vento Aberto")
    assert {post.platform for post in copies} == {post.platform for post in versions} == set(Platform)
    assert len({post.text.removesuffix(" #ParisCall") for post in copies}) == 1
    assert len({post.text for post in versions}) == 3


def test_the_official_list_has_a_new_supporter_that_a_post_announces(samples):
    new = {supporter.name for supporter in samples.supporters if supporter.date_signed}
    assert new
    assert new & set(announcers(samples))


def test_the_hostile_post_carries_its_weapons(samples):
    hostile = next(post for post in samples.posts if post.key == "en-hostile")
    for weapon in ("<script>", "\x1b]52", "\x1b[2J", "\u202e", "onerror=", "[link="):
        assert weapon in hostile.text
    assert hostile.expect
    assert hostile.expect.label is Label.ANNOUNCEMENT


def test_every_post_can_be_found_by_its_platform(samples):
    sites = {site.name for site in samples.sites}
    hashtags = {tag.casefold() for tag in load_campaign(shipped_folder()).terms.hashtags}
    for post in samples.posts:
        if post.platform is Platform.FEED:
            assert post.place in sites, post.key
        if post.platform is Platform.MASTODON and not post.repost_of:
            assert hashtags & {tag.casefold() for tag in TAG.findall(post.text)}, post.key
        if post.platform is Platform.X:
            assert timedelta(minutes=1) < NOW - post.published_at < timedelta(days=6), post.key


def test_ages_are_counted_back_from_now():
    later = read_samples(NOW + timedelta(days=30))
    assert later.posts[0].published_at - read_samples(NOW).posts[0].published_at == timedelta(days=30)
    assert max(post.published_at for post in later.posts) < NOW + timedelta(days=30)
