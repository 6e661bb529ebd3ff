"""What must never happen with references and referral contacts (domain guide 2.3, 2.4), tried by page, API, administration, export and job."""

import datetime as dt
import json
from io import BytesIO

import pytest
import python_calamine as calamine
from django.contrib import admin
from django.core import mail
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts.models import Role, User
from campaigns import day_list
from campaigns.models import DayListRow
from customers import outbox
from customers.complaints import raise_complaint
from customers.gate import Purpose, may_contact
from customers.models import Activity, FollowUp, Message
from innendienst.base import form_keys, jobs
from innendienst.lib.dates import next_working_day
from innendienst.workplace.plans import acts
from innendienst.workplace.plans.kinds import KINDS
from nps.models import Invitation
from nps.sample import draw_sample
from nps.sampling import Rule
from referrals import asking, contacting, erasing, moments, naming, releasing, reminders, suggesting, using
from referrals.models import ReferenceCustomer, ReferencePlan, ReferenceUse, ReferralContact
from tests import factories
from tests.nps.scenes import answer, make_wave, run_jobs
from tests.reading import text as text_of
from tests.referrals.scenes import make_buyer, make_recommender, make_reference, make_referral, make_released, proof

TODAY = timezone.localdate
DAY = dt.timedelta(days=1)
NUMBER, DIGITS = "030 23125-555", "23125555"

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def nora(db) -> User:
    return factories.make_user("nora", Role.MARKETING)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def act(user: User, thing, name: str, **more):
    kind = "references" if isinstance(thing, ReferenceCustomer) else "referrals"
    thing.refresh_from_db()
    return signed_in(user).post(reverse(f"{kind}:act", args=[thing.pk]), {"act": name, "version": thing.version, **more}, follow=True)


def pages(*things) -> list[str]:
    """Every page that tells of references, referrals and these rows."""
    found = ["/", "/references/?state=all", "/references/library/", "/referrals/?group=all", "/referrals/recommenders/", "/customers/"]
    found += [f"/references/questions/{name}/" for name in ("regular", "completed", "made_good", "recommend", "name")]
    for thing in things:
        kind = "references" if isinstance(thing, ReferenceCustomer) else "referrals"
        found += [reverse(f"{kind}:detail", args=[thing.pk]), thing.customer.get_absolute_url(), f"/?customer={thing.customer_id}"]
    return found


def by_page(user: User, *things) -> str:
    client = signed_in(user)
    return " ".join(text_of(client.get(address)) for address in pages(*things))


def by_api(user: User) -> str:
    """What machines are told: who calls from a number."""
    asked = signed_in(user).get("/api/v1/calls/incoming", {"number": NUMBER}, headers={"accept": "application/json"})
    return json.dumps(asked.json(), ensure_ascii=False) if asked.status_code == 200 else ""


def by_administration(dieter: User, *things) -> str:
    client = signed_in(dieter)
    found = []
    for thing in things:
        found.append(client.get(f"/admin/customers/customer/{thing.customer_id}/change/"))
        if thing.contact_id:
            found.append(client.get(f"/admin/customers/contact/{thing.contact_id}/change/"))
    return " ".join(text_of(one) for one in found)


def by_export(user: User, carla: User) -> str:
    """The workbook of references, and a reference plan as a sheet and as a workbook."""
    days = {"starts_on": TODAY() - 30 * DAY, "ends_on": TODAY() + 60 * DAY}
    plan = acts.make(actor=carla, kind=KINDS["references"], document=ReferencePlan(**days))
    client, args = signed_in(user), ["references", plan.pk]
    books = [client.get("/references/export/?state=all"), client.get(reverse("plans:export", args=args))]
    sheets = [sheet for book in books for sheet in _sheets(book.content)]
    return f"{sheets} {text_of(client.get(reverse('plans:detail', args=args)))}"


def _sheets(content: bytes) -> list:
    book = calamine.load_workbook(BytesIO(content))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def by_job(user: User) -> str:
    """The night, the list of the day and the mail that tells of it."""
    jobs.run(jobs.request("references").pk)
    day_list.draw(user, TODAY())
    outbox.queue_message(kind="digest", key=f"test:{user.pk}", user=user, day=TODAY().isoformat())
    run_jobs("send_mail")
    return " ".join(f"{sent.subject} {sent.body}" for sent in mail.outbox)


def everywhere(user: User, carla: User, dieter: User, *things) -> dict[str, str]:
    return {
        "page": by_page(user, *things), "api": by_api(user), "admin": by_administration(dieter, *things),
        "export": by_export(user, carla), "job": by_job(user),
    }  # fmt: skip


def showing(found: dict[str, str], needle: str) -> set[str]:
    return {way for way, text in found.items() if needle in text}


def test_nothing_of_references_is_edited_by_the_administration_or_an_api():
    """All goes through the acts: no model of theirs is registered, and the API has no address that names them."""
    assert [model for model in admin.site._registry if model._meta.app_label == "referrals"] == []
    routes = {str(pattern.pattern) for pattern in get_resolver().url_patterns}
    assert {route for route in routes if route.startswith("api/")} == {"api/v1/calls/incoming"}


# --- 2.3 ---


@pytest.mark.parametrize("how", ["agreed", "withdrawn", "kind taken back", "ended", "under_review", "paused"])
def test_never_show_or_export_what_is_not_released(anna, carla, dieter, how):
    scope = make_released(anna, carla, "letter", ("offer",), name="Briefe GmbH")
    releasing.publish(actor=carla, scope=scope, text="Streng geheim", approved_on=TODAY(), file=proof("brief-geheim.pdf"))
    reference = scope.reference
    assert showing(everywhere(anna, carla, dieter, reference), "Streng geheim") == {"page"}
    if how == "withdrawn":
        asking.withdraw(actor=anna, reference=reference)
    elif how == "kind taken back":
        releasing.withdraw_scope(actor=anna, scope=scope)
    elif how == "ended":
        type(scope).objects.update(valid_until=TODAY() - DAY)
    else:
        ReferenceCustomer.objects.for_system("test").update(state=how, resumes_as="released" if how == "paused" else "")
    mail.outbox.clear()
    Message.objects.all().delete()
    found = everywhere(anna, carla, dieter, reference)
    assert [showing(found, needle) for needle in ("Streng geheim", "brief-geheim")] == [set(), set()]
    text = scope.texts.get()
    assert signed_in(anna).get(reverse("references:published_file", args=[text.pk])).status_code == 404


def test_never_ask_again_before_the_time_to_think_is_over(anna, bernd, carla, nora):
    reference = make_reference(anna, "thinking", thinking_until=TODAY() + 10 * DAY)
    moments.mark_impression(actor=bernd, customer=reference.customer, today=TODAY())
    for user in (anna, bernd, carla, nora):
        act(user, reference, "ask")
    act(bernd, reference, "give_time", until="+1")
    page = text_of(signed_in(bernd).get(reverse("references:detail", args=[reference.pk])))
    assert "Um Referenz bitten" not in page
    by_export(anna, carla)
    day = next_working_day(TODAY())
    while day < reference.thinking_until:
        reminders.remind(day), suggesting.suggest(day)
        day += DAY
    reference.refresh_from_db()
    assert (reference.state, reference.thinking_until) == ("thinking", TODAY() + 10 * DAY)
    assert not FollowUp.objects.for_system("test").filter(kind__in=["thinking_ends", "reference_moment", "asking"]).exists()


@pytest.mark.parametrize("why", ["complaint", "detractor", "declined"])
def test_never_ask_whom_a_complaint_a_critical_answer_or_a_no_protects(anna, carla, dieter, why):
    reference = make_reference(anna, "qualified", open_minded=3, well_disposed=3, well_connected=3)
    customer = reference.customer
    if why == "complaint":
        raise_complaint(actor=anna, customer=customer, title="Motor")
    elif why == "detractor":
        answer(make_wave("Herbst", day=TODAY() - 30 * DAY), customer, 4)
    else:
        ReferenceCustomer.objects.for_system("test").update(declined_on=TODAY() - 30 * DAY)
    moments.mark_impression(actor=anna, customer=customer, today=TODAY())
    act(anna, reference, "ask", contact=customer.contacts.get().pk)
    reference.refresh_from_db()
    assert reference.state == "qualified"
    assert "Derzeit nicht ansprechen" in by_page(anna, reference)
    by_export(anna, carla)
    plan = ReferencePlan.objects.get()
    assert not plan.rows.filter(cells__column="suitability").exists()
    suggesting.suggest(next_working_day(TODAY()))
    assert not FollowUp.objects.for_system("test").filter(kind="reference_moment").exists()


def test_never_use_after_withdrawal(anna, carla, nora):
    scope = make_released(anna, carla, "reference_call", ("talk",), name="Hotel Ruhe")
    asking.withdraw(actor=nora, reference=scope.reference)
    for user in (anna, carla, nora):
        page = signed_in(user).post(reverse("references:use_add", args=[scope.pk]), {"place": "talk"}, follow=True)
        assert "zurückgenommen" in text_of(page) or "Widerrufen" in text_of(page)
        for address in ("/references/?kind=reference_call&state=all", "/references/?free=true&state=all", "/references/library/"):
            assert "Hotel Ruhe" not in text_of(signed_in(user).get(address))
    jobs.run(jobs.request("references").pk)
    assert not ReferenceUse.objects.for_system("test").exists()
    assert not FollowUp.objects.for_system("test").open().filter(customer=scope.reference.customer).exists()


def test_never_ask_by_inside_and_field_sales_at_once(anna, bernd, carla, team_north):
    dirk = factories.make_user("dirk", "field_sales", team=team_north)
    reference = make_reference(anna, "asked")
    for name, more in (("ask", {}), ("give_time", {"until": "+20"}), ("hand_on", {"asker": dirk.pk})):
        assert "wird seit" in text_of(act(bernd, reference, name, **more)) or name == "ask"
        act(dirk, reference, name, **more)
    reference.refresh_from_db()
    assert (reference.state, reference.asked_by) == ("asked", anna)
    act(anna, reference, "hand_on", asker=dirk.pk, reason="Finde keinen Draht")
    due = FollowUp.objects.for_system("test").open().filter(customer=reference.customer)
    assert {one.assignee for one in due} == {dirk}
    jobs.run(jobs.request("references").pk)
    assert {one.assignee for one in due.all()} == {dirk}


# --- 2.4 ---


def test_never_show_a_number_before_there_is_a_basis(anna, carla, dieter, nora):
    referral = make_referral(anna, phone=NUMBER)

    def showing_number(user: User) -> set[str]:
        found = everywhere(user, carla, dieter, referral)
        plain = {way: "".join(char for char in text if char.isalnum()) for way, text in found.items()}
        found_by_number = {"api"} if referral.customer.name in found["api"] else set()
        return showing(plain, DIGITS) | found_by_number

    for knows in ("", "unclear"):
        if knows:
            naming.check(actor=anna, referral=referral, knows=knows)
        assert showing_number(anna) == set()
        Message.objects.all().delete()
    assert showing_number(nora) == set()
    ReferralContact.objects.for_system("test").update(state="legal_check", knows="")
    referral.refresh_from_db()
    naming.check(actor=carla, referral=referral, knows="asked_for_call")
    Message.objects.all().delete()
    assert {"page", "api", "export"} <= showing_number(anna)


def test_never_mail_a_referral_contact_without_consent(anna, carla, dieter):
    """Not even with an address the administration put in: the gate knows no basis, and no list or survey takes a lead up."""
    referral = make_referral(anna)
    naming.check(actor=anna, referral=referral, knows="asked_for_call")
    contact = referral.contact
    type(contact).objects.for_system("test").filter(pk=contact.pk).update(email="neumann@neu.example")
    contact.refresh_from_db()
    assert "email" not in text_of(signed_in(anna).get(reverse("referrals:detail", args=[referral.pk]))).lower()
    for purpose in (Purpose.REFERRAL, Purpose.SALES, Purpose.SURVEY):
        assert may_contact(contact, "email", purpose, TODAY()).answer == "denied"
    wave = make_wave("Läuft", day=TODAY(), state="scheduled", rule=Rule(ways=("email",), people="all").stored())
    draw_sample(wave.pk)
    assert not Invitation.objects.for_system("test").filter(contact=contact, state__in=["eligible", "queued", "sent"]).exists()
    by_export(anna, carla)
    by_job(anna)
    assert [sent for sent in mail.outbox if "neumann" in " ".join(sent.to)] == []
    assert not Message.objects.filter(contact=contact).exists()


def test_never_a_mail_that_tells_a_friend(anna):
    """The recommender passes a text on himself: no address of a friend is asked for, and no mail of that kind exists."""
    page = signed_in(anna).get("/referrals/card/")
    add = signed_in(anna).get(reverse("referrals:add", args=[make_buyer(anna).pk]))
    for shown in (page, add):
        assert 'type="email"' not in shown.content.decode()
        assert 'name="email"' not in shown.content.decode()
        assert "mailto:" not in shown.content.decode()
    assert not {kind for kind in outbox._renderers if "friend" in kind or "refer" in kind or "recommend" in kind}


@pytest.mark.parametrize("objects", [False, True])
def test_never_a_second_call_after_a_no(anna, nora, objects):
    referral = make_referral(anna)
    naming.check(actor=anna, referral=referral, knows="asked_for_call")
    contacting.call_first(actor=anna, referral=referral, outcome="not_reached")
    act(nora, referral, "refuse", **({"objects": "1"} if objects else {}))
    for name, more in (("call", {"outcome": "reached"}), ("check", {"knows": "asked_for_call"}), ("write", {}), ("talk", {})):
        act(anna, referral, name, **more)
    form = {
        "key": form_keys.fresh(),
        "customer": referral.customer_id,
        "contact": referral.contact_id,
        "direction": "outgoing",
        "outcome": "reached",
    }
    signed_in(anna).post("/calls/", form)
    by_job(anna)
    referral.refresh_from_db()
    assert referral.state == ("blocked" if objects else "not_interested")
    assert [call.outcome for call in Activity.objects.for_system("test")] == ["not_reached"]
    assert may_contact(referral.contact, "phone", Purpose.SALES, TODAY()).answer == "denied"
    assert not FollowUp.objects.for_system("test").open().filter(customer=referral.customer).exists()
    assert not DayListRow.objects.for_system("test").filter(customer=referral.customer).exists()


def test_never_keep_a_contact_without_result_longer_than_six_months(anna, carla, dieter):
    referral = make_referral(anna)
    naming.check(actor=anna, referral=referral, knows="knows", note="hat unseren Stand auf der Messe besucht")
    assert showing(everywhere(anna, carla, dieter, referral), "Neumann") >= {"page", "admin", "export"}
    ReferralContact.objects.for_system("test").update(named_on=TODAY() - 190 * DAY)
    jobs.run(jobs.request("references").pk)
    Message.objects.all().delete()
    mail.outbox.clear()
    referral.refresh_from_db()
    assert referral.state == "erased"
    found = everywhere(anna, carla, dieter, referral)
    assert [showing(found, needle) for needle in ("Neumann", "Neu GmbH", "unseren Stand", NUMBER)] == [set()] * 4
    assert erasing.erase_due(TODAY()) == 0


@pytest.mark.parametrize("may_report", [False, True])
def test_never_tell_a_recommender_what_was_said_or_what_it_brought(anna, carla, may_report):
    """What falls due about him, his page and the text to inform him hold that there was contact, and no word more."""
    recommender = make_recommender(anna)
    referral = make_referral(anna, recommender)
    naming.check(actor=anna, referral=referral, knows="asked_for_call")
    contacting.call_first(actor=anna, referral=referral, outcome="interested", note="Klagt über Lieferant X")
    hint = text_of(signed_in(anna).get(reverse("referrals:detail", args=[referral.pk])))
    assert "Sagen Sie nur, dass wir Kontakt hatten" in hint
    contacting.informed(actor=anna, referral=referral)
    contacting.talk(actor=anna, referral=referral, may_report_outcome=may_report)
    contacting.win(actor=anna, referral=referral, won_on=TODAY() - 20 * DAY)
    facts = referral.customer.facts
    facts.revenue_12m = 987_654
    facts.save()
    ReferralContact.objects.for_system("test").update(first_contact_on=TODAY() - 20 * DAY)
    jobs.run(jobs.request("references").pk)
    assert FollowUp.objects.for_system("test").open().filter(customer=recommender.customer).count() == 2
    client = signed_in(anna)
    told = text_of(client.get(recommender.customer.get_absolute_url())) + text_of(client.get(f"/?customer={recommender.customer_id}"))
    assert "Neumann" in told
    assert "Lieferant X" not in told
    assert "987.654" not in told
    detail = text_of(client.get(reverse("referrals:detail", args=[referral.pk])))
    assert ("Er darf hören, wie es weitergeht." in detail) is may_report


def test_never_use_a_reference_outside_of_what_is_allowed(anna, carla, nora):
    """By whoever asks and by whatever way it is written down: place, competitor, load, complaint."""
    scope = make_released(anna, carla, "reference_call", ("talk",), no_competitors=True)
    rival = make_buyer(anna, "Hotel Rivale")
    tried = [{"place": "web"}, {"place": "talk", "prospect": rival.number}]
    for user in (anna, carla, nora):
        for form in tried:
            signed_in(user).post(reverse("references:use_add", args=[scope.pk]), form)
    raise_complaint(actor=anna, customer=scope.reference.customer, title="Motor")
    signed_in(anna).post(reverse("references:use_add", args=[scope.pk]), {"place": "talk"})
    assert not ReferenceUse.objects.for_system("test").exists()
    with pytest.raises(using.UseRefused):
        using.log_use(actor=carla, scope=scope, place="talk", prospect=None, on=TODAY())
