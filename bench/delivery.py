"""The delivery engine in numbers, each beside its goal.

    python -m bench.delivery [broadcast rows fast kills beside] [--database sqlite|postgresql|both]

Every part sets up its own databases, platform and processes, and the platform's journal is what
is believed (`tests/fakes/judge.py`). Wall time on a shared machine is to be read beside the load.
"""

import argparse
import time
from importlib import import_module

from bench.stage import as_installed

PARTS = ("broadcast", "rows", "fast", "kills", "beside")


def main() -> None:
    """Run the parts that were asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=" ".join(PARTS))
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    given = parser.parse_args()
    if unknown := sorted(set(given.parts) - set(PARTS)):
        parser.error(f"no such part: {', '.join(unknown)}")
    kinds = ("sqlite", "postgresql") if given.database == "both" else (given.database,)
    with as_installed():
        for part in given.parts or PARTS:
            begun = time.monotonic()
            print(time.strftime("%Y-%m-%d %H:%M"))
            import_module(f"bench.delivery_{part}").main(kinds)
            print(f"{part} took {(time.monotonic() - begun) / 60:.1f} minutes\n", flush=True)


if __name__ == "__main__":
    main()
