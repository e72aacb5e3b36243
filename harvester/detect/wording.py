"""Tell by the words alone whether a post announces a signature, for the turns of phrase that no list has.

Beside the rules stands a plain model: the weights of some thousand words and runs of two or three, learned from
labelled posts by `just wording`. Names, the Call's name and numbers are put as one word each, so that it learns how
people put it, and not who signed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import resources
from typing import NamedTuple

from harvester.detect.clauses import Sentence
from harvester.detect.reading import Reading
from harvester.model import Span

WEIGHTS = "wording.tsv"
LONGEST_RUN = 3
LEAST_TOLD = 4
"""Letters of a run that tells a reader something: “on” and “!” do not."""
INTERCEPT = "<>"
NEVER = -99.0
NAME, CALL, NUMBER, TITLE, END = "<name>", "<call>", "<number>", "<title>", "<end>"
ORGANISATION, AUTHOR = "<organisation>", "<author>"


class Run(NamedTuple):
    """One to three words side by side, and where they stand."""

    text: str
    span: Span


class Wording:
    """The weights of words and runs of words, in log-odds of an announcement."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        """Hold `weights`; the intercept is among them."""
        self.weights = weights

    @classmethod
    def shipped(cls) -> Wording:
        """Read the weights that come with the package: a run, a tab and its weight a line."""
        lines = resources.files(__package__).joinpath(WEIGHTS).read_text("utf-8").splitlines()
        return cls({run: float(weight) for run, _, weight in (line.partition("\t") for line in lines)})

    @classmethod
    def deaf(cls) -> Wording:
        """Give weights that hear nothing, so that the rules decide alone."""
        return cls({INTERCEPT: NEVER})

    def log_odds(self, runs: Iterable[Run]) -> float:
        """Give the log-odds that a post with these runs announces a signature; longer posts do not count for more."""
        known = {run.text for run in runs} & self.weights.keys()
        return self.weights[INTERCEPT] + sum(self.weights[text] for text in known) / math.sqrt(max(1, len(known)))

    def telling(self, runs: Iterable[Run], most: int) -> list[Run]:
        """Give at most so many of the runs that speak most for an announcement, none inside another."""
        found: list[Run] = []
        for run in sorted(runs, key=lambda run: -self.weights.get(run.text, 0.0)):
            apart = all(run.span[1] <= other.span[0] or other.span[1] <= run.span[0] for other in found)
            if (
                run.span[1] - run.span[0] >= LEAST_TOLD
                and apart
                and self.weights.get(run.text, 0.0) > 0
                and len(found) < most
            ):
                found.append(run)
        return found


def runs(reading: Reading) -> list[Run]:
    """Give the words of a post and their runs of two and three."""
    words = list(_words(reading))
    lengths = range(1, LONGEST_RUN + 1)
    return [_run(words[at : at + length]) for length in lengths for at in range(len(words) - length + 1)]


def _run(words: Sequence[Run]) -> Run:
    return Run(" ".join(word.text for word in words), (words[0].span[0], words[-1].span[1]))


def _words(reading: Reading) -> Iterator[Run]:
    """Yield the words, one for each name; before them what the author is, behind each sentence its end."""
    yield Run(ORGANISATION if reading.author_is_organisation else AUTHOR, (0, 0))
    for read in reading.sentences:
        sentence = read.sentence
        yield from _put(sentence)
        is_title = not sentence.is_note and sentence.span[0] == 0
        yield Run(TITLE if is_title else END, (sentence.span[1], sentence.span[1]))


def _put(sentence: Sentence) -> Iterator[Run]:
    held: Sequence[tuple[Span, str]] = [
        *((name.span, NAME) for group in sentence.groups for name in group.names),
        *((call, CALL) for call in sentence.calls),
    ]
    last: Span | None = None
    for token in sentence.tokens:
        span, text = next(((s, t) for s, t in held if s[0] <= token.start < s[1]), (None, token.folded))
        if span is None:
            yield Run(NUMBER if text.isdigit() else text, (token.start, token.end))
        elif span != last:
            yield Run(text, span)
        last = span
