"""Staff's word on who is who, by command and by key, on a real database."""

import json
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from fakes import a_post, an_item
from pydantic import SecretStr
from typer.testing import CliRunner

from harvester import cli
from harvester.cli import show
from harvester.config import load
from harvester.errors import Contradiction
from harvester.jobs import Office
from harvester.jobs.judge import Judge
from harvester.model import Claim, ClaimKind, Finding, Label, PostId
from harvester.store import Store

NAMES = ["Orange Bank", "Zanele Hospital", "Zanele Hospital Trust", "Evil\x1b]52;c;cm0\x07 [link=x]Org\u202e"]


def run(*words, well=True, **more):
    done = CliRunner().invoke(cli.app, words, **more)
    assert (done.exit_code == 0) is well, done.output
    return done


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The official list and four waiting cases; the first may be Orange, the third the second, the last is hostile."""
    for variable in ("HARVESTER_CONFIG", "HARVESTER_DATABASE_URL"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setenv("HARVESTER_REVIEWER", "Amina")
    monkeypatch.chdir(tmp_path)
    show.console.cache_clear()
    run("init", str(tmp_path))
    run("org", "list", "--standing", "signatory")
    store = Store(SecretStr(f"sqlite:///{tmp_path}/harvester.db"))
    with store.write() as shelves:
        for number, name in enumerate(NAMES):
            shelves.posts.keep(an_item(number, name), a_post(name, id=PostId(f"fake:{number}")))

    def detect(post):
        claim = Claim(kind=ClaimKind.SIGNS, organisation=post.text, span=(0, 5), confidence=0.95)
        return Finding(
            label=Label.ANNOUNCEMENT, confidence=0.95, claims=(claim,), reasons=(), language="en", rules_version="1"
        )

    Judge(Office(configuration=load(tmp_path / "config", {}), store=store, now=lambda: datetime.now(UTC)), detect).judge_all()  # fmt: skip
    store.close()
    return tmp_path


def number_of(name):
    return next(str(one["id"]) for one in json.loads(run("org", "list", name, "--json").output) if one["name"] == name)


def waiting():
    return [case["id"] for case in json.loads(run("case", "list", "--json").output)]


def test_a_merge_by_command_takes_the_case_out_of_the_queue_and_a_split_brings_it_back(home):
    orange, bank = number_of("Orange"), number_of("Orange Bank")
    shown = run("case", "show", "1").output
    assert f"Perhaps the same as 1. Orange (no. {orange}, supporter" in shown
    assert f"harvester org merge {orange} {bank}   (or: differ, relate)" in shown
    done = run("org", "merge", orange, bank, "--note", "their bank").output
    assert done.endswith(f"that Orange (no. {orange}) and Orange Bank (no. {bank}) are the same. Take it back: harvester org split 1\n")  # fmt: skip
    assert waiting() == [2, 3, 4]
    shown = run("case", "show", "1").output
    assert "This case asks nothing any more" in shown
    assert "harvester org split 1   parts them again" in shown
    assert "3 waiting" in run("digest").output
    assert run("org", "explain", "Orange Bank").output.startswith("same: Orange\n")
    listed = run("org", "judgements").output
    assert listed.startswith("1  Amina said on ")
    assert '"their bank"' in listed
    assert json.loads(run("org", "show", bank, "--json").output)["organisation"]["name"] == "Orange"
    assert "take it back: harvester org split 1" in run("org", "show", orange).output
    assert run("org", "split", "1", "--by", "Bo").output.startswith("Taken back: Amina said on ")
    assert waiting() == [1, 2, 3, 4]
    assert "taken back by Bo on " in run("org", "judgements").output
    assert [one["undoes"] for one in json.loads(run("org", "judgements", "--json").output)] == [None, 1]


def test_the_register_is_listed_and_counted_once_for_each_organisation(home):
    before = json.loads(run("org", "list", "--json").output)
    checked = json.loads(run("check", "--offline", "--json", well=False).output)
    assert {"sqlite, knows 1222 supporters"} <= {one["detail"] for one in checked}
    run("org", "merge", number_of("EGERIE"), number_of("EGERIE Software"))
    run("org", "merge", number_of("Zanele Hospital"), number_of("Zanele Hospital Trust"))
    assert len(json.loads(run("org", "list", "--json").output)) == len(before) - 2
    assert "1221 supporters" in run("check", "--offline", well=False).output
    assert waiting() == [1, 2, 4]
    pairs = json.loads(run("org", "duplicates", "--json").output)
    assert {"EGERIE", "EGERIE Software"} not in [{pair["one"]["name"], pair["other"]["name"]} for pair in pairs]


def test_different_and_related_by_command_and_what_contradicts_is_told(home):
    orange, bank = number_of("Orange"), number_of("Orange Bank")
    run("org", "differ", orange, bank)
    assert "1. Orange (" not in run("case", "show", "1").output
    refused = run("org", "merge", bank, orange, "--by", "Bo", well=False).exception
    assert isinstance(refused, Contradiction)
    assert "Amina said on " in str(refused)
    run("org", "split", "1")
    assert json.loads(run("org", "relate", bank, orange, "--json").output)["relation"] == "related"
    assert "are related, but two" in run("case", "show", "1").output
    run("org", "differ", orange, "Orange Kenya")
    assert run("org", "explain", "Orange Kenya").output.splitlines()[0] != "same: Orange"


def test_with_keys_a_reviewer_clears_the_queue(home):
    """1: the first candidate; u: no, back; x: it is none of them; c, d, n: as named; q ends."""
    shown = run("case", "review", input="1ux" + "?" + "c" + "1" + "d" + "d").output
    assert "[1] same as Orange" in shown
    assert "That key has no meaning here." in shown
    assert "Taken back." in shown
    assert shown.rstrip().endswith("Nothing waits any more.")
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)
    cases = {case["id"]: case["state"] for case in json.loads(run("case", "list", "--state", "confirmed", "--state", "declined", "--json").output)}  # fmt: skip
    assert cases == {1: "confirmed", 2: "declined", 4: "declined"}


def test_a_reviewer_may_pass_a_case_over_or_stop(home):
    shown = run("case", "review", "--by", "Bo", input="npur" + "q").output
    assert "Zanele Hospital: parked now." in shown
    assert waiting() == [1, 2, 3, 4]
    assert json.loads(run("case", "show", "2", "--json").output)["decisions"][0]["by"] == "Bo"
    assert "4 left for later." in run("case", "review", input="n n\n").output
    run("case", "review", input="")


def test_a_case_that_somebody_else_decided_meanwhile_is_told_and_shown_anew(home, monkeypatch):
    import typer

    keys = iter("dq")

    def press():
        key = next(keys)
        if key == "d":
            run("case", "edit", "1", "--country", "FR", "--by", "Bo")
        return key

    monkeypatch.setattr(typer, "getchar", press)
    assert "Bo chose edit just now; look at it again" in run("case", "review").output


def test_an_older_database_is_brought_up_and_loses_nothing(home):
    with sqlite3.connect(home / "harvester.db") as old:
        for table in ("judgement", "proposal"):
            old.execute(f"DROP TABLE {table}")
        old.execute("UPDATE alembic_version SET version_num = '0001'")
    assert "went from version 0001 to 0002" in run("db", "upgrade").output
    assert waiting() == [1, 2, 3, 4]
    assert json.loads(run("db", "check", "--json").output)["troubles"] == []


def test_hostile_names_in_a_refusal_cannot_steer_the_terminal(home, quick_start):
    evil = next(str(one["id"]) for one in json.loads(run("org", "list", "Evil", "--json").output))
    command = [sys.executable, "-m", "harvester", "org", "differ", evil, "\x1b]52;c;x\x07\u202eName"]
    first, second = (subprocess.run(command, capture_output=True, text=True, env=quick_start | {"HARVESTER_REVIEWER": "Amina"}, check=False) for _ in range(2))  # fmt: skip
    assert (first.returncode, second.returncode) == (0, 1)
    assert second.stderr.startswith("harvester: that was said already: Amina said on ")
    assert not {"\x1b", "\x07", "\u202e"} & set(first.stdout + second.stderr)


@pytest.mark.parametrize("words", [("merge", "0", "1"), ("merge", "9" * 30, "1"), ("split", "x")])
def test_what_is_no_number_is_a_wrong_command(home, words):
    assert run("org", *words, well=False).exit_code == 2


def test_a_long_number_is_a_name(home):
    assert "“99999999999999999999”" in run("org", "merge", "1", "99999999999999999999").output


def test_a_review_without_a_terminal_says_what_to_do_instead(home, quick_start):
    command = [sys.executable, "-m", "harvester", "case", "review"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=quick_start, check=False, start_new_session=True)  # fmt: skip
    assert done.returncode == 1
    assert (
        done.stderr == "harvester: harvester case review needs a terminal; elsewhere use harvester case confirm ...\n"
    )
