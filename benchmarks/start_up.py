"""Measure how long `harvester --help` takes to answer, beside an empty Python, both with compiled byte code."""

import compileall
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 21


def seconds(*command: str) -> float:
    """Give the median wall time of `command` over some rounds."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, env=environment)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


if __name__ == "__main__":
    compileall.compile_dir(Path(__file__).parents[1] / "harvester", quiet=2)
    empty = seconds(sys.executable, "-c", "pass")
    ours = seconds(str(Path(sys.executable).with_name("harvester")), "--help")
    print(f"harvester --help  {ours * 1000:.0f} ms   (an empty Python {empty * 1000:.0f} ms; ratio {ours / empty:.1f})")
