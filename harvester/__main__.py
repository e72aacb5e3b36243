"""Let ``python -m harvester`` do what the ``harvester`` command does."""

from harvester.cli import main

if __name__ == "__main__":
    main()
