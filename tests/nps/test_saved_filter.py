"""A survey asks the customers of a saved filter, as it was when it was chosen."""

import pytest
from django.urls import reverse

from customers.models import Segment
from nps.models import Invitation
from nps.sample import SAMPLE
from nps.wave_forms import WaveForm
from tests.factories import make_listed
from tests.nps.scenes import make_draft, run_jobs
from tests.reading import text

pytestmark = pytest.mark.django_db


def test_a_survey_asks_the_customers_of_a_saved_filter_as_it_was_chosen(carla, carlas):
    saxon, _hessian = (make_listed(name, postcode=code, owner=carla) for name, code in (("Sachsen", "01067"), ("Hessen", "60311")))
    east = Segment.objects.create(name="Osten", criteria={"region": "01-09"}, made_by=carla)
    Segment.objects.create(name="Promotoren", criteria={"nps": ["promoter"]}, made_by=carla)
    page = carlas.get(reverse("nps:wave_add")).content.decode()
    assert f'<option value="{east.pk}">Osten</option>' in page
    assert "Promotoren</option>" not in page  # who answered what chooses nobody for the next survey
    wave = make_draft(carla)
    url = reverse("nps:wave_edit", args=[wave.pk])
    form = WaveForm(wave=wave)
    shown = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    data = {name: value for name, value in shown.items() if value} | {"segment": east.pk}
    assert carlas.post(url, data).status_code == 302
    run_jobs(SAMPLE)
    wave.refresh_from_db()
    assert (wave.rule["segment"], wave.rule["criteria"]) == ("Osten", {"region": "01-09"})
    assert list(Invitation.objects.for_system("test").filter(wave=wave).values_list("customer", flat=True)) == [saxon.pk]
    assert "Nur Kunden des gemerkten Filters „Osten“" in text(carlas.get(wave.get_absolute_url()))
    Segment.objects.filter(pk=east.pk).update(criteria={"region": "60"})
    assert '<option value="chosen" selected>Osten, wie er gewählt wurde</option>' in carlas.get(url).content.decode()
    assert carlas.post(url, data | {"segment": "chosen"}).status_code == 302
    wave.refresh_from_db()
    assert wave.rule["criteria"] == {"region": "01-09"}
