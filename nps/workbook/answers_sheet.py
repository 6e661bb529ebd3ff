"""The sheets to read first and to fill in: how it works, and one row per answer."""

from django.utils import timezone
from django.utils.translation import gettext as _, pgettext
from xlsxwriter.format import Format

from innendienst.lib.excel import ROWS_MOST, Formula, Rows
from nps.imports.reading import SCALE_LABELS
from nps.statistics import DETRACTOR_UNTIL, PROMOTER_FROM, group_of
from nps.workbook.book import Book, head, write
from nps.workbook.content import Content

RATING, SEGMENT, ABC = "J", "E", "F"
_RATING_COLUMN = 9


def sheet_names() -> tuple[str, ...]:
    """In the order of the workbook."""
    return (_("Instructions"), _("Survey"), _("Evaluation"), _("Segments"), _("Waves"), _("Chart"), _("Overview"))


def group_names() -> dict[str, str]:
    return {"promoter": _("Promoter"), "passive": _("Passive"), "detractor": _("Detractor")}


def write_instructions(book: Book, content: Content, language: str) -> None:
    name = sheet_names()[0]
    sheet = book.sheet(name, 30, 90)
    wave = content.figures.wave if content.figures else None
    span = f"{wave.starts_on:%d.%m.%Y} – {wave.ends_on:%d.%m.%Y}" if wave else ""
    sheet.write_string(0, 0, _("Determine the Net Promoter Score"), book.title)
    facts = (
        (_("Company"), content.company, ""),
        (_("Survey"), wave.name if wave else "", ""),
        (_("Period"), span, ""),
        (SCALE_LABELS[1 if language == "en" else 0], content.scale_min, "scale_min"),
        (_("Promoter from"), PROMOTER_FROM, "thr_p"),
        (_("Detractor until"), DETRACTOR_UNTIL, "thr_d"),
        (_("Invitations delivered"), content.delivered, "delivered"),
        (_("Answered of these (empty: all answers)"), content.answered, "answered"),
        (_("Question"), content.question, ""),
        (_("As of"), f"{timezone.localtime():%d.%m.%Y %H:%M}", ""),
    )
    for row, (label, value, cell_name) in enumerate(facts, start=2):
        sheet.write_string(row, 0, label, book.bold)
        if cell_name:
            write(sheet, row, 1, value, book.entry) if value is not None else sheet.write_blank(row, 1, None, book.entry)
            book.name(cell_name, name, f"$B${row + 1}")
        else:
            write(sheet, row, 1, value, book.wrapped)
    sheet.data_validation("B6", {"validate": "list", "source": [0, 1]})
    for row, line in enumerate(_lines(content), start=14):
        sheet.write_string(row, 0, line)


def _lines(content: Content) -> tuple[str, ...]:
    return (
        _("Enter one answer per row on the sheet “Survey”: whole numbers from %(least)s to 10, nothing else.")
        % {"least": content.scale_min},
        _("%(least)s means “not at all likely”, 10 “extremely likely”.") % {"least": content.scale_min},
        _(
            "Promoters answer 9 or 10, passives 7 or 8, detractors anything below. "
            "The score is the share of promoters minus that of detractors."
        ),
        _("The range says where the score lies with 95 % certainty. With few answers it is wide: then the single figure says little."),
        _("A change between two surveys is proven only where the sheet “Waves” says so; all others may be chance."),
        _("Never compare surveys of different scales: the scale alone moves the score."),
        _("The yellow cells may be changed; everything else follows from them and from the answers."),
    )


def write_answers(book: Book, content: Content) -> None:
    """One row per answer, and prepared rows below; what the program does not know can be filled in by hand."""
    name = sheet_names()[1]
    sheet = book.sheet(name, 7, 14, 30, 24, 20, 7, 14, 13, 13, 11, 12, 50, 16, 14, 13, 10)
    last = min(content.prepared_rows, ROWS_MOST) + 1
    sheet.freeze_panes(1, 0)
    head(sheet, 0, _headings(), book.bold)
    row, names, formula = 0, group_names(), _group_formula()
    rows = Rows(sheet, _styles(book))
    for row, answer in enumerate(content.rows, start=1):
        if row >= last:
            break
        group = Formula(formula.format(cell=f"{RATING}{row + 1}"), names[group_of(answer.rating)])
        rows.write(row, (row, *answer[:_RATING_COLUMN], group, *answer[_RATING_COLUMN:]))
    for empty in range(row + 1, last):
        sheet.write_number(empty, 0, empty)
        sheet.write_blank(empty, 1, None, book.text)
        sheet.write_blank(empty, _RATING_COLUMN, None, book.entry)
        sheet.write_formula(empty, _RATING_COLUMN + 1, f"={formula.format(cell=f'{RATING}{empty + 1}')}", None, "")
    sheet.autofilter(0, 0, last - 1, 15)
    _validate(sheet, last)
    for cells, column in (("ratings", RATING), ("segments", SEGMENT), ("abc_classes", ABC)):
        book.name(cells, name, f"${column}$2:${column}${last}")


def _headings() -> tuple[str, ...]:
    return (
        pgettext("running number", "No"), _("Customer number"), _("Company"), _("Contact"), _("Segment"), "ABC",
        _("Channel"), _("Invited on"), _("Answered on"), _("Rating"), pgettext("survey", "Group"), pgettext("survey", "Reason"),
        _("Revenue 12 months"), _("Follow up until"), _("Done on"), _("Key"),
    )  # fmt: skip


def _styles(book: Book) -> list[Format | None]:
    """Of the columns, in the order of the headings."""
    return [
        None, book.text, None, None, None, None, None, book.date, book.date, book.entry, None, None, book.money, book.date, book.date, None,
    ]  # fmt: skip


def _group_formula() -> str:
    """The group of a rating; `{cell}` is where the rating stands."""
    names = group_names()
    detractor_or_passive = f'IF({{cell}}<=thr_d,"{names["detractor"]}","{names["passive"]}")'
    return f'IF(ISNUMBER({{cell}}),IF({{cell}}>=thr_p,"{names["promoter"]}",{detractor_or_passive}),"")'


def _validate(sheet, last: int) -> None:
    sheet.data_validation(
        f"{RATING}2:{RATING}{last}",
        {
            "validate": "integer",
            "criteria": "between",
            "minimum": "=scale_min",
            "maximum": 10,
            "error_title": _("Rating"),
            "error_message": _("Enter a whole number up to 10."),
        },
    )
