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
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
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
        if room(path) not in {"cli"} and reads.search(path.read_text(encoding="utf-8"))
    }
    assert found <= {"harvester/config.py"}


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
    assert all(getattr(parameter, "help", "") for parameter in command.params if parameter.name not in {"file"})
    words = "".join(path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
    assert f"harvester {' '.join(names)}" in words


@pytest.mark.parametrize("name", ["harvester.toml", "sources.toml", "campaign.toml", "organisations.toml"])
def test_every_key_of_the_configuration_has_a_comment(name):
    """A comment stands above the key, or above the group of keys that it begins."""
    text = (ROOT / "config" / name).read_text(encoding="utf-8")
    tomllib.loads(text)
    bare, commented, depth, seen = [], False, 0, set()
    for line in text.splitlines():
        stripped = line.strip()
        if depth == 0 and (key := re.match(r"([A-Za-z_]+)\s*=", stripped)):
            if not commented and key[1] not in seen:
                bare.append(key[1])
            seen.add(key[1])
        depth += line.count("[") - line.count("]") if not stripped.startswith("#") else 0
        depth = 0 if re.match(r"\[+[\w.-]+\]+$", stripped) else depth
        commented = stripped.startswith("#") or (commented and bool(stripped) and depth == 0 and "=" not in stripped)
    assert bare == []


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
