"""Fit the confidence on labelled posts that no rule was written for: `just calibrate`.

Fits on tests/data/unseen/calibrate, writes harvester/detect/calibration.toml, and draws docs/reliability.svg from
tests/data/unseen/score, which neither a rule nor a weight has seen. Only the guess who signed learns from the posts in
tests/data/detect and tests/data/wording, too: it looks at circumstances, not at words.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from eval_detect import SURE, as_post, matched, rows
from matplotlib import pyplot as plt
from sklearn.calibration import calibration_curve
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss

from harvester.config import load_campaign, load_lexicons, shipped_folder
from harvester.detect import Detector
from harvester.detect.calibration import INTERCEPT, Calibration, Question, Signs
from harvester.detect.guess import candidates
from harvester.detect.hearing import SecondHearing
from harvester.detect.wording import Wording
from harvester.model import Finding, Label

HERE = Path(__file__).parents[1]
DATA = HERE / "tests/data/unseen"
NUMBERS = HERE / "harvester/detect/calibration.toml"
LEARNED = (HERE / "tests/data/detect", HERE / "tests/data/wording")
FIGURE = HERE / "docs/reliability.svg"
STRENGTH = 0.3
"""The inverse of the penalty on weights: a few hundred posts bear no more."""
BINS = 5
FEWEST = 4
"""So many answers must have a sign, or it gets no weight."""
UNREAD = -2.0
"""No labelled post is in a language without words, so this is set: a signature may well be overlooked there."""

UNDECIDED = 0.49
SECOND_HEARING = frozenset({Question.HEARD, Question.WHO})

Answer = tuple[Signs, bool]
Models = Mapping[Question, Mapping[str, float]]


class Recorder(Calibration):
    """Notes what is asked, and answers as `models` do, but that the words alone never decide."""

    def __init__(self, models: Models) -> None:
        """Begin with nothing asked."""
        super().__init__(models)
        self.asked: list[tuple[Question, Signs]] = []

    def probability(self, question: Question, signs: Signs) -> float:
        """Note the question."""
        self.asked.append((question, signs))
        said = super().probability(question, signs)
        return min(said, UNDECIDED) if question is Question.HEARD else said


def answers(folder: Path, known: Models) -> dict[Question, list[Answer]]:
    """Give what each model is asked about the posts in `folder`, and whether the rules were right."""
    recorder = Recorder(known)
    detector = Detector(load_campaign(shipped_folder()), load_lexicons(shipped_folder()), recorder)
    hearing = SecondHearing(Wording.shipped(), recorder)
    found: dict[Question, list[Answer]] = defaultdict(list)
    for row in rows(folder):
        recorder.asked.clear()
        post = as_post(row)
        finding = detector.detect(post)
        _note(found, recorder.asked, finding, row)
        reading = detector.read(post)
        if reading and not reading.signed:
            found[Question.HEARD].append((hearing.signs(reading), row["label"] == Label.ANNOUNCEMENT))
    return found


def guesses(folders: Iterable[Path]) -> list[Answer]:
    """Give who is named in the announcements of `folders`, or writes them, and whether they are said to have signed."""
    detector = Detector(load_campaign(shipped_folder()), load_lexicons(shipped_folder()))
    announcements = (row for folder in folders for row in rows(folder) if row["label"] == Label.ANNOUNCEMENT)
    read = ((row, reading) for row in announcements if (reading := detector.read(as_post(row))))
    return [(one.signs, matched([one.name], row) == 1) for row, reading in read for one in candidates(reading)]


def _note(
    found: dict[Question, list[Answer]], asked: list[tuple[Question, Signs]], finding: Finding, row: dict[str, Any]
) -> None:
    claims = iter(finding.claims)
    for question, signs in asked:
        if question in SECOND_HEARING:
            continue
        if question is not Question.CLAIM:
            found[question].append((signs, finding.label == row["label"]))
        elif (claim := next(claims)).kind.is_signature:
            found[question].append((signs, matched([claim.organisation], row) == 1))


def fit(given: list[Answer]) -> dict[str, float]:
    """Fit one model; weights in log-odds."""
    seen = sorted({sign for signs, _ in given for sign in signs})
    kept = [sign for sign in seen if sum(bool(signs.get(sign)) for signs, _ in given) >= FEWEST]
    right = np.array([is_right for _, is_right in given])
    values = np.array([[signs.get(sign, 0.0) for sign in kept] for signs, _ in given])
    model = LogisticRegression(C=STRENGTH).fit(values, right)
    weights = {sign: round(float(weight), 3) for sign, weight in zip(kept, model.coef_[0], strict=True)}
    return {INTERCEPT: round(float(model.intercept_[0]), 3)} | {sign: w for sign, w in weights.items() if w}


def write(models: dict[Question, dict[str, float]]) -> None:
    """Write the numbers where the package reads them."""
    lines = ["# Written by `just calibrate`: log-odds of the rules being right.\n"]
    for question, model in models.items():
        lines += [f"\n[{question.value}]\n", *(f"{sign} = {weight}\n" for sign, weight in model.items())]
    NUMBERS.write_text("".join(lines), "utf-8")


def draw(sure: dict[str, list[tuple[float, bool]]], target: Path) -> None:
    """Draw how often answers are right against how sure they were, about as many in each bin."""
    plt.rcParams.update({"svg.hashsalt": "harvester", "font.size": 9})
    figure, axes = plt.subplots(figsize=(5.2, 4.4))
    axes.plot([0, 1], [0, 1], linestyle=":", color="grey", label="as sure as right")
    for (name, pairs), mark in zip(sure.items(), "os^d", strict=False):
        said, right = zip(*pairs, strict=True)
        y, x = calibration_curve(right, said, n_bins=BINS, strategy="quantile")
        axes.plot(x, y, marker=mark, label=f"{name} ({len(pairs)})")
    axes.set(xlabel="confidence", ylabel="share that is right", xlim=(0, 1.02), ylim=(0, 1.02))
    axes.legend(loc="upper left")
    axes.grid(alpha=0.3)
    figure.tight_layout()
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None})
    target.write_text("\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n", "utf-8")


def main() -> None:
    """Fit, write, and tell how good the numbers are on the part that was not fitted on."""
    models = {Question(name): numbers for name, numbers in Calibration.shipped().models.items()}
    # How sure a mention is hangs on how the words sound, which is therefore fitted first.
    models[Question.HEARD] = fit(answers(DATA / "calibrate", models)[Question.HEARD])
    models[Question.WHO] = fit(guesses([DATA / "calibrate", *LEARNED]))
    given = answers(DATA / "calibrate", models)
    models |= {
        question: fit(given[question]) for question in Question if question not in {Question.HEARD, Question.WHO}
    }
    models[Question.MENTION]["unread"] = UNREAD
    write(models)
    fitted = Calibration(models)
    sure: dict[str, list[tuple[float, bool]]] = {}
    for question, pairs in answers(DATA / "score", models).items():
        sure[question.value] = [(fitted.probability(question, signs), is_right) for signs, is_right in pairs]
    print(f"{'question':<14}{'answers':>8}{'right':>7}{'Brier':>7}{'of the mean':>13}   of confidence {SURE} and above")
    for name, pairs in sorted(sure.items()):
        said, right = zip(*pairs, strict=True)
        high = [is_right for confidence, is_right in pairs if confidence >= SURE]
        mean = float(np.mean(right))
        print(
            f"{name:<14}{len(pairs):>8}{mean:>7.2f}{brier_score_loss(right, said):>7.3f}"
            f"{brier_score_loss(right, [mean] * len(right)):>13.3f}   {sum(high)} of {len(high)} right"
        )
    draw(sure, FIGURE)


if __name__ == "__main__":
    main()
