"""The samples through the whole pipeline, with the real collectors and rooms: who is asked about, and who is not."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from harvester.config import Configuration, load, supporters_file
from harvester.demo import TOKEN, TOKEN_VARIABLE, write_config
from harvester.demo.drip import serve
from harvester.demo.sample import read_samples
from harvester.detect import Detector
from harvester.jobs import Office, register
from harvester.jobs.harvest import Visitor, collectors, harvest
from harvester.jobs.judge import Judge
from harvester.jobs.probe import probe
from harvester.model import CaseState, Label, Mention, Standing
from harvester.resolve import Register
from harvester.store import Store

NOW = datetime.now(UTC)
SAMPLES = read_samples(NOW)


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    home = tmp_path_factory.mktemp("story")
    with serve(SAMPLES, now=lambda: NOW, port=0, held_back=0) as server:
        write_config(home / "config", server.url, NOW.date())
        configuration: Configuration = load(home / "config", {TOKEN_VARIABLE: TOKEN})
        office = Office(configuration=configuration, store=Store(configuration.database), now=lambda: NOW)
        office.store.ready()
        register.first_start(office, supporters_file(configuration.folder))
        chosen = collectors(office)
        probes = {source.name: probe(collector) for source, collector in chosen}
        detector = Detector(configuration.campaign, configuration.lexicons)
        runs = list(harvest(Visitor(office, detector.touches), chosen))
        Judge(office, detector.detect).judge_all()
        yield office, runs, probes, detector
        office.store.close()


def languages_with_words(office):
    return set(office.configuration.lexicons)


def test_every_source_is_read_and_its_broken_item_set_aside(story):
    _, runs, probes, _ = story
    assert [run.trouble for run in runs if run.trouble] == []
    # The same broken status is on both Mastodon servers.
    assert sum(run.unreadable for run in runs) == 4
    assert all(words.startswith("reached; ") for words in probes.values())


def test_one_case_for_each_organisation_and_none_for_known_supporters(story):
    office, *_ = story
    with office.store.read() as shelves:
        cases = shelves.cases.in_states(CaseState)
        supporters = {one.name for one in shelves.organisations.all(Standing.SUPPORTER)}
    names = Counter(case.organisation.name for case in cases)
    assert [name for name, count in names.items() if count > 1] == []
    assert not supporters & set(names)
    platforms = {case.organisation.name: {e.post.author.platform for e in case.evidence} for case in cases}
    assert {"mastodon", "x", "feed"} in platforms.values()
    assert "LundaLakesPS" not in names


def test_the_queue_holds_who_signed_and_nobody_else(story):
    """Every name in the queue is expected, and of those expected, in languages that have words, nine of ten are there."""
    office, *_ = story
    with office.store.read() as shelves:
        asked = {case.organisation.name.casefold() for case in shelves.cases.in_states(CaseState)}
        supporters = Register(shelves.organisations.all(Standing.SUPPORTER), office.configuration.organisation_words)
    wanted = {
        name.casefold()
        for sample in SAMPLES.posts
        if sample.expect and sample.language in languages_with_words(office)
        for name in sample.expect.organisations
        if supporters.match(Mention(name=name)).organisation is None
    }
    anywhere = {name.casefold() for s in SAMPLES.posts if s.expect for name in s.expect.organisations}
    listed = {supporter.name.casefold() for supporter in SAMPLES.supporters}
    assert asked - anywhere - listed == set()
    assert len(wanted & asked) >= 0.9 * len(wanted), sorted(wanted - asked)


def test_no_post_that_urges_refuses_plans_or_means_another_call_is_an_announcement(story):
    office, _, _, detector = story
    with office.store.read() as shelves:
        labels = shelves.posts.labels()
    expected = Counter(sample.expect.label for sample in SAMPLES.posts if sample.expect)
    assert labels[Label.ANNOUNCEMENT] <= expected[Label.ANNOUNCEMENT] + len(SAMPLES.supporters)
    assert detector.rules_version
