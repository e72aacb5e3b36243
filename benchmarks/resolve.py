"""Measure entity resolution beside rapidfuzz's process.extract: `uv run python benchmarks/resolve.py [SIZE SIZE...]`.

Names are made from the official list: each keeps the pattern and the general words of a real one, while names and
places in it are exchanged for made-up words, so that words are as common in a large register as in the real one.
Queries are names of the register as others write them. Each is asked once: nothing is answered from memory.
"""

from __future__ import annotations

import csv
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rapidfuzz import fuzz, process

from harvester.config import load_organisation_words, shipped_folder
from harvester.model import Mention, Organisation, OrganisationId, Standing
from harvester.resolve import Register

SIZES = (1_000, 10_000, 100_000)
QUERIES = 500
ROUNDS = 3
SLOW_QUERIES = 20
SYLLABLES = (
    "ka",
    "lo",
    "mi",
    "ren",
    "tos",
    "var",
    "del",
    "qui",
    "sa",
    "no",
    "bri",
    "pha",
    "tor",
    "lu",
    "men",
    "gra",
    "sto",
)
COMMON = 8
"""Names of the official list in which a word stands that is kept as it is."""


def made_names(count: int, seed: int) -> Iterator[str]:
    """Give `count` different names."""
    chance = random.Random(seed)
    with (shipped_folder() / "supporters.csv").open(encoding="utf-8", newline="") as file:
        patterns = [row["name"].split() for row in csv.DictReader(file)]
    known: dict[str, int] = {}
    for word in (word for pattern in patterns for word in set(pattern)):
        known[word] = known.get(word, 0) + 1
    lexicon = [
        "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).capitalize() for _ in range(max(2_000, count // 4))
    ]
    seen: set[str] = set()
    while len(seen) < count:
        # Few words are frequent, most are rare, as in any language.
        words = [
            word if known[word] >= COMMON else lexicon[int(len(lexicon) * chance.random() ** 2)]
            for word in chance.choice(patterns)
        ]
        name = " ".join(words)
        if name not in seen:
            seen.add(name)
            yield name


def rewritten(name: str, chance: random.Random) -> str:
    """Give the name as another may write it: a letter wrong, a word more, a word less, a legal form, or as it is."""
    words = name.split()
    at = chance.randrange(len(words))
    match chance.randrange(5):
        case 0:
            words[at] = words[at][:2] + words[at][3:]
        case 1:
            words.append(chance.choice(["Foundation", "Group", "Kenya", "Ltd"]))
        case 2 if len(words) > 1:
            del words[at]
        case 3:
            words = [word.upper() for word in words]
    return " ".join(words)


def rate(ask: Callable[[str], object], queries: Sequence[str]) -> float:
    """Give queries a second of one core."""
    start = time.process_time()
    for query in queries:
        ask(query)
    return len(queries) / (time.process_time() - start)


def measure(size: int) -> None:
    """Print one line of the table."""
    names = list(made_names(size, seed=size))
    entries = [
        Organisation(id=OrganisationId(n), name=name, standing=Standing.SUPPORTER) for n, name in enumerate(names, 1)
    ]
    before = memory()
    start = time.process_time()
    register = Register(entries, load_organisation_words(shipped_folder()))
    built = time.process_time() - start
    register.match(Mention(name="the names of states are read at the first match"))
    chance = random.Random(size)
    queries = [rewritten(chance.choice(names), chance) for _ in range(ROUNDS * QUERIES)]
    rounds = [queries[at : at + QUERIES] for at in range(0, len(queries), QUERIES)]
    ours = statistics.median(rate(lambda name: register.match(Mention(name=name)), asked) for asked in rounds)
    used = memory() - before
    theirs = statistics.median(
        rate(lambda name: process.extract(name, names, scorer=fuzz.token_set_ratio, limit=5), asked[:SLOW_QUERIES])
        for asked in rounds
    )
    print(f"{size:>9,} {built:8.1f} s {used:7.0f} MB {ours:9.0f} {theirs:12.1f} {ours / theirs:8.0f}", flush=True)


def memory() -> float:
    """Give the memory that this process has now, in MB (Linux)."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize() / 1e6


if __name__ == "__main__":
    if len(sys.argv) == 2:  # noqa: PLR2004 -- one size
        measure(int(sys.argv[1]))
    else:
        print("    names      build     memory  queries/s  process.extract   ratio   (medians of one core)", flush=True)
        for size in sys.argv[1:] or SIZES:
            # A process for each, as memory once taken is not given back.
            subprocess.run([sys.executable, __file__, str(size)], check=True)
