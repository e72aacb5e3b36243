"""The house keeps its own rules: layers, sizes, one home a library, documented commands, commented keys."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import typer.main

from harvester import cli

ROOT = Path(__file__).parents[1]
MODULES = sorted(path for path in (ROOT / "harvester").rglob("*.py") if "versions" not in path.parts)
ROOMS = ("collect", "detect", "resolve", "store", "digest")
HOMES = {
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "tweepy": {"collect"},
    "mastodon": {"collect"},
    "feedparser": {"collect"},
    "aiohttp": {"collect"},
    "requests": {"collect"},
    "jinja2": {"digest"},
    "smtplib": {"digest"},
    "typer": {"cli"},
    "rich": {"cli"},
    "apscheduler": set(),
    "ahocorasick": {"detect", "resolve"},
    "rapidfuzz": {"resolve"},
}


def room(path):
    relative = path.relative_to(ROOT / "harvester")
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_imports_run_downwards_and_rooms_never_see_each_other():
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_at_home_in_its_room_and_not_too_long(path):
    longest = 450 if path.name == "model.py" else 300  # the model has every noun, to be read in one go
    assert len(path.read_text(encoding="utf-8").splitlines()) <= longest
    strangers = {top for name in imports(path) if (top := name.split(".")[0]) in HOMES and room(path) not in HOMES[top]}
    assert strangers == set()
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_functions_are_short(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    long = {
        node.name: node.end_lineno - node.lineno + 1
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno + 1 > 45
    }
    assert long == {}


def test_nobody_below_the_doors_reads_the_clock_or_the_environment():
    """`config.load` is given the environment; its default is the one exception."""
    reads = re.compile(r"datetime\.now\(|date\.today\(|utcnow\(|os\.environ|os\.getenv|time\.time\(")
    found = {
        str(path.relative_to(ROOT))
        for path in MODULES
        if room(path) != "cli" and reads.search(path.read_text(encoding="utf-8"))
    }
    assert found <= {"harvester/config/__init__.py"}


def commands():
    group = typer.main.get_command(cli.app)
    stack = [((name,), command) for name, command in group.commands.items()]
    while stack:
        names, command = stack.pop()
        if inner := getattr(command, "commands", None):
            stack += [((*names, name), one) for name, one in inner.items()]
        else:
            yield names, command


@pytest.mark.parametrize(
    ("names", "command"), list(commands()), ids=lambda part: " ".join(part) if isinstance(part, tuple) else ""
)
def test_every_command_has_help_with_an_example_and_stands_in_the_readme_or_its_docs(names, command):
    assert "Example: harvester" in command.help
    assert all(getattr(parameter, "help", "") for parameter in command.params if parameter.name != "file")
    words = "".join(path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
    assert f"harvester {' '.join(names)}" in words


@pytest.mark.parametrize("name", ["harvester.toml", "sources.toml", "campaign.toml", "organisations.toml"])
def test_every_key_of_the_configuration_has_a_comment(name):
    """A comment stands above the key or names it, as the head of sources.toml does; a group may share one."""
    lines = (ROOT / "config" / name).read_text(encoding="utf-8").splitlines()
    tomllib.loads("\n".join(lines))
    named = {found[1] for line in lines if (found := re.match(r"#\s+(\w+)\s", line))}
    bare, told, inside = set(), False, False
    for line in map(str.strip, lines):
        key = None if inside else re.match(r"(\w+)\s*=\s*(.*)", line)
        if key and not told and key[1] not in named:
            bare.add(key[1])
        if key:
            named.add(key[1])
            inside = key[2] in {"[", '"""', "'''"}
        elif line in {"]", '"""', "'''"}:
            inside = False
        told = line.startswith("#") or (told and bool(key))
    assert bare == set()


def test_no_host_of_this_machine_is_in_the_tree():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    machine = re.compile(r"/work/(main|shared|\.library)|/root/")
    found = [
        name
        for name in tracked
        if (ROOT / name).suffix in {".py", ".toml", ".md", ".yaml", ".service", ""}
        and (ROOT / name).is_file()
        and machine.search((ROOT / name).read_text(encoding="utf-8", errors="replace"))
        and name != "tests/test_house.py"
    ]
    assert found == []


def test_the_readme_names_only_files_that_exist():
    for document in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"
