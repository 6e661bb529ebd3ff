"""The sentences of the import, by code. ROWS follow "Row 7, column “PLZ”: …", FILE refuse a whole file, NOTES inform."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _, ngettext_lazy

ROWS: dict[str, Promise] = {
    "missing": _("The cell is empty, but a value is needed here."),
    "too_long": _("“%(value)s” has %(length)s characters; at most %(most)s are possible."),
    "invisible_characters": _("Invisible or control characters were removed; what is left is “%(value)s”."),
    "control_characters": _("“%(value)s” holds control characters that cannot be used. Type the cell anew."),
    "not_a_number": _("“%(value)s” is not a number (expected, for instance: 1.234,56)."),
    "number_style": _("“%(value)s” is written differently from the other numbers of this column (they look like %(example)s)."),
    "number_too_large": _("The number “%(value)s” is too large."),
    "not_whole": _("“%(value)s” is not a whole number from %(least)s to %(most)s."),
    "not_a_date": _("“%(value)s” is not a date (expected, for instance: 31.12.2026)."),
    "no_such_day": _("There is no “%(value)s”: the calendar has no such day."),
    "date_without_year": _("“%(value)s” lacks its year (expected, for instance: 31.12.2026)."),
    "date_order": _("“%(value)s” does not say which part is the day and which the month (expected: 31.12.2026 or 2026-12-31)."),
    "date_in_future": _("The date %(value)s lies in the future."),
    "date_too_early": _("The date “%(value)s” lies before 1900."),
    "not_a_postcode": _("“%(value)s” is not a postcode (expected: %(digits)s digits)."),
    "postcode_zero": _("The postcode %(value)s got its leading zero back: %(now)s."),
    "unknown_country": _("“%(value)s” is no country known here (expected: a name or two letters such as DE)."),
    "not_a_flag": _("“%(value)s” is neither yes nor no (expected: ja or nein)."),
    "not_an_email": _("“%(value)s” is not an e-mail address."),
    "not_a_phone": _("“%(value)s” is not a phone number. It is taken over as it stands, but cannot be dialled."),
    "digits_gone": _("Excel has shortened this number, its last digits are gone for good. Format the column as text and export again."),
    "unknown_word": _("“%(value)s” is not known here (expected, for instance: %(known)s)."),
    "error_value": _("The cell shows an error value of Excel. Correct the formula, or replace it by its value."),
    "formula_without_value": _("The formula of the cell has no stored result. Open the file in Excel, save it, and import it again."),
    "too_many_cells": _("The row has more cells than the header (“%(value)s” is too many). Is a separator not in quotation marks?"),
    "unknown_owner": _("“%(value)s” is nobody who can look after customers. Expected: user name, e-mail or “last name, first name”."),
    "ambiguous_owner": _("“%(value)s” fits several users. Give the user name or the e-mail."),
    "not_your_own": _(
        "“%(value)s” is somebody else: this list takes your own follow-ups only. Delete the row, or have the administration import it."
    ),
    "unknown_customer": _("There is no customer with the number “%(value)s”. Import the customers first."),
    "similar_customer": _(
        "“%(value)s” is new, yet looks like customer %(other)s: same name, postcode, and phone or e-mail. "
        "Give the row that number if it is the same company."
    ),
    "unknown_successor": _("There is no article with the number “%(value)s”; the successor was left out."),
    "own_successor": _("“%(value)s” names itself as its successor; this was left out."),
    "repeated": _("Double: the row repeats row %(other)s (“%(value)s”)."),
    "contradiction": _("Contradiction: “%(value)s” also stands in row %(other)s, with other data. Neither of the rows counts."),
    "two_customers": _("The order “%(value)s” names two customers, here and in row %(other)s."),
    "order_incomplete": _("The order “%(value)s” has an error in row %(other)s. Without positions it can only be taken over as a whole."),
    "unclear_legal_basis": _("“%(value)s” says neither consent nor objection; nothing was entered for this channel."),
}

FILE: dict[str, Promise] = {
    "empty": _("The file is empty. Export the list again. Nothing was imported."),
    "no_rows": _("The file holds no rows, only the header. Nothing was imported."),
    "no_header": _(
        "No header found: none of the first rows holds headings such as %(expected)s. "
        "Put the headings into the first row. Nothing was imported."
    ),
    "missing_column": _(
        "The file lacks the column “%(missing)s”. Found: %(found)s. Assign a column below or complete the file. Nothing was imported."
    ),
    "missing_columns": _(
        "The file lacks the columns %(missing)s. Found: %(found)s. Assign columns below or complete the file. Nothing was imported."
    ),
    "double_heading": _("The heading “%(heading)s” stands twice, in the columns %(places)s. Delete or rename one. Nothing was imported."),
    "two_headings": _("The columns %(headings)s mean the same: %(meaning)s. Delete or rename all but one. Nothing was imported."),
    "too_many_columns": _(
        "The file has %(count)s columns; at most %(most)s are possible. Delete those that are empty. Nothing was imported."
    ),
    "mixed_encoding": _(
        "The file mixes two character sets (UTF-8 and Windows-1252), first in row %(first)s. "
        "Save it anew as “CSV UTF-8”. Nothing was imported."
    ),
    "unknown_encoding": _(
        "The character set of the file is neither UTF-8 nor Windows-1252. Save it anew as “CSV UTF-8”. Nothing was imported."
    ),
    "broken_csv": _(
        "The file cannot be read from row %(first)s on, perhaps because of a quotation mark without end. "
        "Correct the row. Nothing was imported."
    ),
    "not_a_list": _("This format is not a list that can be read. Save the list as .xlsx or .csv. Nothing was imported."),
    "html": _(
        "The file is a web page (HTML), even if it is called .xls. Open it in Excel and save it in the format .xlsx. Nothing was imported."
    ),
    "old_excel": _("The file has the old Excel format .xls. Open it in Excel and save it as .xlsx. Nothing was imported."),
    "other_spreadsheet": _("The format of this spreadsheet cannot be read. Save it as .xlsx. Nothing was imported."),
    "encrypted": _("The file is encrypted with a password. Save it without a password. Nothing was imported."),
    "damaged": _("The file is damaged or incomplete and cannot be read. Export it again. Nothing was imported."),
    "too_costly": _(
        "Reading the file takes more memory or time than a list of its size can need. Delete empty columns and rows, save it as CSV, "
        "or split it. Nothing was imported."
    ),
    "reader_died": _(
        "Reading the file broke off, which damaged files may cause. Open it in Excel, save it as a new .xlsx, and import that. "
        "Nothing was imported."
    ),
    "macros": _("The file holds macros. Save it as .xlsx. Nothing was imported."),
    "unsafe_xml": _("The file holds XML entities (DTD), which are not admissible in a list. Export it again. Nothing was imported."),
    "too_large_unpacked": _("The file is too large once unpacked. Split the list into smaller files. Nothing was imported."),
    "too_large": _("The file is too large: %(size)s MB; at most %(most)s MB are possible. Split the list. Nothing was imported."),
    "no_sheet": _("The workbook has no visible sheet with rows. Nothing was imported."),
    "no_such_sheet": _(
        "The workbook has no sheet “%(sheet)s” that can be read. There are: %(sheets)s. Choose one of these. Nothing was imported."
    ),
    "no_workbook": _("The file has no sheet “%(sheet)s”: it is read as a whole. Import it without naming a sheet. Nothing was imported."),
    "changed_meanwhile": _("The data were changed by somebody else during the import. Nothing was imported. Start it again."),
    "under_way": _("The file “%(name)s” with the same content is being imported at this moment. Nothing was imported a second time."),
    "file_gone": _("The uploaded file is no longer there. Upload it again. Nothing was imported."),
}

# Those that count something say so in the singular too; `number` is the count as a number, `count` as it is written.
NOTES: dict[str, Promise] = {
    "already_imported": _("This very file was imported on %(day)s, and nothing has changed since. Nothing was written."),
    "more": ngettext_lazy("%(count)s further message is not listed.", "%(count)s further messages are not listed.", "number"),
    "nothing_imported": ngettext_lazy(
        "%(count)s row has errors, so nothing was imported. Correct it, or have the rows with errors left out.",
        "%(count)s rows have errors, so nothing was imported. Correct them, or have the rows with errors left out.",
        "number",
    ),
    "nothing_left": _("No row was free of errors. Nothing was imported."),
    "windows_encoding": _("The file is not UTF-8; it was read as Windows-1252, as German Excel saves it."),
    "utf16": _("The file was read in the character set UTF-16."),
    "header_row": _("The header was found in row %(header)s; the rows above it were left out."),
    "assigned_header": _(
        "Row %(header)s counts as the header, since its columns were assigned by hand, and was not imported: %(cells)s. "
        "If it is data, put a row of headings above it."
    ),
    "other_sheets": _("The sheet “%(sheet)s” was read. Not read: %(others)s."),
    "hidden_sheets": _("The sheet “%(sheet)s” was read. Hidden sheets were not read (%(count)s)."),
    "merged_cells": _("Merged cells %(cells)s: only the first cell of each holds the value, the others are empty."),
    "formulas": _("The file holds formulas; their results as last stored were taken."),
    "unknown_columns": _("These columns are not known here and were left out: %(columns)s."),
    "unused_columns": _("These columns are not taken over yet: %(columns)s."),
    "lines_ignored": ngettext_lazy(
        "%(count)s line without an article was left out.", "%(count)s lines without an article were left out.", "number"
    ),
    "documents_ignored": ngettext_lazy(
        "%(count)s line was left out because its kind of document does not count.",
        "%(count)s lines were left out because their kinds of documents do not count.",
        "number",
    ),
    "several_documents": _(
        "The list holds several kinds of documents, all of which count: %(kinds)s. "
        "If they are steps of the same purchase, import one kind only."
    ),
    "lines_gone": ngettext_lazy(
        "%(count)s stored line no longer stands in its order and goes.",
        "%(count)s stored lines no longer stand in their orders and go.",
        "number",
    ),
    "new_products": ngettext_lazy(
        "%(count)s article was not known and is made from its lines: %(names)s.",
        "%(count)s articles were not known and are made from their lines: %(names)s.",
        "number",
    ),
    "not_offered": ngettext_lazy(
        "%(count)s new article looks like freight, packaging, fee or discount and will never be offered: %(names)s.",
        "%(count)s new articles look like freight, packaging, fees or discounts and will never be offered: %(names)s.",
        "number",
    ),
    "owners_kept": ngettext_lazy(
        "%(count)s known customer has no owner in the list and keeps the present one.",
        "%(count)s known customers have no owner in the list and keep the present one.",
        "number",
    ),
    "similar_skipped": ngettext_lazy(
        "%(count)s row was left out, as was answered about a similar customer.",
        "%(count)s rows were left out, as was answered about similar customers.",
        "number",
    ),
    "blocks_set": ngettext_lazy("%(count)s new block on contacts was set.", "%(count)s new blocks on contacts were set.", "number"),
}


def add(*, rows: Mapping[str, Promise], notes: Mapping[str, Promise], files: Mapping[str, Promise]) -> None:
    """Further sentences, of an app that reads lists of its own; a code means the same everywhere."""
    ROWS.update(rows)
    NOTES.update(notes)
    FILE.update(files)
