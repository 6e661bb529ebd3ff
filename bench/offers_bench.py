"""Would the suggestions have found sales? `export_suggestions` for the five cut-offs of Online Retail, judged by the shared back-test.

The back-test is a program of its own (bench/offers/evaluate.py in SHARED_DIR) that reads CSV files and knows nothing of the product.
It needs pandas, which the product does not: EVALUATE_PYTHON may name a Python that has it.
"""

import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import online_retail, product
from bench.figures import Figure
from bench.product import progress

TOP = 40
SECONDS_MOST = 60


@dataclass(frozen=True)
class Goal:
    """A metric of the back-test with the least it shall reach, and what the known methods reach (shares from 0 to 1)."""

    metric: str
    least: float
    item_knn: float | None
    trees: float
    regression: float


GOALS = (
    Goal("A.all.ndcg@10", 0.375, 0.219, 0.367, 0.370),
    Goal("A.repeat.ndcg@10", 0.495, 0.369, 0.493, 0.493),
    Goal("A.new.ndcg@10", 0.148, 0.101, 0.122, 0.131),
    Goal("B.pairs.all.prec@500", 0.650, 0.42, 0.65, 0.63),
    Goal("B.pairs.new.prec@500", 0.195, 0.109, 0.135, 0.167),
    Goal("B.calls.new.hit@100x3", 0.36, 0.21, 0.28, 0.34),
    Goal("B.cust.auc", 0.747, None, 0.744, 0.747),
    Goal("B.cust.revenue@10%", 0.570, None, 0.568, 0.550),
)
"""Regression: the candidate `rich` for offers, five figures of recency, frequency and money for customers."""


@dataclass(frozen=True)
class Judged:
    goal: Goal
    share: float

    def __str__(self) -> str:
        is_met = round(self.share, 4) >= self.goal.least
        knn = "–" if self.goal.item_knn is None else f"{self.goal.item_knn:.3f}"
        anchors = f"item-kNN {knn:>5}  trees {self.goal.trees:.3f}  regression {self.goal.regression:.3f}"
        verdict = "met" if is_met else "NOT MET"
        return f"{self.goal.metric:<32} {self.share:.4f}   {anchors}   goal ≥ {self.goal.least:.3f} {verdict}"


def measure() -> list[Figure | Judged]:
    source = online_retail.raw_lines().parent
    if not (source / "splits.json").exists():
        progress(f"left out: {source / 'splits.json'} is not there (SHARED_DIR says where the data lie)")
        return []
    with product.installed() as database:
        _load(online_retail.goods_lists(source, database.folder / "lists"))
        files, seconds = _export(source, database.folder)
        return [*_judge(source, files, database.folder / "judged.json"), *seconds]


def _load(lists: online_retail.Lists) -> None:
    for kind in ("customers", "products", "orders"):
        product.manage("import_list", kind, str(getattr(lists, kind)))
    product.settle()


def _export(source: Path, folder: Path) -> tuple[list[Path], list[Figure]]:
    """One file per cut-off, and how long each took."""
    files, figures = [], []
    for split in json.loads((source / "splits.json").read_text(encoding="utf-8"))["splits"]:
        file, started, busy = folder / f"{split['name']}.csv", time.monotonic(), time.process_time()
        product.manage("export_suggestions", "--as-of", split["cutoff"], "--top", str(TOP), "--out", str(file), "--split", split["name"])
        figures.append(Figure(f"export as of {split['cutoff']}", time.monotonic() - started, None, None, SECONDS_MOST, "s"))
        figures.append(Figure("… processor time without the database", time.process_time() - busy, None, None, None, "s"))
        progress(f"{split['cutoff']}: {figures[-2].figure:.1f} s")
        files.append(file)
    return files, figures


def _judge(source: Path, files: Sequence[Path], answer: Path) -> list[Judged]:
    program = source.parents[1] / "bench" / "offers" / "evaluate.py"
    python = os.environ.get("EVALUATE_PYTHON", sys.executable)
    if not program.exists() or subprocess.run([python, "-c", "import pandas"], capture_output=True, check=False).returncode:
        progress(f"not judged: {program} needs to be there, and pandas in {python} (EVALUATE_PYTHON names another)")
        return []
    together = answer.with_suffix(".csv")
    _join(files, together)
    call = [python, str(program), "--data", str(source), "--predictions", str(together), "--json", str(answer)]
    subprocess.run(call, check=True, stdout=subprocess.DEVNULL)
    (judged,) = json.loads(answer.read_text(encoding="utf-8")).values()
    return [Judged(goal, judged[goal.metric]["mean"]) for goal in GOALS]


def _join(files: Sequence[Path], into: Path) -> None:
    with into.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        for number, file in enumerate(files):
            with file.open(encoding="utf-8", newline="") as one:
                rows = csv.reader(one)
                heading = next(rows)
                writer.writerows(rows if number else [heading, *rows])


if __name__ == "__main__":
    for figure in measure():
        print(figure)
