"""Measure how many posts a second `harvester detect -` judges: `python benchmarks/detect.py [POSTS]`.

Two streams, made from the labelled posts in tests/data/detect: a mixed one, in which one post of a hundred is about the
Call, and one of such posts only. Beside it, in the same run, what people use otherwise: the Call's names as one
alternation of `re`, in a loop that reads the same JSON and writes the same few fields. Medians of ROUNDS.
"""

from __future__ import annotations

import io
import json
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from harvester.cli.stream import judge
from harvester.config import load_campaign, load_lexicons, shipped_folder
from harvester.detect import Detector
from harvester.model import Label

HERE = Path(__file__).parents[1]
DATA = HERE / "tests" / "data" / "detect"
POSTS = 100_000
ABOUT_SHARE = 50
"""The stream of posts that are all about the Call is so many times shorter."""
ROUNDS = 5
SHARE = 100
NOISE = (
    "Our hospital opens a new wing today, thanks to everyone who gave their time and money",
    "Breaking: the council has signed a contract for two ferries, says the mayor",
    "Heute Abend spielt die Stadtkapelle auf dem Marktplatz, kommt alle vorbei!",
    "Le conseil municipal a voté le budget des écoles hier soir 🏫",
    "El río creció dos metros durante la noche; las escuelas siguen cerradas",
    "今天的天气真好，我们去公园散步吧",
    "本日の会議は午後三時に始まります",
    "افتتحت البلدية اليوم مكتبة جديدة في وسط المدينة",
    "Сегодня в городе открыли новый мост через реку",
    "I called my sister in Lyon and we talked about the internet outage all evening <br>",
    "Cybersecurity training for small firms starts on Monday, sign up at the desk &amp; bring tea",
)


def streams(count: int) -> dict[str, bytes]:
    """Make both streams as JSON lines; the same on every run."""
    pick = random.Random(20181112)
    rows = [json.loads(line) for file in sorted(DATA.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    about = [row for row in rows if row["label"] != Label.UNRELATED]
    mixed = [pick.choice(about) if number % SHARE == 0 else noise(number, pick) for number in range(count)]
    only = [pick.choice(about) for _ in range(count // ABOUT_SHARE)]
    return {"mixed, 1 % about the Call": lines(mixed), "all about the Call": lines(only)}


def noise(number: int, pick: random.Random) -> dict[str, str]:
    """Make one post about something else."""
    text = " ".join(pick.sample(NOISE, pick.randint(1, 3)))
    author = {"author_name": "Somebody", "author_handle": f"@user{number}"}
    return {"id": str(number), "platform": "x", **author, "text": text, "lang": "en"}


def lines(rows: list[dict[str, str]]) -> bytes:
    """Write rows as JSON lines."""
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def alternation() -> Callable[[bytes], None]:
    """Give the loop that a keyword alert is."""
    terms = load_campaign(shipped_folder()).terms
    phrases = [
        " ".join(f"(?:{re.escape(word)})".replace(r"\*", r"\w*").replace(r"\|", "|") for word in phrase.split())
        for phrase in (*terms.names, *terms.hashtags)
    ]
    pattern = re.compile("|".join(phrases), re.IGNORECASE)

    def run(stream: bytes) -> None:
        out = io.BytesIO()
        for line in io.BytesIO(stream):
            row = json.loads(line)
            label = "mention" if pattern.search(row["text"]) else "unrelated"
            out.write(json.dumps({"id": row.get("id"), "label": label}).encode() + b"\n")

    return run


def rate(run: Callable[[bytes], object], stream: bytes) -> float:
    """Give posts a second, the median of ROUNDS."""
    took = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        run(stream)
        took.append(time.perf_counter() - start)
    return stream.count(b"\n") / statistics.median(took)


def command(stream: bytes) -> None:
    """Run the command itself, its start included."""
    subprocess.run(
        [sys.executable, "-m", "harvester", "detect", "-"], input=stream, stdout=subprocess.DEVNULL, check=True
    )


def main(arguments: list[str]) -> None:
    """Print posts a second and how many times the alternation's that is."""
    detector = Detector(load_campaign(shipped_folder()), load_lexicons(shipped_folder()))
    plain = alternation()
    print(f"{'stream':<28}{'posts':>8}{'re alone':>12}{'judge()':>12}{'ratio':>7}{'command':>12}{'ratio':>7}")
    for name, stream in streams(int(arguments[0]) if arguments else POSTS).items():
        base, inner = rate(plain, stream), rate(lambda s: judge(detector, io.BytesIO(s), io.BytesIO()), stream)
        outer = rate(command, stream)
        count = stream.count(b"\n")
        print(
            f"{name:<28}{count:>8}{base:>12,.0f}{inner:>12,.0f}{inner / base:>7.1f}{outer:>12,.0f}{outer / base:>7.1f}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
