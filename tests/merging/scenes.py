"""Two customers who are one, each with a row of every kind that leads to a customer or to a person of his."""

import datetime as dt

from django.apps import apps
from django.utils import timezone

from accounts.models import User
from campaigns.models import DayListRow, Opportunity
from campaigns.special.models import Campaign, CampaignMember
from customers import outbox
from customers.models import Activity, Complaint, Consent, Contact, ContactBlock, Customer, FollowUp, Handover, Need, Product, ProductGroup
from customers.tags import tag_customers
from innendienst.base.models import StoredFile
from nps.models import Case, Response, SurveyWave
from referrals.models import (
    Recommender,
    ReferenceCustomer,
    ReferenceMoment,
    ReferencePlan,
    ReferenceUse,
    ReferralContact,
    ReleaseScope,
    Thanks,
)
from tests import factories
from tests.nps.scenes import make_invitation, make_wave
from tests.workplace.scenes import make_reason

TODAY = timezone.localdate
OUR_APPS = ("accounts", "customers", "campaigns", "nps", "referrals")
_BOOKKEEPING = {"Merge", "MergeMove", "Touched", "SearchToken"}


def make_twins() -> tuple[Customer, Customer]:
    """The one who stays and the one who goes: the same company under two numbers."""
    place = {"postcode": "90402", "town": "Nürnberg"}
    kept = factories.make_listed("Bäckerei Müller GmbH", number="K-1", phone="030 23125-103", **place)
    gone = factories.make_listed("Baeckerei Mueller", number="K-2", phone="030 23125-103", **place)
    return kept, gone


class Ground:
    """What the rows of both customers stand on."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.group: ProductGroup = factories.make_group("Reiniger")
        self.product: Product = factories.make_product("Reiniger R10", group=self.group)
        self.wave: SurveyWave = make_wave(state="open")
        self.campaign = Campaign.objects.create(name="Herbst", starts_on=TODAY(), ends_on=TODAY(), owner=user)
        self.other = factories.make_customer("Dritte GmbH")
        self.recommender = Recommender.objects.create(customer=self.other, contact=factories.make_contact(self.other, "Dritter"))

    def fill(self, customer: Customer, *, last_name: str = "Weiß", told_days_ago: int = 5) -> Contact:
        """A row of each kind for the customer, and for a person of his."""
        user, today, now = self.user, TODAY(), timezone.now()
        person = factories.make_contact(customer, last_name, first_name="Käthe", match_key=f"kathe {last_name.lower()}")
        factories.make_order(customer, today - dt.timedelta(days=40), (self.product, 2, "100"), (self.product, 1, "50"))
        call = Activity.objects.create(customer=customer, contact=person, by=user, at=now, outcome="reached", note="Preis besprochen")
        FollowUp.objects.create(customer=customer, contact=person, assignee=user, due_on=today, note="Anrufen")
        complaint = Complaint.objects.create(customer=customer, contact=person, title="Palette", raised_on=today, raised_by=user)
        complaint.transitions.create(by=user, from_state="raised", to_state="in_progress")
        Handover.objects.create(
            customer=customer, contact=person, by=user, to=user, state="returned", requested_at=now, answer_by=today, criteria=["complex"]
        )
        ContactBlock.objects.create(customer=customer, contact=person, channel="letter", set_on=today, set_by=user)
        Consent.objects.create(customer=customer, contact=person, channel="email", text_version="1", proof="Mail", granted_at=now)
        Need.objects.create(
            customer=customer, group=self.group, supplier=f"Firma von {customer.number}", yearly_need="1200.50",
            told_on=today - dt.timedelta(days=told_days_ago), told_to=user, activity=call,
        )  # fmt: skip
        tag_customers(actor=user, customer_ids=[customer.pk], name=f"Tag {customer.number}")
        make_reason(customer, state="planned", subject_key=f"group:{self.group.pk}", opened_on=today, owner=user)
        Opportunity.objects.create(
            customer=customer, kind="cross_sell", state="lost", lost_reason="price", rank_value=1, expected_revenue=1, p_win="0.2",
            suggested_on=today,
        )  # fmt: skip
        CampaignMember.objects.create(campaign=self.campaign, customer=customer, part="target", abc_class="A")
        DayListRow.objects.create(user=user, day=today, customer=customer, position=1, source="own")
        DayListRow.objects.create(user=user, day=today - dt.timedelta(days=customer.pk), customer=customer, position=1, source="own")
        outbox.queue_message(kind="digest", key=f"to-{customer.pk}", user=user)
        make_invitation(self.wave, customer, person)
        response = Response.objects.create(wave=self.wave, customer=customer, rating=3, channel="phone", answered_on=today)
        Case.objects.create(response=response, customer=customer, kind="detractor", opened_on=today, due_on=today)
        ReferenceMoment.objects.create(
            customer=customer, kind="delivery", occasion_on=today, opens_on=today, valid_until=today + dt.timedelta(days=9), value="9.90"
        )
        self._refer(customer, person)
        return person

    def _refer(self, customer: Customer, person: Contact) -> None:
        user, today = self.user, TODAY()
        referral = ReferralContact.objects.create(
            recommender=self.recommender, customer=customer, contact=person, owner=user, named_on=today
        )
        Thanks.objects.create(customer=customer, contact=person, referral=referral, how="gift", value="12.50", given_on=today, by=user)
        ReferencePlan.objects.create(owner=user, starts_on=today, ends_on=today).rows.create(
            section="C", position=1, customer=customer, made_by=user
        )

    def make_reference(self, customer: Customer, person: Contact | None = None, state: str = "in_use") -> ReferenceCustomer:
        """With a released logo that was used, from the first rating on."""
        reference = ReferenceCustomer.objects.create(customer=customer, contact=person, state=state, asked_by=self.user, open_minded=2)
        reference.transitions.create(by=self.user, from_state="candidate", to_state=state)
        return reference

    def release(self, reference: ReferenceCustomer) -> None:
        today = TODAY()
        proof = StoredFile.objects.create(
            stored_as=f"{reference.pk:032d}", name="a.pdf", content_type="application/pdf", size=1, sha256="0", by=self.user
        )
        scope = ReleaseScope.objects.create(
            reference=reference, kind="logo", places=["web"], agreed_on=today, released_on=today, proof=proof
        )
        used = {"scope": scope, "place": "web", "used_on": today, "by": self.user}
        ReferenceUse.objects.create(customer=reference.customer, prospect=self.other, **used)
        ReferenceUse.objects.create(customer=self.other, prospect=reference.customer, **used)


def snapshot() -> dict[str, list[dict]]:
    """Every row of every table of ours, to the last digit. Versions count on, because a form opened in between must not win."""
    models = (model for label in OUR_APPS for model in apps.get_app_config(label).get_models())
    return {
        model.__name__: [
            {name: repr(value) for name, value in row.items() if name != "version"} for row in model._base_manager.order_by("pk").values()
        ]
        for model in models
        if model.__name__ not in _BOOKKEEPING
    }
