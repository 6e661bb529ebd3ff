"""The day's list as a workbook: what is known of each customer, and five columns to fill in."""

from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path
from typing import NamedTuple

from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from accounts.models import User
from campaigns.evidence import sentences
from campaigns.topics import topics
from customers.gate import basis_label, gate_text, may_contact_everybody, sign
from customers.gate_rules import STATABLE, GateAnswer, Purpose
from customers.models import Customer
from customers.models.activities import Outcome
from customers.models.permissions import Channel
from innendienst.lib import excel
from innendienst.workplace.call.load import is_exempt_from_pressure
from innendienst.workplace.chips import follow_up_sentence
from innendienst.workplace.day.load import DayRow, MyDay
from innendienst.workplace.day_sheet.columns import HEADINGS, TO_FILL, WIDTHS, Column
from innendienst.workplace.day_sheet.row_key import RowKey
from referrals import calling

_HEADER_LINE = 3
_MARGIN_INCHES = 0.4


class Line(NamedTuple):
    """The cells of one row, the columns to fill in left out."""

    known: Sequence[str]
    key: str


def write_day(target: Path, user: User, day: MyDay) -> int:
    """Write the open rows of the day; how many."""
    lines = list(_lines(user, day))
    with excel.open_book(target) as book:
        sheet = book.add_worksheet(_("My day"))
        bold = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"})
        frame = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#C8CDD3"}
        known, open_cell = book.add_format({**frame, "bg_color": "#EEF0F2"}), book.add_format(frame)
        day_cell, amount_cell = (book.add_format({**frame, "num_format": form}) for form in ("dd.mm.yyyy", "#,##0.00"))
        styles = {Column.NEXT: day_cell, Column.AMOUNT: amount_cell}
        _lay_out(sheet)
        sheet.write_string(0, 0, f"{day.heading} · {user.full_name}", book.add_format({"bold": True, "font_size": 14}))
        sheet.write_string(1, 0, _("Fill in the white columns and give the sheet back on “My day”: each row is logged once."))
        for index, heading in enumerate(HEADINGS.values()):
            sheet.write_string(_HEADER_LINE, index, str(heading), bold)
        for number, line in enumerate(lines, start=_HEADER_LINE + 1):
            for index, text in enumerate(line.known):
                sheet.write_string(number, index, text, known)
            for index, column in enumerate(TO_FILL, start=len(line.known)):
                sheet.write_blank(number, index, None, styles.get(column, open_cell))
            sheet.write_string(number, len(line.known) + len(TO_FILL), line.key)
        _offer_choices(sheet, _HEADER_LINE + 1, _HEADER_LINE + max(len(lines), 1))
    return len(lines)


def _lay_out(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(_MARGIN_INCHES, _MARGIN_INCHES, _MARGIN_INCHES, _MARGIN_INCHES + 0.2)
    sheet.set_footer("&L&F&R&P / &N")
    sheet.repeat_rows(_HEADER_LINE)
    sheet.freeze_panes(_HEADER_LINE + 1, 2)
    for index, column in enumerate(HEADINGS):
        is_hidden = column == Column.ROW
        sheet.set_column(index, index, WIDTHS.get(column), None, {"hidden": 1} if is_hidden else {})


def _offer_choices(sheet: Worksheet, first: int, last: int) -> None:
    columns = list(HEADINGS)
    offered = {Column.OUTCOME: [str(outcome.label) for outcome in Outcome], Column.BASIS: [basis_label(reason) for reason in STATABLE]}
    for column, labels in offered.items():
        index = columns.index(column)
        sheet.data_validation(first, index, last, index, {"validate": "list", "source": labels, "error_type": "warning"})


def _lines(user: User, day: MyDay) -> Iterator[Line]:
    today = day.today.isoformat()
    why = sentences((opportunity for row in day.rows for opportunity in row.opportunities), day.today)
    answers = _gate_answers(day.rows)
    for row in day.rows:
        contact_id, gate = row.contact and row.contact.pk, answers[row.customer.pk]
        reasons = [[opportunity.pk, opportunity.version] for opportunity in row.opportunities if not _is_complaining(row.customer)]
        key = RowKey(user.pk, today, row.customer.pk, contact_id, sign(gate, row.customer, contact_id), reasons)
        yield Line(_known(row, gate, why), key.signed())


def _known(row: DayRow, gate: GateAnswer, why: dict[int, str]) -> list[str]:
    due = [follow_up_sentence(follow_up, row.today) for follow_up in row.follow_ups]
    reasons = [unescape(strip_tags(why[opportunity.pk])) for opportunity in row.opportunities]
    phone = (row.contact and row.contact.phone_display) or row.customer.phone_display
    person = row.contact.addressed_name if row.contact else ""
    return [row.customer.number, row.customer.name, person, phone, "\n".join([*due, *reasons]), row.value, row.last_text, gate_text(gate)]


def _gate_answers(rows: Sequence[DayRow]) -> dict[int, GateAnswer]:
    """Customer id → may the person of the row be called; a fixed number of queries."""
    found: dict[int, GateAnswer] = {}
    for purpose, of_purpose in (
        (Purpose.SERVICE, [row for row in rows if _is_complaining(row.customer)]),
        (Purpose.SALES, [row for row in rows if not _is_complaining(row.customer)]),
    ):
        exempt = {row.customer.pk for row in of_purpose if is_exempt_from_pressure(row.opportunities, row.follow_ups, row.today)}
        people = [row.contact for row in of_purpose if row.contact]
        about = topics({row.customer.pk: row.opportunities for row in of_purpose if not row.follow_ups})
        answers = may_contact_everybody([row.customer for row in of_purpose], people, purpose, timezone.localdate(), about, exempt=exempt)
        for row in of_purpose:
            found[row.customer.pk] = answers[row.customer.pk, row.contact and row.contact.pk][Channel.PHONE]
    named = calling.open_referrals(row.contact.pk for row in rows if row.contact)
    for referral in named.values():
        found[referral.customer_id] = calling.word_on(found[referral.customer_id], referral)
    return found


def _is_complaining(customer: Customer) -> bool:
    """While a complaint is open a contact serves it, and no reason is answered."""
    facts = getattr(customer, "facts", None)
    return bool(facts and facts.open_complaints_count)
