"""What each command prints and how it ends, on a real database; the story of collecting is in test_demo_story.py."""

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from email import policy
from email.parser import BytesParser

import pytest
from fakes import a_post, an_item
from pydantic import SecretStr
from smtp_servers import Mailbox, honest_server
from typer.testing import CliRunner

from harvester import cli
from harvester.cli import show
from harvester.config import load, supporters_file
from harvester.errors import HarvesterError
from harvester.jobs import Office, register
from harvester.jobs.judge import Judge
from harvester.model import Claim, ClaimKind, Finding, Label, PostId, Reason
from harvester.store import Store

HOSTILE = "Evil\x1b]52;c;cm0gLXJm\x07 [link=file:///etc/passwd]Org[/link]\u202etxt.exe \x9b2J signed"


@pytest.fixture(scope="module")
def made_once(tmp_path_factory):
    """A configuration and a database with three waiting cases, one of them hostile, one in Arabic."""
    home = tmp_path_factory.mktemp("made")
    assert run("init", str(home)).exit_code == 0
    store = Store(SecretStr(f"sqlite:///{home}/harvester.db"))
    store.ready()
    with store.write() as shelves:
        for number, text in enumerate(["Quorvex Labs signed the Paris Call", "مؤسسة النهر وقّعت نداء باريس", HOSTILE]):
            shelves.posts.keep(an_item(number, text), a_post(text, id=PostId(f"fake:{number}")))
    names = iter(["Quorvex Labs", "مؤسسة النهر", HOSTILE.removesuffix(" signed")])

    def detect(post):
        claim = Claim(kind=ClaimKind.SIGNS, organisation=next(names), span=(0, 5), confidence=0.95)
        reason = Reason(rule="r", detail=f"says “{post.text}”", weight=2.0, span=(0, 5))
        return Finding(
            label=Label.ANNOUNCEMENT,
            confidence=0.95,
            claims=(claim,),
            reasons=(reason,),
            language="en",
            rules_version="1",
        )

    office = Office(configuration=load(home / "config", {}), store=store, now=lambda: datetime.now(UTC))
    register.first_start(office, supporters_file(home / "config"))
    Judge(office, detect).judge_all()
    store.close()
    return home


@pytest.fixture
def folder(made_once, tmp_path, monkeypatch):
    """A copy of it that the test may change, as the place where the command is given."""
    shutil.copytree(made_once, tmp_path, dirs_exist_ok=True)
    for variable in ("HARVESTER_CONFIG", "HARVESTER_DATABASE_URL"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.chdir(tmp_path)
    show.console.cache_clear()
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(cli.app, arguments)


def test_the_queue_and_a_case_show_who_where_and_why(folder):
    queue = run("case", "list")
    assert queue.exit_code == 0
    assert "Quorvex Labs" in queue.output
    assert "مؤسسة النهر" in queue.output
    case = run("case", "show", "1").output
    for expected in ("sure (95%)", "https://example.org/1", "says “Quorvex Labs", "harvester case confirm 1 --seen 0"):
        assert expected in case


def test_hostile_text_cannot_steer_the_terminal(folder):
    for command in (("case", "list"), ("case", "show", "3"), ("org", "list"), ("digest",), ("digest", "--html")):
        shown = run(*command).output
        assert not {"\x1b", "\x9b", "\x07", "\u202e"} & set(shown), command
        assert "\x1b" not in run(*command, "--json").output if command[-1] != "--html" else True
    assert "[link=file:///etc/passwd]Org[/link]" in run("case", "show", "3").output


def test_json_is_what_programs_read(folder):
    cases = json.loads(run("case", "list", "--json").output)
    assert [case["id"] for case in cases] == [1, 2, 3]
    assert cases[1]["organisation"]["name"] == "مؤسسة النهر"
    assert json.loads(run("case", "show", "1", "--json").output)["state"] == "waiting"
    assert len(json.loads(run("org", "list", "--json").output)) == 1222 + 3
    assert json.loads(run("db", "check", "--json").output)["troubles"] == []
    assert json.loads(run("digest", "--json").output)["letter"]["subject"].startswith("[Paris Call] 3 waiting")


def test_a_reviewer_decides_and_takes_it_back(folder, monkeypatch):
    monkeypatch.setenv("HARVESTER_REVIEWER", "Amina")
    done = run("case", "confirm", "2", "--country", "eg", "--category", "civil-society", "--segment", "hospitals")
    assert "confirmed now. Take it back: harvester case undo 2" in done.output
    shown = json.loads(run("case", "show", "2", "--json").output)
    assert (shown["organisation"]["country"], shown["decisions"][0]["by"]) == ("EG", "Amina")
    assert "مؤسسة النهر" in run("org", "list", "--standing", "signatory").output
    assert json.loads(run("case", "undo", "2", "--by", "Bo", "--json").output)["version"] == 2
    assert json.loads(run("case", "show", "2", "--json").output)["state"] == "waiting"
    for move, state in (("park", "parked"), ("decline", "declined"), ("reopen", "waiting")):
        assert f"{state} now" in run("case", move, "2").output
    assert run("case", "edit", "2", "--name", "River Foundation").exit_code == 0
    assert "River Foundation" in run("case", "list").output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("case", "show", "99"), "there is no case 99"),
        (("case", "confirm", "1", "--seen", "7"), "nobody has decided it yet"),
        (("case", "confirm", "1", "--country", "Kenya"), "--country: found 'Kenya'; allowed: two letters"),
        (("case", "confirm", "1", "--country", "ZX"), "--country: found 'ZX'"),
        (("case", "confirm", "1", "--segment", "nosuch"), "--segment: found nosuch; allowed by campaign.toml: "),
        (("case", "undo", "1"), "no decision to undo"),
        (("org", "show", "9999"), "there is no organisation 9999"),
        (("org", "import", "nosuch.csv"), "nosuch.csv: cannot be read"),
        (("harvest", "nosuch"), "there is no source nosuch"),
        (("--config", "/nowhere", "case", "list"), "harvester init"),
    ],
)
def test_a_trouble_is_told_in_words(folder, arguments, words):
    outcome = run(*arguments)
    assert isinstance(outcome.exception, HarvesterError)
    assert words in str(outcome.exception)


def test_the_program_ends_with_1_on_trouble_and_2_on_a_wrong_command(folder, quick_start):
    def program(*arguments):
        command = [sys.executable, "-m", "harvester", *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=quick_start, check=False)

    trouble = program("case", "show", "99")
    assert (trouble.returncode, trouble.stdout) == (1, "")
    assert trouble.stderr == "harvester: there is no case 99; `harvester case list` shows them\n"
    assert program("case", "nosuch").returncode == 2
    assert program("run").returncode == 2


def test_init_leaves_alone_what_is_there(folder):
    (folder / "config" / "campaign.toml").write_text("mine", encoding="utf-8")
    again = run("init", str(folder))
    assert "kept" in again.output
    assert (folder / "config" / "campaign.toml").read_text(encoding="utf-8") == "mine"


def test_check_says_what_is_missing_with_the_remedy(folder):
    found = json.loads(run("check", "--offline", "--json").output)
    by_name = {finding["what"]: finding for finding in found}
    assert by_name["configuration"]["well"]
    assert by_name["database"]["detail"] == "sqlite, knows 1222 supporters"
    assert by_name["mail"]["well"] is False
    assert "digest.recipients" in by_name["mail"]["detail"]
    (folder / "config" / "harvester.toml").write_text("[smtp]\nport = 0", encoding="utf-8")
    assert run("check", "--offline").exit_code == 1
    assert "smtp.port: found 0" in run("check", "--offline").output


def test_a_letter_is_printed_until_it_is_told_to_send_and_is_sent_once(folder):
    mailbox = Mailbox()
    (folder / "config" / "sources.toml").write_text("", encoding="utf-8")
    with honest_server(mailbox) as port:
        (folder / "config" / "harvester.toml").write_text(
            '[digest]\nsender = "h@example.org"\nrecipients = ["ana@example.org"]\n'
            f'[smtp]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n',
            encoding="utf-8",
        )
        assert "mail: " in run("check").output
        assert "nothing was sent" in run("digest").output
        assert mailbox.taken == []
        for _ in range(2):
            assert "was accepted" in run("digest", "--send").output
        day = f"{datetime.now(UTC):%Y-%m-%d}"
        assert "Quorvex Labs" in run("digest", "--day", day).output
    (taken,) = mailbox.taken
    message = BytesParser(policy=policy.default).parsebytes(taken.content)
    assert message["Subject"].startswith("[Paris Call] 3 waiting")
    assert run("digest", "--day", "2001-01-01").exit_code == 1


def test_a_backup_is_made_and_upgrade_knows_when_there_is_nothing_to_do(folder):
    assert "read through" in run("db", "backup").output
    assert "has version 0002 already" in run("db", "upgrade").output
    assert len(list((folder / "backups").glob("*.db"))) == 1


@pytest.mark.parametrize("text", ["a\tb\nc", "نعم \u200c\u200d 👩‍🚀", "\ud800\x00\u2028", "e\u0301"])
def test_what_is_printed_is_safe_and_a_line(text):
    printed = show.safe(text)
    assert "\n" not in printed
    printed.encode("utf-8")
    assert show.safe(printed) == printed
