"""The sheets that calculate: evaluation, segments, waves; and the overview, which only says what came out."""

from fractions import Fraction

from django.utils import timezone
from django.utils.translation import gettext as _

from innendienst.lib.certainty import Z95
from nps.figures import WaveFigures, rounded
from nps.statistics import SHOWN_FROM, Tally, interval, net_promoter_score, standard_error
from nps.trend import Step
from nps.workbook import formulas
from nps.workbook.answers_sheet import group_names, sheet_names
from nps.workbook.book import Book, head, write
from nps.workbook.content import Content

FIRST_RATING_ROW = 6
"""Where the rating 0 stands on the sheet of the evaluation, as Excel counts rows."""
GROUP_ROWS = {"promoter": 19, "passive": 20, "detractor": 21}
_N, _P, _D = "nps_n", "nps_p", "nps_d"


def _number(value: Fraction | float | None) -> float | str:
    """As a formula leaves it: empty text where there is nothing."""
    return "" if value is None else float(value)


def write_evaluation(book: Book, content: Content) -> None:
    name = sheet_names()[2]
    sheet = book.sheet(name, 34, 14, 12)
    counts = content.figures.counts if content.figures else {}
    tally = Tally.of(counts)
    sheet.write_string(0, 0, content.question, book.title)
    sheet.write_string(1, 0, _("Scale %(least)s–10") % {"least": content.scale_min})
    head(sheet, 4, (_("Rating"), _("Count"), _("Share")), book.bold)
    for rating in range(11):
        row = FIRST_RATING_ROW - 1 + rating
        sheet.write_number(row, 0, rating)
        sheet.write_formula(row, 1, f"=COUNTIF(ratings,A{row + 1})", None, counts.get(rating, 0))
        share = counts.get(rating, 0) / tally.n if tally.n else ""
        sheet.write_formula(row, 2, f'=IF({_N}=0,"",B{row + 1}/{_N})', book.percent, share)
    _write_groups(book, sheet, name, tally)
    span = interval(tally)
    figures = (
        (_("NPS (points)"), formulas.score(_N, _P, _D), _number(net_promoter_score(tally)), book.signed_bold, "nps_score"),
        (_("Standard error"), formulas.standard_error(_N, _P, _D), _number(standard_error(tally)), book.hundredth, ""),
        (_("Lower limit (95 %)"), formulas.low(_N, _P, _D), _number(span and span.low), book.signed_tenth, "nps_low"),
        (_("Upper limit (95 %)"), formulas.high(_N, _P, _D), _number(span and span.high), book.signed_tenth, "nps_high"),
        (_("Response rate"), formulas.response_rate(_N), _response_rate(content), book.percent, "nps_rate"),
        (_("Entries that cannot be read"), f"=COUNTA(ratings)-{_N}", 0, None, "nps_unread"),
    )
    for row, (label, formula, value, style, cell_name) in enumerate(figures, start=23):
        sheet.write_string(row, 0, label, book.bold)
        sheet.write_formula(row, 1, formula, style, value)
        if cell_name:
            book.name(cell_name, name, f"$B${row + 1}")
    sheet.write_string(
        30, 0, _("Entries that cannot be read are texts, broken numbers or values beyond the scale. Correct them until this says 0.")
    )


def _response_rate(content: Content) -> float | str:
    if not content.delivered:
        return ""
    return (content.count if content.answered is None else content.answered) / content.delivered


def _write_groups(book: Book, sheet, name: str, tally: Tally) -> None:
    names = group_names()
    rows = (
        (names["promoter"], '=COUNTIFS(ratings,">="&thr_p,ratings,"<=10")', tally.promoters, _P),
        (names["passive"], f"={_N}-{_P}-{_D}", tally.passives, ""),
        (names["detractor"], '=COUNTIFS(ratings,">="&scale_min,ratings,"<="&thr_d)', tally.detractors, _D),
        (_("Answers (n)"), '=COUNTIFS(ratings,">="&scale_min,ratings,"<=10")', tally.n, _N),
    )
    for row, (label, formula, value, cell_name) in enumerate(rows, start=GROUP_ROWS["promoter"] - 1):
        sheet.write_string(row, 0, label, book.bold)
        sheet.write_formula(row, 1, formula, None, value)
        if cell_name != _N:
            share = value / tally.n if tally.n else ""
            sheet.write_formula(row, 2, f'=IF({_N}=0,"",B{row + 1}/{_N})', book.percent, share)
        if cell_name:
            book.name(cell_name, name, f"$B${row + 1}")


def write_segments(book: Book, content: Content) -> None:
    """One line per value; the counts are what stands beside the formulas."""
    sheet = book.sheet(sheet_names()[3], 30, 8, 12, 10, 12, 10, 12, 12)
    names = group_names()
    headings = ("n", names["promoter"], names["passive"], names["detractor"], "NPS", _("Lower limit"), _("Upper limit"))
    row = 0
    for label, cells, values in ((_("Segment"), "segments", content.segments), (_("ABC class"), "abc_classes", content.abc_classes)):
        head(sheet, row, (label, *headings), book.bold)
        row += 1
        for value, tally in values.items():
            _write_segment(book, sheet, row, cells, value, tally)
            row += 1
        row += 1
    write(sheet, row, 0, _("Below %(least)s answers no figure is shown.") % {"least": SHOWN_FROM})


def _write_segment(book: Book, sheet, row: int, cells: str, value: str, tally: Tally) -> None:
    line = row + 1
    n, p, d = f"B{line}", f"C{line}", f"E{line}"
    condition = f'{cells},"="&A{line}'
    sheet.write_string(row, 0, value)
    sheet.write_formula(row, 1, f'=COUNTIFS({condition},ratings,">="&scale_min,ratings,"<=10")', None, tally.n)
    is_small, span = tally.n < SHOWN_FROM, interval(tally)

    def shown(value: Fraction | float | None) -> float | str:
        return "–" if is_small else _number(value)

    columns = (
        (2, f'=COUNTIFS({condition},ratings,">="&thr_p,ratings,"<=10")', tally.promoters, None),
        (3, f"={n}-{p}-{d}", tally.passives, None),
        (4, f'=COUNTIFS({condition},ratings,">="&scale_min,ratings,"<="&thr_d)', tally.detractors, None),
    )
    for column, formula, found, style in columns:
        sheet.write_formula(row, column, formula, style, found)
    results = (
        (5, formulas.score(n, p, d), net_promoter_score(tally), book.signed),
        (6, formulas.low(n, p, d), span and span.low, book.signed_tenth),
        (7, formulas.high(n, p, d), span and span.high, book.signed_tenth),
    )
    for column, formula, found, style in results:
        sheet.write_formula(row, column, formulas.unless_small(n, formula, SHOWN_FROM), style, shown(found))


def write_waves(book: Book, content: Content) -> int:
    """One row per wave, the own one last and linked to the evaluation; how many rows that are."""
    sheet = book.sheet(sheet_names()[4], 30, 12, 9, 8, 12, 12, 10, 12, 12, 12, 9, 12, 14)
    names = group_names()
    headings = (
        _("Survey"), _("Date"), _("Scale"), "n", names["promoter"], names["detractor"], "NPS", _("Lower limit"), _("Upper limit"),
        _("Difference"), "z", _("Proven"), _("Half width"),
    )  # fmt: skip
    head(sheet, 0, headings, book.bold)
    steps = content.steps or (None,)
    for row, step in enumerate(steps, start=1):
        _write_wave(book, sheet, row, step, content, is_own=row == len(steps))
    sheet.write_string(len(steps) + 2, 0, _("A change of scale begins a new line: no difference is calculated across it."))
    return len(steps)


def _write_wave(book: Book, sheet, row: int, step: Step | None, content: Content, *, is_own: bool) -> None:
    line = row + 1
    figures: WaveFigures | None = step.figures if step else None
    tally = figures.tally if figures else Tally()
    cells = (f"D{line}", f"E{line}", f"F{line}")
    write(sheet, row, 0, figures.wave.name if figures else "")
    write(sheet, row, 1, figures.wave.starts_on if figures else None, book.date)
    if is_own:
        sheet.write_formula(row, 2, "=scale_min", None, content.scale_min)
        for column, source, value in ((3, _N, tally.n), (4, _P, tally.promoters), (5, _D, tally.detractors)):
            sheet.write_formula(row, column, f"={source}", None, value)
    else:
        sheet.write_number(row, 2, figures.wave.scale_min if figures else content.scale_min)
        for column, value in ((3, tally.n), (4, tally.promoters), (5, tally.detractors)):
            sheet.write_number(row, column, value)
    span = interval(tally)
    sheet.write_formula(row, 6, formulas.score(*cells), book.signed, _number(net_promoter_score(tally)))
    sheet.write_formula(row, 7, formulas.low(*cells), book.signed_tenth, _number(span and span.low))
    sheet.write_formula(row, 8, formulas.high(*cells), book.signed_tenth, _number(span and span.high))
    if row > 1 and step is not None:
        _write_change(book, sheet, row, step, cells)
    half = (span.high - span.low) / 2 if span else None
    sheet.write_formula(row, 12, f'=IF({cells[0]}=0,"",(I{line}-H{line})/2)', book.hundredth, _number(half))


def _write_change(book: Book, sheet, row: int, step: Step, cells: tuple[str, str, str]) -> None:
    """Only where both waves have enough answers and the same scale."""
    line, above = row + 1, row
    before = (f"D{above}", f"E{above}", f"F{above}")
    is_open = f"OR(C{line}<>C{above},{cells[0]}<{SHOWN_FROM},{before[0]}<{SHOWN_FROM})"
    found = step.change
    sheet.write_formula(row, 9, f'=IF({is_open},"",G{line}-G{above})', book.signed, _number(found and found.points))
    sheet.write_formula(
        row, 10, f'=IF({is_open},"",{formulas.z(before, cells).removeprefix("=")})', book.hundredth, _number(found and found.z)
    )
    yes, no = _("yes"), _("no")
    verdict = "" if found is None else yes if found.is_proven else no
    sheet.write_formula(row, 11, f'=IF({is_open},"",IF(ABS(K{line})>={Z95},"{yes}","{no}"))', None, verdict)


def write_overview(book: Book, content: Content) -> None:
    """Plain values with their time, for viewers that calculate nothing."""
    sheet = book.sheet(sheet_names()[6], 34, 40)
    figures = content.figures
    span = figures.interval if figures and figures.is_shown else None
    score = figures.score if figures and figures.is_shown else None
    tally = figures.tally if figures else Tally()
    names = group_names()
    lines: tuple[tuple[str, object, object], ...] = (
        (_("Survey"), figures.wave.name if figures else "", None),
        (_("As of"), f"{timezone.localtime():%d.%m.%Y %H:%M}", None),
        (_("Scale"), f"{content.scale_min}–10", None),
        (_("Answers (n)"), tally.n, None),
        (names["promoter"], tally.promoters, None),
        (names["passive"], tally.passives, None),
        (names["detractor"], tally.detractors, None),
        ("NPS", rounded(score, 0), book.signed_bold),
        (_("Lower limit (95 %)"), rounded(span and span.low, 1), book.signed_tenth),
        (_("Upper limit (95 %)"), rounded(span and span.high, 1), book.signed_tenth),
    )
    sheet.write_string(0, 0, _("Overview"), book.title)
    for row, (label, value, style) in enumerate(lines, start=2):
        sheet.write_string(row, 0, label, book.bold)
        write(sheet, row, 1, value, style)  # type: ignore[arg-type]
    sheet.write_string(13, 0, _("These values stood in the program at that time. The other sheets calculate anew when answers change."))
