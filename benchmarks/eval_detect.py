"""Score the detector on labelled posts: `python benchmarks/eval_detect.py [FILE.jsonl|FOLDER ...] [--show]`.

Without a file: the project's own material in tests/data/detect, posts in tests/data/unseen/score for which no rule was
written (do not --show them: that is what keeps them unseen), and the development set where it lies beside it. The own
material is read by the rules alone: the weights of words were learned from it.
Organisation names are compared folded; any spelling in `accept` counts. The last column must be 0.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harvester.config import load_campaign, load_lexicons, shipped_folder
from harvester.detect import Detector
from harvester.detect.text import fold
from harvester.detect.wording import Wording
from harvester.model import Author, Finding, Label, Post, PostId, SourceName
from harvester.text import plain_text

HERE = Path(__file__).parents[1]
OWN = HERE / "tests/data/detect"
DEVELOPMENT = HERE.parent / "shared" / "data" / "announcements-dev.jsonl"
SURE = 0.9
HREF = re.compile(r'href="([^"]+)"')


@dataclass
class Score:
    """Counts over one set of posts."""

    posts: int = 0
    hit: int = 0
    said: int = 0
    true: int = 0
    names_hit: int = 0
    names_said: int = 0
    names_true: int = 0
    sure: int = 0
    sure_right: int = 0
    lost: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, row: dict[str, Any], finding: Finding) -> None:
        """Count one post."""
        said = [claim.organisation for claim in finding.claims if claim.kind.is_signature]
        names = matched(said, row)
        is_true, is_said = row["label"] == Label.ANNOUNCEMENT, finding.label is Label.ANNOUNCEMENT
        self.posts += 1
        self.hit, self.said, self.true = self.hit + (is_true and is_said), self.said + is_said, self.true + is_true
        self.names_hit += names
        self.names_said += len(said)
        self.names_true += len(row["orgs"])
        self.sure += finding.confidence >= SURE
        self.sure_right += finding.confidence >= SURE and finding.label == row["label"]
        self.lost += row["label"] != Label.UNRELATED and finding.label is Label.UNRELATED
        if finding.label != row["label"] or names < max(len(said), len(row["orgs"])):
            self.wrong.append(
                f"{row.get('id')} {row.get('lang')} {row['label']}->{finding.label} {row['orgs']} -> {said}"
                f" ({finding.confidence})\n    {row.get('author_name')} | {row.get('title') or ''} | {row['text']}"
            )

    def line(self, name: str) -> str:
        """Give one row of the table."""
        post = rates(self.hit, self.said, self.true)
        organisation = rates(self.names_hit, self.names_said, self.names_true)
        sure = self.sure_right / self.sure if self.sure else 1.0
        return f"{name:<22} {self.posts:>5}  {post}  {organisation}  {sure:>8.2f} of {self.sure:<4} {self.lost:>4}"


def rates(hit: int, said: int, true: int) -> str:
    """Give precision, recall and F1 as text."""
    precision, recall = hit / said if said else 1.0, hit / true if true else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return f"{precision:>5.2f} {recall:>5.2f} {f1:>5.2f}"


def matched(said: Iterable[str], row: dict[str, Any]) -> int:
    """Count the names that are right, each expected one at most once."""
    left = {name: {fold(n) for n in (name, *row.get("accept", {}).get(name, []))} for name in row["orgs"]}
    count = 0
    for name in said:
        if right := next((key for key, spellings in left.items() if fold(name) in spellings), None):
            del left[right]
            count += 1
    return count


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the labelled posts of a file, or of all files in a folder."""
    for file in sorted(path.glob("*.jsonl")) if path.is_dir() else [path]:
        yield from map(json.loads, file.read_text(encoding="utf-8").splitlines())


def as_post(row: dict[str, Any]) -> Post:
    """Make a post of one labelled line."""
    author = Author(
        platform=row.get("platform", ""), name=row.get("author_name", ""), handle=row.get("author_handle", "")
    )
    return Post(
        id=PostId(str(row.get("id", ""))), source=SourceName("eval"), url=row.get("url", ""), author=author,
        title=plain_text(row.get("title") or ""), text=plain_text(row["text"]), published_at=None,
        language=row.get("lang") or "", mentions=row.get("mentions", {}), links=tuple(HREF.findall(row["text"])),
    )  # fmt: skip


def main(arguments: list[str]) -> None:
    """Print the table."""
    campaign, lexicons = load_campaign(shipped_folder()), load_lexicons(shipped_folder())
    detector, rules = Detector(campaign, lexicons), Detector(campaign, lexicons, wording=Wording.deaf())
    files = [Path(a) for a in arguments if not a.startswith("--")]
    files = files or [
        *sorted(OWN.glob("*.jsonl")),
        HERE / "tests/data/unseen/score",
        *([DEVELOPMENT] if DEVELOPMENT.exists() else []),
    ]
    print(f"{'set':<22} {'posts':>5}  {'announcement P R F1':<17}  {'organisation P R F1':<17}  sure is right   lost")
    for path in files:
        score, languages = Score(), {}
        for row in rows(path):
            finding = (rules if path.resolve().parent == OWN else detector).detect(as_post(row))
            score.add(row, finding)
            languages.setdefault(row.get("lang", "?"), Score()).add(row, finding)
        print(score.line(path.stem))
        if "--languages" in arguments:
            print("\n".join(each.line(f"  {code}") for code, each in sorted(languages.items())))
        if "--show" in arguments:
            print("\n".join(score.wrong))


if __name__ == "__main__":
    main(sys.argv[1:])
