"""What the call form makes of what was sent: tables of good and bad input."""

import datetime as dt
import re
from decimal import Decimal

import pytest
import time_machine
from django.http import Http404
from django.urls import reverse

from campaigns.models import Opportunity, OpportunityItem
from campaigns.special.models import Campaign, OfferCondition
from customers.complaints import move_complaint, raise_complaint
from customers.gate import Answer as Gate, GateAnswer, LegalReason, sign, unsign
from customers.models import Complaint, ContactBlock, FollowUp, Product
from innendienst.workplace import reads
from innendienst.workplace.call.load import is_exempt_from_pressure, load_card
from innendienst.workplace.call.markup import FormView
from innendienst.workplace.call.opening import posted_form
from innendienst.workplace.call.shown import shown_again
from tests.factories import make_contact, make_customer, make_group, make_product
from tests.workplace.scenes import call_data, make_callable, make_follow_up, make_reason, query, reason_of

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def customer(anna):
    return make_callable(anna, "Bäckerei Nord")


@pytest.fixture
def read(anna, customer):
    """The form as it was sent, with the reasons of the customer as they stand."""

    def read_form(**said):
        data = call_data(customer, **{name: value for name, value in said.items() if not name.startswith("top_")})
        top = f"reason-{reason_of(customer).pk}"
        data |= {f"{top}-{name.removeprefix('top_')}": value for name, value in said.items() if name.startswith("top_")}
        return posted_form(anna, customer, query(data), MONDAY)

    return read_form


def complaints_of(form) -> list[str]:
    assert not form.is_valid()
    return form.messages


@pytest.mark.parametrize(
    ("outcome", "answers", "next_on", "kind"),
    [
        ("not_reached", ["not_reached"], dt.date(2026, 11, 24), "retry"),
        ("reached", ["contacted"], None, ""),
        ("interested", ["interested"], dt.date(2026, 11, 30), "own"),
        ("no_need", ["lost"], None, ""),
    ],
)
def test_the_outcome_alone_is_enough(read, outcome, answers, next_on, kind):
    form = read(outcome=outcome)
    assert form.is_valid(), form.messages
    assert [given.answer for given in form.entry.answers] == answers
    planned = form.entry.next_date
    assert (planned and planned.on, planned.kind if planned else "") == (next_on, kind)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("won", "order"), ("interested", "interested"), ("later", "reached"), ("lost", "no_need"), ("dismissed", "reached")],
)
def test_an_answer_alone_names_the_outcome(read, answer, outcome):
    form = read(top_answer=answer, top_amount="142")
    assert form.is_valid(), form.messages
    assert (form.entry.outcome, [given.answer for given in form.entry.answers]) == (outcome, [answer])


def test_an_answer_of_its_own_stands_against_the_outcome(read):
    form = read(outcome="interested", top_answer="won", top_amount="1.234,50")
    assert form.is_valid(), form.messages
    assert (form.entry.outcome, form.entry.answers[0].answer, form.entry.answers[0].amount) == ("interested", "won", Decimal("1234.50"))


def test_reasons_below_the_top_stay_undiscussed(anna, customer, read):
    make_reason(customer, "cross_sell")
    form = read(outcome="interested")
    assert form.is_valid(), form.messages
    assert [given.opportunity_id for given in form.entry.answers] == [reason_of(customer).pk]


@pytest.mark.parametrize(
    ("said", "given"),
    [
        ({"outcome": "no_need"}, ("lost", "no_need")),
        ({"outcome": "no_need", "top_lost_reason": "price"}, ("lost", "price")),
        ({"outcome": "reached", "top_answer": "dismissed"}, ("dismissed", "not_suitable")),
        ({"outcome": "reached", "top_answer": "dismissed", "top_dismissed_reason": "buys_itself"}, ("dismissed", "buys_itself")),
    ],
)
def test_a_no_has_a_reason_without_being_asked_for_one(read, said, given):
    form = read(**said)
    assert form.is_valid(), form.messages
    assert (form.entry.answers[0].answer, form.entry.answers[0].reason) == given


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ({"next": "tomorrow"}, dt.date(2026, 11, 24)),
        ({"next": "week"}, dt.date(2026, 11, 30)),
        ({"next": "month"}, dt.date(2026, 12, 23)),
        ({"next": "date", "next_on": "2026-12-01"}, dt.date(2026, 12, 1)),
        ({"next": "date", "next_on": "31.12.26"}, dt.date(2026, 12, 31)),
        ({"next": "date", "next_on": "+7"}, dt.date(2026, 11, 30)),
        ({"next": "date", "next_on": "heute"}, MONDAY),
        ({"next_on": "2026-12-01"}, dt.date(2026, 12, 1)),
    ],
)
def test_the_next_date_is_read_in_every_spelling(read, said, day):
    form = read(outcome="reached", **said)
    assert form.is_valid(), form.messages
    assert form.entry.next_date.on == day


def test_none_overrules_what_the_outcome_proposes(read):
    form = read(outcome="interested", next="none")
    assert form.is_valid(), form.messages
    assert form.entry.next_date is None


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ({}, "Gesprächsergebnis: Wählen Sie, wie das Gespräch ausging."),
        ({"outcome": "sold"}, "Gesprächsergebnis: „sold“ steht nicht in der Liste."),
        ({"outcome": "order", "top_amount": ""}, "Nachkauf: Zum Auftrag fehlt der Betrag (netto)."),
        ({"outcome": "order", "top_amount": "12,34,5"}, "Betrag: „12,34,5“ ist kein Betrag (erwartet: 1.234,56)."),
        ({"outcome": "order", "top_amount": "0"}, "Betrag: Ein Auftrag braucht mehr als 0 €."),
        ({"outcome": "callback"}, "Rückruf: Es fehlt das Datum."),
        ({"outcome": "callback", "next": "none"}, "Rückruf: Es fehlt das Datum."),
        ({"outcome": "reached", "next": "date"}, "Nächster Schritt: Es fehlt das Datum."),
        ({"outcome": "reached", "next": "date", "next_on": "31.02.2027"}, "Datum: „31.02.2027“ gibt es nicht."),
        ({"outcome": "reached", "next": "date", "next_on": "22.11.2026"}, "Datum: Der 22.11.2026 liegt in der Vergangenheit."),
        ({"outcome": "reached", "next": "date", "next_on": "bald"}, "Datum: „bald“ ist kein Datum (erwartet: 31.12.2026, +7 oder heute)."),
        ({"outcome": "reached", "next": "date", "next_on": "01.01.2061"}, "Datum: Der 01.01.2061 liegt zu weit in der Zukunft."),
        (
            {"outcome": "callback", "next": "date", "next_on": "28.03.2027", "next_time": "02:30"},
            "Uhrzeit 02:30: Diese Uhrzeit gibt es am 28.03.2027 nicht (Beginn der Sommerzeit).",
        ),
        ({"outcome": "callback", "next": "date", "next_on": "heute", "next_time": "09:15"}, "Uhrzeit: 09:15 Uhr ist heute schon vorbei."),
        ({"outcome": "callback", "next": "date", "next_on": "heute", "next_time": "25:00"}, "Uhrzeit: erwartet wird 14:05."),
        ({"outcome": "reached", "note": "x" * 10_001}, "Notiz: 10.001 Zeichen, möglich sind höchstens 10.000."),
        (
            {"outcome": "reached", "note": "vor\0nach"},
            "Notiz: Ein Zeichen lässt sich nicht speichern (�). Löschen Sie es und speichern Sie noch einmal.",
        ),
        (
            {"outcome": "reached", "note": "halb \ud800"},
            "Notiz: Ein Zeichen lässt sich nicht speichern (�). Löschen Sie es und speichern Sie noch einmal.",
        ),
        (
            {"outcome": "not_reached", "top_answer": "won", "top_amount": "10"},
            "Gesprächsergebnis: „Nicht erreicht“ passt nicht zur Antwort auf einen Anlass. Ändern Sie eines von beiden.",
        ),
    ],
)
def test_bad_input_is_named_with_its_field(read, said, text):
    assert complaints_of(read(**said)) == [text]


@pytest.mark.parametrize("said", [{"contact": "foreign"}, {"reason": ["foreign"]}, {"reason": ["x"]}])
def test_ids_of_somebody_else_do_not_exist(anna, customer, said):
    other = make_customer("Fremd AG")
    foreign = {"contact": make_contact(other).pk, "reason": [make_reason(other).pk]}
    values = {name: foreign[name] if "foreign" in value else value for name, value in said.items()}
    with pytest.raises(Http404):
        posted_form(anna, customer, query(call_data(customer, outcome="reached", **values)), MONDAY).is_valid()


def test_hidden_fields_that_nobody_asked_for_change_nothing(read):
    form = read(outcome="reached", owner=1, team=2, by=3, voided_at="2026-01-01")
    assert form.is_valid(), form.messages
    assert not {"owner", "team", "by", "voided_at"} & set(form.cleaned_data)


def test_a_reason_that_an_import_took_away_is_left_out(anna, customer):
    data = call_data(customer, outcome="reached")
    reason_of(customer).delete()
    form = posted_form(anna, customer, query(data), MONDAY)
    assert form.is_valid(), form.messages
    assert form.entry.answers == ()


def test_without_a_reason_an_order_needs_no_amount(anna):
    customer = make_callable(anna, kinds=())
    form = posted_form(anna, customer, query(call_data(customer, outcome="order")), MONDAY)
    assert form.is_valid(), form.messages
    assert form.entry.answers == ()


def test_the_fourth_try_in_vain_proposes_no_further_one(anna, customer, read):
    for _day in range(3):
        customer.activities.create(outcome="not_reached", at=dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC), by=anna)
    form = read(outcome="not_reached")
    assert form.is_valid(), form.messages
    assert form.entry.next_date is None


# --- may this call be made? ---


@pytest.fixture
def stranger(anna):
    """No order and no declaration on record: the legal basis is unclear."""
    return make_customer("Unbekannt GmbH", owner=anna)


@pytest.mark.parametrize(
    ("said", "basis"),
    [
        ({"legal_reason": "inquiry"}, LegalReason.INQUIRY),
        ({"legal_reason": "concrete_reason", "legal_text": "Hat auf der Messe um Rückruf gebeten"}, LegalReason.CONCRETE_REASON),
    ],
)
def test_an_unclear_basis_is_stated_by_the_rep(anna, stranger, said, basis):
    form = posted_form(anna, stranger, query(call_data(stranger, outcome="reached", **said)), MONDAY)
    assert form.is_valid(), form.messages
    assert (form.entry.gate_answer.answer, form.entry.gate_answer.basis) == (Gate.ALLOWED, basis)


@pytest.mark.parametrize("said", [{}, {"legal_reason": "existing_customer"}, {"legal_reason": "concrete_reason", "legal_text": "zu kurz"}])
def test_an_unclear_basis_without_a_sufficient_reason_is_refused(anna, stranger, said):
    form = posted_form(anna, stranger, query(call_data(stranger, outcome="reached", **said)), MONDAY)
    assert complaints_of(form) == ["Rechtsgrundlage: Wählen Sie eine; ein konkreter Anlass braucht mindestens 15 Zeichen."]


def test_a_blocked_customer_can_only_have_called_himself(anna, customer, read):
    ContactBlock.objects.create(customer=customer, kind="objection", set_on=dt.date(2026, 11, 3), set_by=anna)
    assert complaints_of(read(outcome="reached")) == [
        "Nicht erlaubt: Werbung am 03.11.2026 widersprochen. Hat der Kunde selbst angerufen, wählen Sie „Anruf vom Kunden“."
    ]
    incoming = read(outcome="reached", direction="incoming")
    assert incoming.is_valid(), incoming.messages
    assert incoming.entry.gate_answer is None


def test_a_blocked_person_cannot_be_called_on_the_companys_permission(anna, customer, read):
    person = make_contact(customer, "Sperrig")
    ContactBlock.objects.create(customer=customer, contact=person, channel="phone", set_on=dt.date(2026, 11, 3), set_by=anna)
    assert len(complaints_of(read(outcome="reached", contact=person.pk))) == 1
    assert read(outcome="reached").is_valid()


def test_the_answer_for_one_person_is_none_for_another(anna, customer, read):
    """Without scripts the page still shows the answer for the person it proposed."""
    allowed, person = customer.contacts.get(), make_contact(customer, "Sperrig")
    card = load_card(anna, customer, MONDAY)
    assert (card.contact, card.gate.is_allowed) == (allowed, True)
    gate = sign(card.gate, customer, allowed.pk)
    ContactBlock.objects.create(customer=customer, contact=person, channel="phone", set_on=dt.date(2026, 11, 3), set_by=anna)
    assert read(outcome="reached", contact=allowed.pk, gate=gate).is_valid()
    assert complaints_of(read(outcome="reached", contact=person.pk, gate=gate)) == [
        "Nicht erlaubt: Werbesperre seit 03.11.2026. Hat der Kunde selbst angerufen, wählen Sie „Anruf vom Kunden“."
    ]
    assert read(outcome="reached", contact=person.pk, gate=gate, direction="incoming").is_valid()


def test_another_person_chosen_brings_the_gates_word_on_him(client, anna, customer):
    person = make_contact(customer, "Sperrig")
    ContactBlock.objects.create(customer=customer, contact=person, channel="phone", set_on=dt.date(2026, 11, 3), set_by=anna)
    client.force_login(anna)
    parts = [client.get(reverse("call_gate", args=[customer.pk]), {"contact": pk}).text for pk in (person.pk, "")]
    assert "Nicht erlaubt: Werbesperre seit 03.11.2026." in parts[0]
    assert "data-incoming-only" in parts[0]
    assert "Erlaubt: Bestandskunde" in parts[1]
    signed = re.search(r'name="gate" value="([^"]+)"', parts[0])[1]
    assert unsign(signed, customer, person.pk).answer == Gate.DENIED
    assert unsign(signed, customer) is None


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "outcome"),
        ({"outcome": "callback", "next": "none"}, "next_on"),
        ({"outcome": "order", "top_amount": "viel"}, "amount"),
        ({"outcome": "reached", "note": "x" * 10_001, "next": "date"}, "note"),
    ],
)
def test_the_first_field_that_is_wrong_has_the_focus(read, said, field):
    markup = FormView(shown_again(read(**said)), [], back="day", today=MONDAY).fields
    [focused] = re.findall(r'name="([^"]+)"[^>]* autofocus', markup)
    assert focused.rpartition("-")[2] == field


def test_a_call_back_without_a_date_comes_back_with_the_date_open(read):
    markup = FormView(shown_again(read(outcome="callback", next="none")), [], back="day", today=MONDAY).fields
    assert 'name="next" value="date" checked' in markup


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ({"complaint_title": "Palette beschädigt", "note": "Fotos folgen"}, "Palette beschädigt"),
        ({"note": "Palette beschädigt\nFotos folgen"}, "Palette beschädigt"),
        ({"complaint_title": "  ", "note": "x" * 130}, "x" * 120),
    ],
)
def test_a_complaint_takes_its_title_from_its_field_or_the_note(read, said, title):
    form = read(outcome="complaint", **said)
    assert form.is_valid(), form.messages
    assert (form.entry.complaint_title, form.entry.answers, form.entry.next_date) == (title, (), None)


@pytest.mark.parametrize("said", [{}, {"complaint_title": " ", "note": "\n"}])
def test_a_complaint_about_nothing_is_asked_what_it_is_about(read, said):
    assert complaints_of(read(outcome="complaint", **said)) == ["Beschwerde: Schreiben Sie in wenigen Worten, worum es geht."]


def test_while_a_complaint_is_open_the_call_serves_it(anna, customer, read):
    Complaint.objects.create(customer=customer, title="Palette beschädigt", raised_on=MONDAY, raised_by=anna)
    form = read(outcome="reached")
    assert form.is_valid(), form.messages
    assert form.entry.gate_answer == GateAnswer(Gate.ALLOWED, "service", basis="service")


def test_the_amount_proposed_is_that_of_the_group_which_the_answer_is_about(client, anna, customer):
    cleaners, towels = make_group(), make_group()
    top = reason_of(customer).items.get()
    Product.objects.filter(pk=top.product_id).update(group=cleaners)
    for position, (group, revenue) in enumerate([(towels, 1000), (cleaners, 30)], start=2):
        article = make_product(group=group)
        OpportunityItem.objects.create(
            opportunity=top.opportunity, product=article, position=position, facts=top.facts, expected_revenue=revenue
        )
    client.force_login(anna)
    assert f'name="reason-{top.opportunity_id}-amount" value="270,00"' in client.get(customer.get_absolute_url()).text


@pytest.mark.parametrize(
    ("facts", "is_exempt"), [({"articles_count": 2, "falling_count": 1}, True), ({"articles_count": 2, "falling_count": 2}, False)]
)
def test_only_what_runs_out_may_be_talked_of_again_at_once(facts, is_exempt):
    assert is_exempt_from_pressure([Opportunity(kind="reorder", facts=facts)], [], MONDAY) is is_exempt


@pytest.mark.parametrize(("days", "is_exempt"), [(-1, True), (0, True), (1, False)])
def test_a_promised_call_back_lifts_the_pressure_from_its_day_on(days, is_exempt):
    promised = FollowUp(kind="callback", due_on=MONDAY + dt.timedelta(days=days))
    assert is_exempt_from_pressure([], [promised], MONDAY) is is_exempt


def test_a_call_for_a_campaign_about_goods_never_bought_needs_a_reason_unless_something_else_is_why(client, anna, customer):
    campaign = Campaign.objects.create(name="Helme", starts_on=MONDAY, ends_on=MONDAY, owner=anna)
    OfferCondition.objects.create(campaign=campaign, position=1, kind="one_off_discount", percent=5, group=make_group())
    said = {"kind": "campaign", "campaign": campaign, "facts": {"why": "campaign", "name": "Helme", "until": "2026-11-23", "criteria": {}}}
    sums = {"rank_value": 1, "expected_revenue": 1, "p_win": Decimal("0.5"), "suggested_on": MONDAY}
    Opportunity.objects.create(customer=customer, **said, **sums)
    client.force_login(anna)

    def words() -> tuple[str, bool, str]:
        """By the card, in the part of the form that another person brings, and what the save makes of the call."""
        card = load_card(anna, reads.visible_customer(anna, customer.pk), MONDAY)
        part = client.get(reverse("call_gate", args=[customer.pk]), {"contact": ""}).text
        form = posted_form(anna, customer, query(call_data(customer, outcome="reached")), MONDAY)
        return card.gate.rule, "hat Waren dieser Art noch nicht gekauft" in part, form.is_valid()

    assert words() == ("existing_customer", False, True)
    Opportunity.objects.for_system("test").filter(kind="reorder").delete()
    assert words() == ("other_goods", True, False)
    make_follow_up(customer, anna, MONDAY)
    assert words() == ("existing_customer", False, True)


def test_the_call_begins_with_a_settled_complaint_from_the_day_on_which_the_form_asks_about_it(anna, customer):
    complaint = raise_complaint(actor=anna, customer=customer, title="Pumpe undicht")
    move_complaint(actor=anna, complaint=complaint, to_state="resolved")
    due_on = FollowUp.objects.for_system("test").get(kind=FollowUp.Kind.COMPLAINT).due_on
    for today, is_asked in ((MONDAY, False), (due_on - dt.timedelta(days=1), False), (due_on, True)):
        card = load_card(anna, reads.visible_customer(anna, customer.pk), today)
        assert (card.asks_satisfied, "Ihrer Beschwerde" in card.opening) == (is_asked, is_asked)
