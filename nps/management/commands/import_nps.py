"""Take over answers to a survey from a list or our filled workbook."""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from innendienst.lib import display
from nps.figures import WaveFigures, rounded
from nps.finding import find_wave
from nps.imports.take_over import ListResult, import_answers


class Command(BaseCommand):
    help = "Take over survey answers from a CSV or XLSX list with a column of ratings, or from the filled workbook (docs/nps.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--wave", metavar="NAME", help="survey by name or id; without it one is made, called after the file")
        parser.add_argument("--scale", type=int, choices=[0, 1], help="with what the scale begins (1 unless the workbook says 0)")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *, file: Path, wave: str | None, scale: int | None, **options) -> None:
        if not file.is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": file})
        chosen = None
        if wave is not None and (chosen := find_wave(wave)) is None:
            raise CommandError(_("There is no survey “%(name)s”.") % {"name": wave})
        result = import_answers(file, file.name, wave=chosen, scale_min=scale)
        self.stdout.write(_as_json(result) if options["json"] else _as_text(result))
        if result.figures is None:
            raise SystemExit(1)


def _as_json(result: ListResult) -> str:
    messages = [
        {"row": message.row, "column": message.column, "level": message.level.value, "text": message.text} for message in result.messages
    ]
    return json.dumps({**_figures(result.figures), "rejected": result.rejected, "messages": messages}, ensure_ascii=False)


def _figures(figures: WaveFigures | None) -> dict:
    if figures is None:
        return dict.fromkeys(["wave", "n", "promoters", "passives", "detractors", "nps", "ci_low", "ci_high"])
    tally, span = figures.tally, figures.interval
    return {
        "wave": figures.wave.name,
        "n": tally.n,
        "promoters": tally.promoters,
        "passives": tally.passives,
        "detractors": tally.detractors,
        "nps": _tenth(figures.score),
        "ci_low": _tenth(span and span.low),
        "ci_high": _tenth(span and span.high),
    }


def _tenth(value) -> float | None:
    exact = rounded(value, 1)
    return None if exact is None else float(exact)


def _as_text(result: ListResult) -> str:
    lines = [message.text for message in result.messages]
    if result.figures and result.figures.score is not None and result.figures.interval is not None:
        tally, span = result.figures.tally, result.figures.interval
        facts = {
            "wave": result.figures.wave.name, "n": display.number(tally.n), "promoters": display.number(tally.promoters),
            "passives": display.number(tally.passives), "detractors": display.number(tally.detractors),
            "nps": display.number(rounded(result.figures.score, 1) or 0, 1), "low": display.number(rounded(span.low, 1) or 0, 1),
            "high": display.number(rounded(span.high, 1) or 0, 1), "rejected": display.number(result.rejected),
        }  # fmt: skip
        lines.append(
            _(
                "%(wave)s: n %(n)s, promoters %(promoters)s, passives %(passives)s, detractors %(detractors)s, "
                "NPS %(nps)s (%(low)s … %(high)s); %(rejected)s rows with errors."
            )
            % facts
        )
    return "\n".join(lines)
