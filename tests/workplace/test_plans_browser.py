"""Two people write one plan at the same time, one of them loses the connection; then it is printed."""

import datetime as dt
import re

from django.urls import reverse
from playwright.sync_api import expect

from campaigns.plans.models import SalesPlan, SalesPlanCell
from innendienst.workplace.plans import acts
from innendienst.workplace.plans.kinds import KINDS
from tests import factories

A4_LANDSCAPE_PX = 1060  # 297 mm less its margins


def test_two_people_write_one_plan_and_no_word_is_lost(live_page, complaints, carla):
    complaints.expect("status of 409")
    complaints.expect("status of 422")
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    mia = factories.make_user("mia", "marketing", first_name="Mia", last_name="Wolf")
    plan = acts.make(actor=carla, kind=KINDS["sales"], document=SalesPlan(starts_on=dt.date(2027, 1, 1), ends_on=dt.date(2027, 3, 31)))
    plan.rows.create(section="C", position=1, made_by=carla)
    url = reverse("plans:detail", args=["sales", plan.pk])
    hers, his = live_page(carla), live_page(mia)
    hers.goto(url)
    his.goto(url)

    def cell(page, section: str, row: int, name: str):
        return page.locator(f"#section-{section} tbody tr").nth(row).locator(f"[data-cell={name}]")

    # like a sheet: typing opens, Enter goes down, Tab goes on
    cell(hers, "A", 0, "done").focus()
    hers.keyboard.type("Anruf nach der Lieferung")
    hers.keyboard.press("Enter")
    hers.keyboard.type("Zubehör")
    hers.keyboard.press("Tab")
    hers.keyboard.type("Maschinen")
    hers.keyboard.press("Control+A")
    hers.keyboard.press("Control+C")
    hers.keyboard.press("Tab")
    expect(cell(hers, "A", 1, "where")).to_have_class("plan-free is-saved")
    # what is pasted needs an open cell
    cell(hers, "A", 3, "done").focus()
    hers.keyboard.press("Control+V")
    expect(hers.get_by_text("Nicht eingefügt: Keine Zelle ist offen.")).to_be_visible()
    expect(cell(hers, "A", 3, "done")).to_have_text("")
    hers.keyboard.press("Enter")
    expect(hers.get_by_text("Nicht eingefügt")).to_have_count(0)
    hers.keyboard.press("Escape")
    # what cannot be read is said, and Enter opens it again
    cell(hers, "0", 0, "goal_orders").focus()
    hers.keyboard.type("viele")
    hers.keyboard.press("Enter")
    expect(cell(hers, "0", 0, "goal_orders")).to_contain_text("ist nicht lesbar")
    cell(hers, "0", 0, "goal_orders").focus()
    hers.keyboard.press("Enter")
    expect(cell(hers, "0", 0, "goal_orders").locator(".plan-editor")).to_have_value("viele")
    hers.keyboard.press("Control+A")
    hers.keyboard.type("12")
    hers.keyboard.press("Enter")
    expect(cell(hers, "0", 0, "goal_orders")).to_have_class("plan-free num is-saved")
    # she has not seen what he wrote: both texts stand there, and she decides
    cell(his, "A", 0, "done").focus()
    his.keyboard.type("Anruf und Brief")
    his.keyboard.press("Enter")
    note = cell(his, "A", 0, "done").locator(".plan-note")
    expect(note).to_contain_text("Carla Sommer")
    expect(note).to_contain_text("Anruf nach der Lieferung")
    note.get_by_role("button", name="Meinen Text eintragen").click()
    expect(cell(his, "A", 0, "done")).to_contain_class("is-saved")
    # without a connection nothing is lost, through a reload too
    his.route("**/cell/", lambda route: route.abort("internetdisconnected"))
    cell(his, "A", 2, "done").focus()
    his.keyboard.type("Nachfolger vorstellen")
    his.keyboard.press("Enter")
    expect(his.get_by_text("Nicht gespeichert: keine Verbindung")).to_be_visible()
    his.unroute("**/cell/")
    his.reload()
    expect(cell(his, "A", 2, "done")).to_have_attribute("title", re.compile("Mia Wolf"))
    stored = set(SalesPlanCell.objects.filter(row__section="A", column__in=["done", "where"]).values_list("value", flat=True))
    assert stored == {"Anruf und Brief", "Zubehör", "Maschinen", "Nachfolger vorstellen"}
    # on paper no column is cut off
    his.emulate_media(media="print")
    his.set_viewport_size({"width": A4_LANDSCAPE_PX, "height": 700})
    expect(his.locator("html")).to_have_js_property("scrollWidth", A4_LANDSCAPE_PX)  # the new width takes a moment
    assert his.evaluate(
        "[...document.querySelectorAll('.plan-sheet')].every((one) => one.getBoundingClientRect().right <= window.innerWidth)"
    )
    sheets = re.findall(rb"/MediaBox ?\[([^]]+)\]", his.pdf(prefer_css_page_size=True))
    assert {tuple(round(float(one)) for one in box.split()) for box in sheets} == {(0, 0, 842, 595)}  # A4, landscape
