"""The plan of the quarter at the invented company, filled by several hands, with measures that came of it and of a survey."""

import datetime as dt
from decimal import Decimal

from accounts.models import User
from campaigns.measures import acts as measures
from campaigns.measures.models import Measure
from campaigns.plans.acts import make_measure
from campaigns.plans.binding import bind
from campaigns.plans.models import SalesPlan, SalesPlanRow
from campaigns.plans.template import DONE, HEAD, IDEAS, MEASURES, RULES, SALES
from campaigns.special.models import Campaign
from customers.models.handovers import Criterion
from innendienst.demo.staff import DEFAULT_SIGN_IN
from innendienst.lib.dates import add_months
from innendienst.lib.planning import cells
from nps.models import SurveyWave

_AIM = {"aim": "Mehr Zubehör und Wartung zu jeder Maschine verkaufen; kein Stammkunde ohne Anruf", "goal_contacts": "900",
        "goal_orders": "180", "goal_revenue": "140000.00", "goal_margin": "50000.00"}  # fmt: skip
_DONE = {
    "after_sales": ("Anruf zwei Wochen nach der Lieferung einer Maschine", "Alle Käufer von Maschinen", "Team Nord", "more"),
    "cross_sell": ("Zubehör im Bestellgespräch anbieten", "Käufer von Reinigungsmitteln", "alle", "more"),
    "up_sell": ("Nachfolger nennen, wenn eine Maschine in die Jahre kommt", "Geräte älter als fünf Jahre", "Anna Lang", "missing"),
    "reorder": ("Überfällige Nachbestellungen morgens zuerst anrufen", "Stammkunden", "alle", "good"),
    "last_call": ("Auslaufartikel rechtzeitig melden", "Wer den Artikel regelmäßig kauft", "alle", "good"),
    "campaign": ("Zwei Aktionen im Jahr, zusammen mit dem Marketing", "Nach Filter", "Nora Zimmermann", "more"),
    "other": ("Verlorene Kunden einmal im Quartal durchgehen", "Kein Auftrag seit zwölf Monaten", "Team Süd", "missing"),
}
_IDEAS = (
    ("after_sales", "Wartungsvertrag bei jeder Maschine ohne Vertrag anbieten", "", "12", "at_times", "große Maschinen", "A", "do"),
    ("cross_sell", "Pads und Bürsten zur Scheuersaugmaschine als Paket", "A-Kunden in Sachsen", "6", "no", "", "A", "do"),
    ("up_sell", "Vorführtag für die neue Scheuersaugmaschine", "A-Kunden in Sachsen", "20", "yes", "Vorführung vor Ort", "B", "wait"),
    ("campaign", "Hygiene-Wochen mit Nachlass auf Desinfektion", "", "30", "no", "", "A", "do"),
    ("reorder", "Jahresvertrag für Hygienepapier mit Abrufen", "Überfällige mit Umsatz", "10", "no", "", "C", "wait"),
)
_MEASURES = (
    ("after_sales", "Wartungsverträge nachfassen", "anna.lang", "phone", "Weniger Ausfälle", "60", "15", "18000.00", "9000.00"),
    ("cross_sell", "Paket Pads und Bürsten anbieten", "bernd.vogel", "phone", "Passt zur Maschine, kommt mit der nächsten Lieferung",
     "120", "30", "9000.00", "4200.00"),
    ("campaign", "Hygiene-Wochen durchführen", "nora.zimmermann", "several", "8 % Nachlass", "250", "45", "30000.00", "11000.00"),
)  # fmt: skip
_STEPS = ("Liste mit dem Außendienst abstimmen", "Anschreiben vom Marketing freigeben lassen", "Halbzeit ansehen")


def play_plans(today: dt.date, campaign: Campaign | None) -> SalesPlan | None:
    """The plan of this quarter for the whole house; None where the people who make one are missing. Played once."""
    people = {user.username: user for user in User.objects.active()}
    carla, anna = people.get("carla.sommer"), people.get(DEFAULT_SIGN_IN)
    if carla is None or anna is None or SalesPlan.objects.exists():
        return None
    starts_on = add_months(today.replace(day=1), -((today.month - 1) % 3))
    plan = SalesPlan.objects.create(starts_on=starts_on, ends_on=add_months(starts_on, 3) - dt.timedelta(days=1), owner=carla)
    cells.start(plan, by=carla)
    for row in plan.rows.prefetch_related("cells").filter(section__in=[HEAD, DONE]):
        _write(row, _AIM if row.section == HEAD else _done(row.values["possibility"]), carla)
    _add_ideas(plan, anna, people.get("nora.zimmermann", carla), campaign)
    _add_measures(plan, carla, people)
    cells.add_row(plan, SALES.section(RULES), {
        "situation": "A-Kunde mit eigenem Außendienst", "criterion": Criterion.KEY_CUSTOMER, "speaker": "both",
        "from_when": "ab einem Angebot über 5.000 €", "days": "3", "feedback_to": "Kundenbetreuer/in",
    }, by=carla)  # fmt: skip
    _measure_of_survey(carla, people.get("joerg.hartmann", carla), today)
    cells.refresh(plan, bind)
    return plan


def _done(possibility: str) -> dict[str, str]:
    return dict(zip(("done", "where", "who", "rating"), _DONE[possibility], strict=True))


def _write(row: SalesPlanRow, values: dict[str, str], by: User) -> None:
    for column, value in values.items():
        cells.write_cell(row, column, value, seen=0, by=by)


def _add_ideas(plan: SalesPlan, anna: User, nora: User, campaign: Campaign | None) -> None:
    names = ("possibility", "idea", "target", "effort", "field_sales", "why_field_sales", "priority", "decision")
    for index, idea in enumerate(_IDEAS):
        row = cells.add_row(plan, SALES.section(IDEAS), dict(zip(names, idea, strict=True)), by=nora if index % 2 else anna)
        if idea[0] == "campaign" and campaign is not None:
            SalesPlanRow.objects.filter(pk=row.pk).update(campaign=campaign)


def _add_measures(plan: SalesPlan, carla: User, people: dict[str, User]) -> None:
    names = ("possibility", "measure", "owner", "channel", "benefit", "goal_contacts", "goal_orders", "goal_revenue", "goal_margin")
    for index, planned in enumerate(_MEASURES):
        values = dict(zip(names, planned, strict=True)) | {
            "owner": str(people.get(planned[2], carla).pk), "starts_on": (plan.starts_on + dt.timedelta(days=14)).isoformat(),
            "ends_on": (plan.ends_on - dt.timedelta(days=7)).isoformat(), "state": "running", "next_step": _STEPS[index],
            "remind_on": (plan.ends_on - dt.timedelta(days=21)).isoformat(), "with_whom": "Marketing" if index else "Service",
        }  # fmt: skip
        row = cells.add_row(plan, SALES.section(MEASURES), values, by=carla)
        measures.move(actor=carla, measure=make_measure(actor=carla, row=row), to_state=Measure.State.RUNNING)


def _measure_of_survey(carla: User, owner: User, today: dt.date) -> None:
    """What was decided after the first survey: it stands on the line between the two."""
    wave = SurveyWave.objects.order_by("starts_on").first()
    if wave is None:
        return
    starts_on = wave.ends_on + dt.timedelta(days=30)
    measure, _is_new = measures.make_once(
        actor=carla,
        measure=Measure(
            title="Liefertermine vor dem Versand telefonisch bestätigen", owner=owner, starts_on=starts_on,
            ends_on=add_months(starts_on, 3), origin=f"nps:{wave.pk}:delivery", budget=Decimal(0),
        ),
    )  # fmt: skip
    measures.move(actor=carla, measure=measure, to_state=Measure.State.RUNNING)
