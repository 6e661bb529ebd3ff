"""The charts of the workbook: coloured by group, and labelled so that the colour says nothing alone."""

from django.utils.translation import gettext as _

from nps.statistics import group_of
from nps.workbook.answers_sheet import group_names, sheet_names
from nps.workbook.book import Book
from nps.workbook.content import Content
from nps.workbook.results_sheets import FIRST_RATING_ROW, GROUP_ROWS

_COLOURS = {"promoter": "#2B8A57", "passive": "#B8A14A", "detractor": "#C1503F"}


def write_charts(book: Book, content: Content, waves_count: int) -> None:
    name = sheet_names()[5]
    sheet = book.sheet(name)
    sheet.insert_chart("A1", _distribution(book, content), {"x_scale": 1.5, "y_scale": 1.3})
    sheet.insert_chart("A22", _shares(book), {"x_scale": 1.5, "y_scale": 0.9})
    sheet.insert_chart("A37", _line(book, waves_count), {"x_scale": 1.5, "y_scale": 1.3})


def _distribution(book: Book, content: Content):
    chart = book.file.add_chart({"type": "column"})
    source = sheet_names()[2]
    first, last = FIRST_RATING_ROW + content.scale_min, FIRST_RATING_ROW + 10
    chart.add_series(
        {
            "name": _("Answers per rating"),
            "categories": f"='{source}'!$A${first}:$A${last}",
            "values": f"='{source}'!$B${first}:$B${last}",
            "points": [{"fill": {"color": _COLOURS[group_of(rating)]}} for rating in range(content.scale_min, 11)],
            "data_labels": {"value": True},
            "gap": 40,
        }
    )
    names = group_names()
    below = f"{names['detractor']} {content.scale_min}–6 · {names['passive']} 7–8 · {names['promoter']} 9–10"
    chart.set_title({"name": _("Answers per rating"), "name_font": {"size": 12}})
    chart.set_x_axis({"name": below})
    chart.set_legend({"none": True})
    return chart


def _shares(book: Book):
    chart = book.file.add_chart({"type": "bar", "subtype": "percent_stacked"})
    source, names = sheet_names()[2], group_names()
    for group in ("detractor", "passive", "promoter"):
        row = GROUP_ROWS[group]
        chart.add_series(
            {
                "name": names[group],
                "values": f"='{source}'!$B${row}:$B${row}",
                "fill": {"color": _COLOURS[group]},
                "data_labels": {"value": True, "series_name": True},
            }
        )
    chart.set_title({"name": _("Shares of the groups"), "name_font": {"size": 12}})
    chart.set_y_axis({"visible": False})
    return chart


def _line(book: Book, waves_count: int):
    chart = book.file.add_chart({"type": "line"})
    source, last = sheet_names()[4], waves_count + 1
    half = f"='{source}'!$M$2:$M${last}"
    chart.add_series(
        {
            "name": "NPS",
            "categories": f"='{source}'!$A$2:$A${last}",
            "values": f"='{source}'!$G$2:$G${last}",
            "marker": {"type": "circle"},
            "data_labels": {"value": True},
            "y_error_bars": {"type": "custom", "plus_values": half, "minus_values": half},
        }
    )
    chart.set_title({"name": _("NPS by survey, with its range"), "name_font": {"size": 12}})
    chart.set_y_axis({"min": -100, "max": 100})
    chart.set_legend({"none": True})
    return chart
