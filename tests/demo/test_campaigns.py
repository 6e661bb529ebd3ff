"""The demo shows a campaign that runs and a filled plan."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import User
from campaigns.measures.models import Measure
from campaigns.plans.models import SalesPlan
from campaigns.special.models import Campaign
from customers.models import Touched

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_a_campaign_runs_another_waits_and_the_plan_is_filled(client, capsys):
    call_command("load_demo", "--customers", "150")
    running = Campaign.objects.get(state="running")
    assert sum(count for name, count in running.counts.items() if name != "found") == running.counts["found"]
    funnel = running.result["funnel"]
    assert funnel["target"] >= funnel["contacted"] > funnel["interested"] > funnel["won"] > 0
    assert Campaign.objects.filter(state="in_approval").exists()
    plan = SalesPlan.objects.get()
    assert not plan.rows.filter(section__in="0A", cells__isnull=True).exists()
    assert set(Measure.objects.values_list("state", flat=True)) == {"running"}
    assert Touched.objects.count() == 0
    client.force_login(User.objects.get(username="carla.sommer"))
    pages = [reverse("campaigns:detail", args=[running.pk]), reverse("plans:detail", args=["sales", plan.pk]), reverse("nps:dashboard")]
    texts = [client.get(page).content.decode() for page in pages]
    assert ["Hygiene-Wochen" in texts[0], "Aktion: Läuft" in texts[1], "Liefertermine vor dem Versand" in texts[2]] == [True] * 3
