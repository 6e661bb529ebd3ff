"""From a promoter's answer to a thanked recommender: the customer, the rep and marketing in real browsers, on a desk and on a phone."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Role
from customers.touched import touch
from innendienst.base import jobs
from innendienst.lib.dates import add_working_days
from nps import tokens
from referrals import suggesting
from referrals.models import ReferenceCustomer, ReferralContact
from tests import factories
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.nps.scenes import make_invitation, make_wave
from tests.referrals.scenes import make_buyer, proof

TODAY = timezone.localdate


@pytest.mark.parametrize("options", [{}, {"width": 390, "is_dark": True}], ids=["desk", "dark-phone"])
def test_from_a_promoter_to_a_thanked_recommender(live_page, anna, options, tmp_path):
    customer = make_buyer(anna, "Hotel Ruhe")
    wave = make_wave("Herbst", state="open", day=TODAY())
    invitation = make_invitation(wave, customer)
    answers = live_page(**options)
    answers.goto(f"/s/{tokens.make(invitation.nonce)}/")
    answers.locator("[name=rating][value='10']").check()
    answers.get_by_role("button", name="Antwort senden").click()
    assert_no_sideways_scroll(answers)

    # never in the same breath as the survey
    day = TODAY()
    while day < add_working_days(TODAY(), 3):
        assert suggesting.suggest(day) == 0
        day = add_working_days(day, 1)
    assert suggesting.suggest(day) == 1

    page = live_page(anna, **options)
    page.goto(customer.get_absolute_url())
    moment = page.locator(".why", has_text="Guter Zeitpunkt für die Referenzfrage: Antwort eines Promotors")
    moment.get_by_role("link", name="Öffnen").click()
    page.get_by_role("button", name="Als Kandidat aufnehmen").click()
    page.get_by_role("button", name="Als geeignet einstufen").click()
    expect(page.locator("#say-head")).to_be_visible()
    page.get_by_role("button", name="Um Referenz bitten").click()
    expect(page.get_by_text("Bedenkzeit bis").first).to_be_visible()
    assert_no_sideways_scroll(page)
    page.get_by_role("button", name="Kunde sagt zu").click()
    page.get_by_label("Angebote").check()
    page.get_by_role("button", name="Vereinbarung festhalten").click()
    reference = ReferenceCustomer.objects.for_system("test").get()
    detail = reverse("references:detail", args=[reference.pk])

    # marketing files the written word; before that nobody finds the logo
    library = "/references/library/"
    page.goto(library)
    expect(page.get_by_role("link", name="Hotel Ruhe")).to_have_count(0)
    written = tmp_path / "freigabe.pdf"
    written.write_bytes(proof().read())
    marketing = live_page(factories.make_user("nora", Role.MARKETING), **options)
    marketing.goto(detail)
    marketing.locator("[name=proof]").set_input_files(written)
    marketing.get_by_role("button", name="Freigabe ablegen").click()
    expect(marketing.get_by_text("Logo freigegeben für: Angebote.")).to_be_visible()

    # it is used, reported back and thanked for
    page.goto(library)
    page.get_by_role("link", name="Hotel Ruhe").click()
    page.locator("summary", has_text="Einsatz eintragen").click()
    page.get_by_role("button", name="Einsatz eintragen").click()
    page.get_by_role("button", name="Rückmeldung").click()
    page.get_by_role("button", name="Dank eintragen").click()
    assert_accessible(page)

    # the customer names somebody, who turns out to know of it
    page.goto(reverse("referrals:add", args=[customer.pk]))
    page.get_by_label("Empfehler").select_option(index=1)
    page.locator("[name=may_name_me]").select_option("yes")
    for name, text in (("Nachname", "Neumann"), ("Firma", "Neu GmbH"), ("Telefon", "030 23125-555"), ("Interesse an", "Sauger")):
        page.get_by_label(name, exact=True).fill(text)
    page.get_by_role("button", name="Empfehlungskontakt anlegen").click()
    page.get_by_text("hat um Anruf gebeten").first.click()
    page.get_by_role("button", name="Rechtsprüfung speichern").click()
    expect(page.get_by_text("Frau Müller von der Firma Hotel Ruhe hat mir gesagt")).to_be_visible()
    page.get_by_role("button", name="Erstanruf eintragen").click()
    page.get_by_role("button", name="Hinweis gegeben").click()
    page.get_by_role("button", name="Empfehler informiert").click()

    # the first order makes a customer of the contact, and thanks fall due
    referral = ReferralContact.objects.for_system("test").get()
    factories.make_order(referral.customer, TODAY(), (factories.make_product(), 1, 800))
    touch([referral.customer_id])
    jobs.run(jobs.request("refresh").pk)
    page.reload()
    expect(page.get_by_text("Neukunde").first).to_be_visible()
    page.get_by_role("button", name="Dank eintragen").click()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    referral.refresh_from_db()
    assert (referral.state, referral.recommender_thanked_at is not None) == ("customer_won", True)
    page.goto("/referrals/recommenders/")
    expect(page.get_by_text("800 €")).to_be_visible()
    assert_no_sideways_scroll(page)
