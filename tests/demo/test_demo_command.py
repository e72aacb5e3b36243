"""`harvester demo` tells the whole job, offline and quickly, and leaves a folder that other commands work on."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harvester.demo import TOKEN, TOKEN_VARIABLE

Told = subprocess.CompletedProcess[str]


def harvester(*words: str, **environment: str) -> Told:
    return subprocess.run(
        [sys.executable, "-m", "harvester", *words],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        env={**os.environ, **environment},
    )


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Give what `harvester demo --serve` prints before it waits; interrupt it at the end."""
    words = [sys.executable, "-m", "harvester", "demo", "--serve", "--keep", str(folder)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout
            lines: list[str] = []
            while not lines or "Ctrl-C" not in lines[-1]:
                lines.append(running.stdout.readline())
                assert lines[-1], f"it ended too soon: {lines[-5:]}"
            yield "".join(lines)
        finally:
            running.send_signal(signal.SIGINT)
            code = running.wait(10)
    assert code == 0


@pytest.fixture(scope="module")
def other_database(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("other") / "other.db"


@pytest.fixture(scope="module")
def told(other_database) -> Told:
    return harvester("demo", HARVESTER_DATABASE_URL=f"sqlite:///{other_database}")


def test_it_tells_the_whole_job_in_five_steps(told):
    assert (told.returncode, told.stderr) == (0, "")
    assert re.findall(r"(?m)^(\d)\. ", told.stdout) == ["1", "2", "3", "4", "5"]
    for name in ("official-list", "savannah-post", "mastodon-second", "x-search"):
        assert re.search(rf"✓ {name}: \d+ seen", told.stdout), name
    assert told.stdout.count("1 unreadable set aside") == 4
    assert "Fundação Vento Aberto is confirmed now" in told.stdout
    assert "Subject: [Paris Call] 1 new, " in told.stdout


def test_the_hostile_post_cannot_steer_the_terminal(told):
    assert "Harbour Lights Clinic" in told.stdout
    assert not set(told.stdout) & set("\x1b\x07\x9b\u202e\u202c")


def test_the_database_of_the_environment_is_left_alone(told, other_database):
    assert told.returncode == 0
    assert not other_database.exists()


def test_other_commands_work_on_the_folder_that_is_kept_while_it_serves_and_after(tmp_path):
    folder = tmp_path / "trial"
    environment = {"HARVESTER_CONFIG": str(folder / "config"), TOKEN_VARIABLE: TOKEN}
    with serving(folder) as printed:
        assert f"HARVESTER_CONFIG={folder / 'config'} {TOKEN_VARIABLE}={TOKEN}" in printed
        assert harvester("harvest", **environment).returncode == 0
    gone = harvester("harvest", **environment)
    assert gone.returncode == 3
    assert gone.stdout.count("✗") == 7
    queue = json.loads(harvester("case", "list", "--json", **environment).stdout)
    assert len(queue) >= 10
    again = harvester("demo", "--keep", str(folder))
    assert again.returncode == 1
    assert "already" in again.stderr
