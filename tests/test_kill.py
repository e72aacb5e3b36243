"""`kill -9` at random instants of a real `harvester harvest`: nothing lost, nothing doubled.

The process is forked from one that has imported the program already, so that the kills fall into its work and not into
a second of imports; what runs is the command itself, with its own connections and threads.
"""

import os
import random
import select
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from datetime import UTC, datetime

import pytest

from harvester.config import supporters_file
from harvester.demo import TOKEN, TOKEN_VARIABLE, write_config
from harvester.demo.drip import serve
from harvester.demo.sample import read_samples

STARTER = """
import os, sys
import harvester.jobs.harvest, harvester.jobs.judge, harvester.detect, harvester.collect.feed
import harvester.collect.mastodon, harvester.collect.x, harvester.collect.supporters
from datetime import UTC, datetime
from harvester import config
from harvester.cli import app
from harvester.demo.sample import read_samples
from harvester.detect import Detector
from harvester.model import Author, Mention, Post
from harvester.resolve import Register

# What is read or compiled at the first post and the first match, each child would do again.
shipped = config.shipped_folder()
Register([], config.load_organisation_words(shipped)).match(Mention(name="Ministry of Health of Kenya"))
detector = Detector(config.load_campaign(shipped), config.load_lexicons(shipped))
for sample in read_samples(datetime.now(UTC)).posts:
    author = Author(platform="x", name=sample.name)
    post = Post(id=sample.key, source="warm", url="", author=author, title=sample.title, text=sample.text,
                published_at=None)
    detector.detect(post)
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        os.environ["HARVESTER_CONFIG"] = line.strip()
        code = 1
        try:
            code = app(["harvest"], standalone_mode=False) or 0
        finally:
            os._exit(code)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
QUESTIONS = {
    "posts": "SELECT post_id, fingerprint FROM post WHERE pending = 0 ORDER BY post_id",
    "waiting for judgement": "SELECT post_id FROM post WHERE pending",
    "items": "SELECT count(*) FROM item",
    "verdicts": "SELECT label, count(*) FROM finding GROUP BY label ORDER BY label",
    "cases": """SELECT organisation.name, count(evidence.id) FROM review_case
                JOIN organisation ON organisation.id = review_case.organisation_id
                JOIN evidence ON evidence.case_id = review_case.id
                GROUP BY review_case.id ORDER BY organisation.name""",
    "evidence": "SELECT count(*) FROM evidence",
    "soundness": "PRAGMA integrity_check",
}


class Starter:
    """Starts harvests and kills them."""

    def __init__(self, environment):
        self.process = subprocess.Popen(
            [sys.executable, "-c", STARTER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment | {TOKEN_VARIABLE: TOKEN},
        )

    def harvest(self, config, kill_after=None):
        """Run one harvest; give its seconds and its exit code, which is -9 if it was killed before its end."""
        self.process.stdin.write(f"{config}\n")
        self.process.stdin.flush()
        child = int(self.process.stdout.readline())
        start = time.perf_counter()
        if kill_after is not None and not select.select([self.process.stdout], [], [], kill_after)[0]:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        code = int(self.process.stdout.readline())
        return time.perf_counter() - start, code

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


@pytest.fixture
def starter(quick_start):
    one = Starter(quick_start)
    yield one
    one.close()


def state(home):
    with closing(sqlite3.connect(home / "harvester.db")) as database:
        return {question: database.execute(sql).fetchall() for question, sql in QUESTIONS.items()}


def settle_in(home, url, today):
    """Configure the demonstration in `home`, with the states as its only supporters: the whole list takes time.

    Without the states, which of "Chile" and "Chili" names a case would depend on which post came first.
    """
    write_config(home / "config", url, today)
    head, *lines = supporters_file(home / "config").read_text(encoding="utf-8").splitlines(keepends=True)
    states = [line for line in lines if ",state," in line]
    (home / "config" / "supporters.csv").write_text("".join([head, *states]), encoding="utf-8")
    return home / "config"


def kill_many(starter, tmp_path, kills):
    now = datetime.now(UTC)
    with serve(read_samples(now), now=lambda: now, port=0, held_back=0) as server:
        for home in ("undisturbed", "warm"):
            write_config(tmp_path / home / "config", server.url, now.date())
            seconds, code = starter.harvest(tmp_path / home / "config")
            assert code == 0
        expected = state(tmp_path / "undisturbed")
        assert len(expected["posts"]) > 40
        assert expected["waiting for judgement"] == []
        killed = life = 0
        while killed < kills:
            life += 1
            config = settle_in(tmp_path / f"life-{life}", server.url, now.date())
            # It takes a third of the time to get to work; a life ends when a harvest has got through.
            while code := starter.harvest(config, kill_after=random.uniform(0.3, 0.7) * seconds)[1]:
                assert code == -signal.SIGKILL
                killed += 1
            assert state(config.parent) == expected, f"life {life}"


@pytest.mark.timeout(400)
def test_fifty_kills(starter, tmp_path):
    kill_many(starter, tmp_path, 50)


@pytest.mark.soak
def test_five_hundred_kills(starter, tmp_path):
    kill_many(starter, tmp_path, 500)
