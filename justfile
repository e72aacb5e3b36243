# Recipes for developers. `just` lists them; each works without just, too: copy the line.

default:
    @just --list

# All that CI does.
ci:
    .ci/run

# The tests; more arguments go to pytest.
test *arguments:
    uv run pytest {{arguments}}

# Minutes of faults: many kills, long walks.
soak:
    uv run pytest -m soak --timeout 900

# The tests on every Python that we support.
pythons:
    for version in 3.11 3.12 3.13; do uv run --isolated --python $version pytest -q || exit 1; done

# Linters and types.
lint:
    uv run ruff check
    uv run ruff format --check
    uv run mypy
    uv run lint-imports

# Bring the code into shape.
format:
    uv run ruff check --fix
    uv run ruff format

# Precision, recall and F1 of detection, and the table of entity resolution, on labelled data.
eval:
    uv run python benchmarks/eval_detect.py
    uv run python benchmarks/eval_resolve.py

# Fit the confidence on posts that no rule was written for, and draw docs/reliability.svg.
calibrate:
    uv run --group figures python benchmarks/calibrate.py

# Learn how announcements are worded, and fit the confidence anew.
wording: && calibrate
    uv run --group figures python benchmarks/fit_wording.py

# Detection beside a plain alternation of keywords: posts a second.
bench-detect *arguments:
    uv run python benchmarks/detect.py {{arguments}}

# Entity resolution beside rapidfuzz's process.extract: speed and memory by size of the register.
bench-resolve *sizes:
    uv run python benchmarks/resolve.py {{sizes}}

# How quickly the command line answers (compiled byte code, median of 21).
start-up:
    uv run --compile-bytecode python benchmarks/start_up.py

# Write a migration for what tables.py has and the database lacks.
migration +words:
    uv run python -m harvester.store.migrations {{words}}
