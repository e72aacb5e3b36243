"""Learn how announcements are worded: `just wording`, which fits the confidence anew, too.

Learns from tests/data/detect and tests/data/wording, writes harvester/detect/wording.tsv. A run of words is kept if at
least FEWEST posts have it and its weight is LEAST or more; then all are weighed once more without the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from eval_detect import as_post, rows
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from harvester.config import load_campaign, load_lexicons, shipped_folder
from harvester.detect import Detector
from harvester.detect.wording import INTERCEPT, Wording, runs
from harvester.model import Label

HERE = Path(__file__).parents[1]
DATA = (HERE / "tests/data/detect", HERE / "tests/data/wording")
WEIGHTS = HERE / "harvester/detect/wording.tsv"
FEWEST = 2
LEAST = 0.2
STRENGTH = 3.0
"""The inverse of the penalty on weights."""


def posts() -> Iterator[tuple[set[str], bool]]:
    """Yield the runs of each post about the Call, and whether it announces a signature."""
    detector = Detector(
        load_campaign(shipped_folder()), load_lexicons(shipped_folder()), wording=Wording({INTERCEPT: 0})
    )
    for folder in DATA:
        for row in rows(folder):
            if reading := detector.read(as_post(row)):
                yield {run.text for run in runs(reading)}, row["label"] == Label.ANNOUNCEMENT


def fit(given: list[tuple[set[str], bool]], kept: list[str]) -> tuple[float, dict[str, float]]:
    """Give the intercept and the weights of `kept` in log-odds; each post's runs weigh one together."""
    place = {text: at for at, text in enumerate(kept)}
    known = [[place[text] for text in found if text in place] for found, _ in given]
    values = np.concatenate([np.full(len(found), 1 / max(1, len(found)) ** 0.5) for found in known])
    starts = np.cumsum([0, *map(len, known)])
    matrix = csr_matrix((values, np.concatenate(known).astype(int), starts), shape=(len(given), len(kept)))
    model = LogisticRegression(C=STRENGTH, max_iter=2000).fit(matrix, [is_announcement for _, is_announcement in given])
    return float(model.intercept_[0]), dict(zip(kept, map(float, model.coef_[0]), strict=True))


def main() -> None:
    """Learn, and write."""
    given = list(posts())
    counts = Counter(text for found, _ in given for text in found)
    _, weights = fit(given, sorted(text for text, count in counts.items() if count >= FEWEST))
    intercept, weights = fit(given, [text for text, weight in weights.items() if abs(weight) >= LEAST])
    lines = [
        f"{INTERCEPT}\t{intercept:.2f}\n",
        *(f"{text}\t{weight:.2f}\n" for text, weight in sorted(weights.items())),
    ]
    WEIGHTS.write_text("".join(lines), "utf-8")
    print(f"{len(weights)} runs of words from {len(given)} posts, {WEIGHTS.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
