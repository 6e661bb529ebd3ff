"""`python -m bench.part NAME`: one part in a process of its own; its figures as lines."""

import argparse
import importlib
import time

from bench.product import progress

MODULES = {
    "startup": "bench.startup_bench",
    "import": "bench.import_bench",
    "large": "bench.large_bench",
    "recompute": "bench.recompute_bench",
    "scale": "bench.scale_bench",
    "scale_sqlite": "bench.scale_sqlite_bench",
    "pages": "bench.pages_bench",
    "house": "bench.house_bench",
    "crowd": "bench.crowd_bench",
    "crowd_sqlite": "bench.crowd_sqlite_bench",
    "offers": "bench.offers_bench",
    "nps": "bench.nps_bench",
    "references": "bench.references_bench",
    "campaigns": "bench.campaigns_bench",
}
SIZED = {"pages", "house", "crowd", "crowd_sqlite", "scale", "scale_sqlite", "references", "campaigns"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=MODULES)
    parser.add_argument("--customers", type=int)
    asked = parser.parse_args()
    started = time.monotonic()
    options = {"customers": asked.customers} if asked.customers and asked.name in SIZED else {}
    for figure in importlib.import_module(MODULES[asked.name]).measure(**options):
        print(figure, flush=True)
    progress(f"{asked.name}: {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
