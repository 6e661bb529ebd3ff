"""The pages of referral contacts: naming, the legal check, the first call, and what nobody sees before there is a basis."""

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.models import Contact, FollowUp
from customers.preferences import CustomersPreferences, Visibility
from innendienst.base import preferences
from innendienst.lib import display
from innendienst.workplace.duties import duty_lines
from referrals import contacting, naming
from referrals.days import thanks_due
from referrals.duties import REFERRAL
from referrals.models import ReferralContact
from tests import factories
from tests.reading import text as text_of
from tests.referrals.scenes import make_buyer, make_recommender, make_referral
from tests.workplace.acting import act, detail

TODAY = timezone.localdate
NUMBER = "030 23125555"

pytestmark = pytest.mark.django_db


def shows_number(response) -> bool:
    digits = "".join(char for char in response.content.decode() if char.isdecimal())
    return "23125555" in digits


def test_a_customer_names_somebody(annas, anna):
    nobody = factories.make_listed("Ohne Leute AG", owner=anna)
    assert reverse("customers:contact_add", args=[nobody.pk]) in annas.get(reverse("referrals:add", args=[nobody.pk])).content.decode()
    customer = make_buyer(anna, "Firma Plus GmbH")
    address = reverse("referrals:add", args=[customer.pk])
    assert "Der bessere Weg" in text_of(annas.get(address))
    told = {"recommender": customer.contacts.get().pk, "may_name_me": "yes", "last_name": "Neumann", "company": "", "phone": NUMBER}
    assert annas.post(address, told).status_code == 422
    page = annas.post(address, {**told, "company": "Neu GmbH"}, follow=True)
    assert "Dürfen wir anrufen?" in text_of(page)
    referral = ReferralContact.objects.for_system("test").get()
    assert (referral.customer.name, referral.recommender.may_name_me, referral.owner) == ("Neu GmbH", True, anna)


def test_never_a_page_shows_the_number_before_there_is_a_basis(annas, anna, dieter, client):
    referral = make_referral(anna)
    lead = referral.customer.get_absolute_url()
    pages = (detail(referral), lead, "/referrals/?group=all", "/", f"/search/?q={NUMBER.replace(' ', '')}", "/customers/")
    assert [shows_number(annas.get(address)) and "q=" not in address for address in pages] == [False] * 6
    assert "Rechtsgrundlage klären" in text_of(annas.get(detail(referral)))
    act(annas, referral, "check", knows="asked_for_call")
    assert [shows_number(annas.get(address)) for address in pages[:2]] == [True, True]


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("inform", "Herr Neumann wurde am {today} auf Empfehlung von Herrn Dr. Voß angesprochen: Empfehler informieren."),
        ("thanks_due", "Herr Neumann ist auf Empfehlung von Herrn Dr. Voß Neukunde seit {today}; Dank offen."),
        ("referral_contact", "Herr Dr. Voß von Firma Plus GmbH hat Herrn Neumann am {today} genannt; Name darf genannt werden."),
    ],
)
def test_what_is_owed_is_said_in_whole_sentences(anna, kind, sentence):
    referral = make_referral(anna)
    Contact.objects.for_system("test").filter(pk=referral.recommender.contact_id).update(salutation="mr", title="Dr.", last_name="Voß")
    Contact.objects.for_system("test").filter(pk=referral.contact_id).update(salutation="mr", last_name="Neumann")
    days = {"named_on": TODAY(), "first_contact_on": TODAY(), "won_on": TODAY()}
    ReferralContact.objects.for_system("test").filter(pk=referral.pk).update(**days)
    [line] = duty_lines(anna, [FollowUp(kind=kind, origin=f"{REFERRAL}{referral.pk}", due_on=TODAY())]).values()
    assert line.sentence == sentence.format(today=display.date(TODAY()))


def test_never_the_administration_shows_it_either(dieters, anna):
    referral = make_referral(anna)
    for address in (f"/admin/customers/customer/{referral.customer_id}/change/", f"/admin/customers/contact/{referral.contact_id}/change/"):
        assert not shows_number(dieters.get(address))


def test_the_card_to_pass_on_names_where_to_write(annas, anna):
    said = text_of(annas.get(reverse("referrals:card")))
    assert f"Wer mehr wissen möchte, meldet sich: E-Mail: {anna.email}" in said


def test_a_yes_about_another_contact_does_not_lift_an_earlier_no(annas, anna):
    first = make_referral(anna, make_recommender(anna, may_name_me=False))
    person = first.recommender.contact
    told = {"recommender": person.pk, "may_name_me": "yes", "last_name": "Zweit", "company": "Andere GmbH"}
    page = annas.post(reverse("referrals:add", args=[person.customer_id]), told, follow=True)
    assert "wollte bisher nicht genannt werden, und das gilt weiter" in text_of(page)
    naming.check(actor=anna, referral=first, knows="asked_for_call")
    assert "Frau Müller" not in annas.get(detail(first)).context["opening"]
    act(annas, first, "may_name")
    assert "Frau Müller" in annas.get(detail(first)).context["opening"]


def test_a_recommender_who_agrees_later_is_named_from_then_on(annas, anna):
    referral = make_referral(anna, make_recommender(anna, may_name_me=None))
    assert annas.get(detail(referral)).context["acts"][0] == "may_name"
    act(annas, referral, "may_name")
    act(annas, referral, "check", knows="asked_for_call")
    context = annas.get(detail(referral)).context
    assert "may_name" not in context["acts"]
    assert "Frau Müller" in context["opening"]


def test_what_is_unclear_waits_for_the_management(client, anna, carla):
    referral = make_referral(anna)
    client.force_login(anna)
    page = text_of(act(client, referral, "check", knows="unclear"))
    assert "Die Vertriebsleitung entscheidet" in page
    client.force_login(carla)
    assert "Neumann" in text_of(client.get("/referrals/?group=check"))
    assert [value for value, *_words in client.get(detail(referral)).context["choices"]] == ["asked_for_call", "knows", "knows_not"]
    act(client, referral, "check", knows="knows_not")
    referral.refresh_from_db()
    assert referral.state == "letter_only"
    assert [value for value, *_words in client.get(detail(referral)).context["choices"]] == ["asked_for_call", "knows"]


def test_too_short_a_reason_comes_back(annas, anna):
    referral = make_referral(anna)
    page = act(annas, referral, "check", knows="knows", legal_note="ja")
    assert page.status_code == 422
    assert "mindestens 15 Zeichen" in text_of(page)


def test_marketing_writes_a_no_down_and_nothing_else(client, anna):
    nora = factories.make_user("nora", "marketing")
    referral = make_referral(anna)
    client.force_login(nora)
    assert act(client, referral, "check", knows="asked_for_call").status_code == 403
    act(client, referral, "refuse")
    referral.refresh_from_db()
    assert referral.state == "not_interested"


def test_what_a_recommender_brought_adds_up(carlas, anna):
    referral = make_referral(anna)
    naming.check(actor=anna, referral=referral, knows="asked_for_call")
    contacting.call_first(actor=anna, referral=referral, outcome="reached")
    contacting.win(actor=anna, referral=referral, won_on=TODAY())
    facts = referral.customer.facts
    facts.revenue_12m, facts.margin_12m = 1200, 300
    facts.save()
    row = carlas.get("/referrals/recommenders/").context["page"].rows[0]
    assert (row.named_count, row.won_count, row.revenue, row.margin, row.owed_count) == (1, 1, 1200, 300, 1)


def test_the_link_is_kept_in_both_directions_and_field_sales_can_go_on(annas, anna, bernd, client, dieter):
    referral = make_referral(anna)
    naming.check(actor=anna, referral=referral, knows="asked_for_call")
    contacting.call_first(actor=anna, referral=referral, outcome="reached")
    contacting.talk(actor=anna, referral=referral)
    recommender = referral.recommender.customer
    assert "Empfohlen von Frau Müller, Firma Plus GmbH" in text_of(annas.get(referral.customer.get_absolute_url()))
    assert "Frau Müller hat Peter Neumann, Neu GmbH genannt" in text_of(annas.get(recommender.get_absolute_url()))
    assert reverse("handovers:ask", args=[referral.customer_id]) in annas.get(detail(referral)).content.decode()
    assert annas.get(reverse("handovers:ask", args=[referral.customer_id])).status_code == 200
    type(recommender).objects.for_system("test").filter(pk=recommender.pk).update(owner=bernd)
    preferences.put(CustomersPreferences, by=dieter, visibility=Visibility.OWN)
    client.force_login(bernd)
    assert "Neumann" not in text_of(client.get(recommender.get_absolute_url()))


def test_a_contact_outside_of_ones_visibility_does_not_exist(client, bernd, anna, dieter):
    referral = make_referral(anna)
    preferences.put(CustomersPreferences, by=dieter, visibility=Visibility.OWN)
    client.force_login(bernd)
    assert client.get(detail(referral)).status_code == 404
    assert "Neumann" not in text_of(client.get("/referrals/?group=all"))


def test_a_number_that_cannot_be_dialled_is_refused_before_it_is_hidden(annas, anna):
    customer = make_buyer(anna, "Firma Plus GmbH")
    address = reverse("referrals:add", args=[customer.pk])
    told = {"recommender": customer.contacts.get().pk, "last_name": "Neumann", "company": "Neu GmbH", "phone": "23125 Zentrale"}
    refused = annas.post(address, told)
    assert refused.status_code == 422
    assert "Telefon: „23125 Zentrale“ lässt sich nicht wählen" in text_of(refused)
    assert not ReferralContact.objects.for_system("test").exists()
    assert annas.post(address, {**told, "phone": ""}).status_code == 302


@pytest.mark.parametrize(
    ("knows", "said"),
    [
        ("asked_for_call", "Herr Neumann darf angerufen werden."),
        ("knows_not", "Herr Neumann bekommt einen Brief, keinen Anruf."),
        ("unclear", "Über Herrn Neumann entscheidet die Vertriebsleitung. Bis dahin nimmt niemand Kontakt auf."),
    ],
)
def test_the_legal_check_says_what_came_of_it(annas, anna, knows, said):
    referral = make_referral(anna)
    assert said in text_of(act(annas, referral, "check", knows=knows))


def test_each_act_says_in_a_sentence_what_it_brought_about(annas, anna):
    referral = make_referral(anna)
    act(annas, referral, "check", knows="asked_for_call")
    today, due_text = TODAY(), display.due(thanks_due(TODAY())).replace("\xa0", " ")
    for name, more, said in (
        ("call", {"outcome": "not_reached"}, "Herr Neumann wurde nicht erreicht und kommt wieder auf Ihre Liste."),
        ("call", {"outcome": "reached"}, "Erstes Gespräch mit Herrn Neumann gespeichert."),
        ("inform", {}, "Herr Neumann hat den Hinweis nach Art. 14."),
        ("tell", {}, "Frau Müller weiß, dass wir Kontakt aufgenommen haben."),
        ("talk", {}, "Wir sind mit Herrn Neumann im Gespräch."),
        ("win", {}, f"Neu GmbH ist Kunde seit {display.date(today)}. Dank an Frau Müller ist fällig bis {due_text}."),
        ("thank", {"how": "call"}, "Dank an Frau Müller eingetragen."),
    ):
        assert said in text_of(act(annas, referral, name, **more))
