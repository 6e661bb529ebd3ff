"""Section D of the plan in force presets what is asked of field sales."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from campaigns.plans.rules import rules_in_force
from customers.models import Handover
from innendienst.lib.dates import add_working_days
from innendienst.workplace.handovers.proposals import ticked_beforehand
from tests import factories
from tests.workplace.plan_scenes import add_row, make_plan
from tests.workplace.scenes import make_callable

pytestmark = pytest.mark.django_db


def test_the_rules_preset_ticks_day_and_feedback_of_a_hand_over(client, carla, anna, team_north):
    dirk = factories.make_user("dirk", Role.FIELD_SALES, team=team_north)
    customer, today = make_callable(anna, "Bäckerei Nord", lifecycle="new", field_owner=dirk), timezone.localdate()
    assert ticked_beforehand(customer, today, rules_in_force(team_north.pk, today)) == ["new_customer", "key_customer"]
    house, plan = make_plan(carla), make_plan(carla, team_north)
    client.force_login(carla)
    add_row(client, house, "D", situation="Neukunde", criterion="key_customer", speaker="inside_sales")
    plan.rows.filter(section="D").delete()
    add_row(client, plan, "D", situation="Neukunde", criterion="new_customer", speaker="inside_sales")
    add_row(client, plan, "D", situation="Schlüsselkunde", criterion="key_customer", speaker="both", days="7", feedback_to="Carla Sommer",
            from_when="ab dem zweiten Angebot")  # fmt: skip
    client.force_login(anna)
    url = reverse("handovers:ask", args=[customer.pk])
    page = client.get(url)
    assert [code for code, _label, is_ticked, _rule in page.context["criteria"] if is_ticked] == ["key_customer"]
    assert "beide zusammen sprechen an, ab dem zweiten Angebot, Antwort in 7 Arbeitstagen, Rückmeldung an Carla" in page.content.decode()
    client.post(url, {"handover-criteria": "key_customer", "handover-to": dirk.pk, "handover-note": "Bitte"})
    asked = Handover.objects.for_system("test").get()
    assert asked.answer_by == add_working_days(today, 7, "SN")
    assert asked.note == "Bitte\nRückmeldung an: Carla Sommer"


def test_without_a_plan_nothing_is_preset(anna, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert rules_in_force(anna.team_id, timezone.localdate()) == {}
