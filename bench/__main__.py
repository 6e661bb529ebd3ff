"""`python -m bench [part …]`: measure the parts one after the other and print a line per figure.

A figure that misses its goal is printed as such and ends nothing; a part that breaks is named and the others go on. The exit
code is 1 only when a part broke.
"""

import argparse
import subprocess
import sys

from bench.figures import machine
from bench.part import MODULES


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.split("\n")[0])
    parser.add_argument("parts", nargs="*", choices=["all", *MODULES], default="all", metavar="part", help=", ".join(MODULES))
    parser.add_argument(
        "--customers",
        type=int,
        help="customers for pages (default 100000), house (200000), crowd (20000), crowd_sqlite (5000), scale (1000000), "
        "scale_sqlite (100000), references and campaigns (200000)",
    )
    asked = parser.parse_args()
    print(machine(), flush=True)
    more = [f"--customers={asked.customers}"] if asked.customers else []
    broken = [name for name in (MODULES if "all" in asked.parts else asked.parts) if not _runs(name, more)]
    if broken:
        print(f"broken: {', '.join(broken)}")
    return 1 if broken else 0


def _runs(name: str, more: list[str]) -> bool:
    """Each part has a process of its own: its memory is its own, and its end harms no other."""
    print(f"\n{name}", flush=True)
    return subprocess.run([sys.executable, "-m", "bench.part", name, *more], check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
