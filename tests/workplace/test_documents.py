"""What lies in writing about a customer, and who may open it."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Quote
from customers.models import Activity, Consent
from innendienst.base.models import StoredFile
from referrals.models import ReferenceCustomer, ReleaseScope
from tests import factories
from tests.reading import text
from tests.workplace.scenes import make_reason

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 2)
WHY = "a scene"


@pytest.fixture
def nord(anna):
    return factories.make_listed("Bäckerei Nord", owner=anna)


def address(customer) -> str:
    return reverse("customers:documents", args=[customer.pk])


def file_of(user, name: str) -> StoredFile:
    index = StoredFile.objects.count()
    return StoredFile.objects.create(stored_as=f"{index:032d}", name=name, content_type="application/pdf", size=1, sha256="0", by=user)


def lay_in(customer, user) -> Quote:
    """A document of each kind."""
    today, now = timezone.localdate(), timezone.now()
    quote = Quote.objects.create(
        opportunity=make_reason(customer, state="lost", lost_reason="price"),
        version=2,
        number="AN-7",
        sent_on=DAY,
        net_amount=100,
        by=user,
        file=file_of(user, "angebot.pdf"),
    )
    Activity.objects.create(customer=customer, by=user, at=now, kind="letter", note="Ihr Angebot\n\nSehr geehrte Damen und Herren")
    reference, _made = ReferenceCustomer.objects.for_system(WHY).get_or_create(customer=customer, defaults={"state": "released"})
    scope = reference.scopes.create(
        kind="logo",
        places=["web"],
        agreed_on=today,
        proof=file_of(user, "freigabe.pdf"),
        withdrawn_at=now if reference.scopes.exists() else None,
    )
    scope.texts.create(version=1, file=file_of(user, "bericht.pdf"), approved_on=today, by=user)
    contact = factories.make_contact(customer, first_name="Käthe", match_key=f"k{Consent.objects.for_system(WHY).count()}")
    Consent.objects.create(contact=contact, customer=customer, channel="email", text_version="1", proof="Messekarte 2026", granted_at=now)
    return quote


def test_every_kind_of_document_is_listed_and_opens_for_those_who_may(client, anna, carla, nord):
    assert "Noch nichts Schriftliches" in text(_page(client, anna, nord))
    quote = lay_in(nord, anna)
    page = _page(client, anna, nord)
    said = text(page)
    assert "02.11.2026 angebot.pdf Angebot AN-7, Fassung 2" in said
    for words in (
        "Ihr Angebot Brief",
        "freigabe.pdf Freigabe: Logo",
        "bericht.pdf Freigegeben: Logo",
        "Messekarte 2026 Einwilligung E-Mail, Käthe Weiß",
    ):
        assert words in said
    assert reverse("opportunities:quote_file", args=[quote.opportunity_id, 2]) in page.content.decode()
    assert "/proof/" not in page.content.decode()
    assert "/proof/" in _page(client, carla, nord).content.decode()


def test_an_approved_file_opens_only_while_its_release_stands(annas, anna, nord):
    lay_in(nord, anna)
    scope = ReleaseScope.objects.get()
    address_of_file = reverse("references:published_file", args=[scope.texts.get().pk])
    for released_on, withdrawn_at, opens in ((None, None, False), (DAY, None, True), (DAY, timezone.now(), False)):
        ReleaseScope.objects.filter(pk=scope.pk).update(released_on=released_on, withdrawn_at=withdrawn_at)
        page = annas.get(address(nord))
        assert "bericht.pdf Freigegeben: Logo" in text(page)
        assert (address_of_file in page.content.decode()) is opens


def test_the_customers_page_opens_them_in_place(annas, anna, nord):
    lay_in(nord, anna)
    assert f'hx-get="{address(nord)}"' in annas.get(nord.get_absolute_url()).content.decode()
    part = annas.get(address(nord), headers={"HX-Request": "true"}).content.decode()
    assert "angebot.pdf" in part
    assert "<html" not in part


def test_many_documents_need_as_many_queries_as_one(annas, anna, nord, django_assert_num_queries):
    lay_in(nord, anna)
    annas.get(address(nord))
    with django_assert_num_queries(9) as few:
        annas.get(address(nord))
    for _again in range(2):
        lay_in(nord, anna)
    with django_assert_num_queries(len(few)):
        annas.get(address(nord))


def _page(client, user, customer):
    client.force_login(user)
    return client.get(address(customer))
