"""The pages around a merge: compare, choose, merge, find the old number, take it back."""

import pytest
from django.urls import reverse

from customers.models import Customer, Merge
from tests import factories
from tests.merging.scenes import Ground, make_twins
from tests.reading import text

pytestmark = pytest.mark.django_db
WHY = "a test looks"


@pytest.fixture
def twins(db):
    kept, gone = make_twins()
    Customer.objects.for_system(WHY).filter(pk=kept.pk).update(street="Weg 1", email="")
    Customer.objects.for_system(WHY).filter(pk=gone.pk).update(street="Gasse 2", email="info@mueller.example")
    return kept, gone


def address(kept, gone) -> str:
    return reverse("customers:duplicate_compare", args=[kept.pk, gone.pk])


def seen(kept, gone) -> dict:
    version = dict(Customer.objects.for_system(WHY).values_list("pk", "version"))
    return {"version_kept": version[kept.pk], "version_gone": version[gone.pk]}


def test_two_are_compared_merged_found_by_the_old_number_and_parted_again(carlas, carla, twins):
    kept, gone = twins
    ground = Ground(carla)
    ground.fill(kept), ground.fill(gone)
    page = text(carlas.get(address(kept, gone)))
    assert "K-1 bleibt, K-2 geht darin auf" in page
    assert "Straße Weg 1 Gasse 2" in page
    assert "Aufträge 1 1" in page
    assert "Käthe Weiß steht bei beiden" in page
    answer = carlas.post(address(kept, gone), {**seen(kept, gone), "street": "gone", "name": "kept"}, follow=True)
    assert answer.redirect_chain == [(kept.get_absolute_url(), 302)]
    assert "Baeckerei Mueller (K-2) ist in K-1 aufgegangen" in text(answer)
    one = Customer.objects.for_system(WHY).get(pk=kept.pk)
    assert (one.name, one.street, one.email) == ("Bäckerei Müller GmbH", "Gasse 2", "")
    assert carlas.post(address(kept, gone), seen(kept, gone))["Location"] == kept.get_absolute_url()  # sent twice
    assert carlas.get(gone.get_absolute_url())["Location"] == kept.get_absolute_url()
    assert carlas.get("/search/", {"q": "K-2"})["Location"] == kept.get_absolute_url()
    assert "Früher: K-2" in text(carlas.get("/search/", {"q": "K-2"}, headers={"HX-Request": "true"}))
    assert "Baeckerei Mueller (K-2) wurde am" in text(carlas.get(reverse("customers:history", args=[gone.pk])))
    assert "Carla Sommer am" in text(carlas.get("/customers/duplicates/", {"show": "merged"}))
    done = Merge.objects.for_system(WHY).get()
    answer = carlas.post(reverse("customers:merge_undo", args=[done.pk]), follow=True)
    assert "K-2 und K-1 sind wieder zwei Kunden" in text(answer)
    assert carlas.get(gone.get_absolute_url()).status_code == 200
    assert "Nicht rückgängig gemacht" in text(carlas.post(reverse("customers:merge_undo", args=[done.pk]), follow=True))


def test_a_form_opened_before_a_change_shows_both_once_more_with_the_choice(carlas, twins):
    kept, gone = twins
    old = seen(kept, gone)
    Customer.objects.for_system(WHY).filter(pk=gone.pk).update(street="Allee 3", version=9)
    answer = carlas.post(address(kept, gone), {**old, "street": "gone"})
    assert answer.status_code == 409
    assert "Allee 3" in text(answer)
    assert 'name="street" value="gone" checked' in answer.content.decode()
    assert not Merge.objects.for_system(WHY).exists()


def test_what_has_to_be_settled_first_is_said_and_nothing_can_be_sent(carlas, carla, twins):
    kept, gone = twins
    ground = Ground(carla)
    ground.make_reference(kept, state="qualified")
    ground.make_reference(gone)
    answer = carlas.get(address(kept, gone))
    assert "Behalten Sie stattdessen K-2" in text(answer)
    assert "button--main" not in answer.content.decode()
    assert carlas.post(address(kept, gone), seen(kept, gone)).status_code == 422
    assert "button--main" in carlas.get(address(gone, kept)).content.decode()


def test_a_customer_is_not_compared_with_himself_or_with_one_who_is_no_more(carlas, twins):
    kept, _gone = twins
    third = factories.make_customer(merged_into=factories.make_customer())
    assert carlas.get(address(kept, kept)).status_code == 404
    assert carlas.get(address(kept, third)).status_code == 404
