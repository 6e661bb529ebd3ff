"""What must never happen with referral contacts (domain guide 2.4)."""

from django.urls import reverse

from accounts.models import User
from campaigns.models import DayListRow
from campaigns.special.mail_list import addressees
from campaigns.special.models import Campaign, CampaignMember
from customers import outbox
from customers.gate import Purpose, may_contact
from customers.models import Activity, FollowUp, Message
from innendienst.base import form_keys, jobs
from nps.models import Invitation
from nps.sample import draw_sample
from nps.sampling import Rule
from referrals import contacting, erasing, naming
from referrals.models import ReferralContact
from tests.nps.scenes import make_wave, run_jobs
from tests.reading import text as text_of
from tests.referrals.scenes import make_buyer, make_recommender, make_referral
from tests.workplace.never.ways import (
    DAY,
    DIGITS,
    NOT_REGISTERED,
    NUMBER,
    ONLY_TELLS_WHO_CALLS,
    TODAY,
    Never,
    NeverShow,
    act,
    by_job,
    sheets_of,
    signed_in,
)


def edit_contact(dieter: User, contact, **values) -> None:
    """The administration changes the person behind a referral."""
    address = f"/admin/customers/contact/{contact.pk}/change/"
    client = signed_in(dieter)
    form = client.get(address).context["adminform"].form
    typed = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    assert client.post(address, {**typed, **values}).status_code == 302
    contact.refresh_from_db()


class ShowANumberBeforeThereIsABasis(NeverShow):
    """To nobody, and least of all to marketing; "asked for a call" shows that it would be seen where it may be."""

    variants = ("", "unclear", "for marketing", "asked_for_call")

    @property
    def reader(self) -> User:
        return self.cast.nora if self.variant == "for marketing" else self.cast.anna

    def scene(self) -> None:
        self.referral = make_referral(self.cast.anna, phone=NUMBER)
        self.things = (self.referral,)
        if self.variant in {"unclear", "asked_for_call"}:
            naming.check(actor=self.cast.anna, referral=self.referral, knows=self.variant)

    def api(self) -> None:
        """A machine that asks for the number learns whose it is."""
        super().api()
        self.seen = self.seen.replace(self.referral.customer.name, NUMBER)

    def holds(self) -> None:
        digits = "".join(char for char in self.seen if char.isalnum())
        may_be_there = self.variant == "asked_for_call" and self.way in {"page", "api", "administration", "export"}
        assert (DIGITS in digits) is may_be_there


class MailAReferralContactWithoutConsent(Never):
    """Not even with an address that the administration put in."""

    def scene(self) -> None:
        self.referral = make_referral(self.cast.anna)
        naming.check(actor=self.cast.anna, referral=self.referral, knows="asked_for_call")
        self.contact = self.referral.contact

    def page(self) -> None:
        assert "email" not in text_of(signed_in(self.cast.anna).get(reverse("referrals:detail", args=[self.referral.pk]))).lower()

    def administration(self) -> None:
        edit_contact(self.cast.dieter, self.contact, email="neumann@neu.example")
        assert self.contact.email == "neumann@neu.example"

    def export(self) -> None:
        """The list of a mailing whose target group he would be in."""
        campaign = Campaign.objects.create(name="Herbst", state="running", starts_on=TODAY(), ends_on=TODAY() + DAY, owner=self.cast.nora)
        CampaignMember.objects.create(campaign=campaign, customer=self.referral.customer, part="target", abc_class="C")
        assert addressees(actor=self.cast.nora, campaign=campaign) == []

    def job(self) -> None:
        wave = make_wave("Läuft", day=TODAY(), state="scheduled", rule=Rule(ways=("email",), people="all").stored())
        draw_sample(wave.pk)
        run_jobs("send_mail")
        assert not Invitation.objects.for_system("test").filter(contact=self.contact, state__in=["eligible", "queued", "sent"]).exists()
        assert "neumann@" not in by_job(self.cast.anna)

    def holds(self) -> None:
        for purpose in (Purpose.REFERRAL, Purpose.SALES, Purpose.SURVEY):
            assert may_contact(self.contact, "email", purpose, TODAY()).answer == "denied"
        assert not Message.objects.filter(contact=self.contact).exists()


class MailThatTellsAFriend(Never):
    """The recommender passes a text on himself."""

    administration = "the outbox is looked at there, and nothing is put into it"
    export = "what the recommender passes on is a page of its own, without an address on it"

    def page(self) -> None:
        client = signed_in(self.cast.anna)
        for shown in (client.get("/referrals/card/"), client.get(reverse("referrals:add", args=[make_buyer(self.cast.anna).pk]))):
            markup = shown.content.decode()
            assert [one for one in ('type="email"', 'name="email"', "mailto:") if one in markup] == []

    def job(self) -> None:
        assert not {kind for kind in outbox._renderers if "friend" in kind or "refer" in kind or "recommend" in kind}

    def holds(self) -> None:
        assert not Message.objects.exists()


class CallASecondTimeAfterANo(Never):
    variants = ("not_interested", "blocked")
    api = f"{ONLY_TELLS_WHO_CALLS}: he calls us"

    def scene(self) -> None:
        self.referral = make_referral(self.cast.anna)
        naming.check(actor=self.cast.anna, referral=self.referral, knows="asked_for_call")
        contacting.call_first(actor=self.cast.anna, referral=self.referral, outcome="not_reached")
        act(self.cast.nora, self.referral, "refuse", **({"objects": "1"} if self.variant == "blocked" else {}))

    def page(self) -> None:
        anna, referral = self.cast.anna, self.referral
        for name, more in (("call", {"outcome": "reached"}), ("check", {"knows": "asked_for_call"}), ("write", {}), ("talk", {})):
            act(anna, referral, name, **more)
        form = {
            "key": form_keys.fresh(), "customer": referral.customer_id, "contact": referral.contact_id, "direction": "outgoing",
            "outcome": "reached",
        }  # fmt: skip
        signed_in(anna).post("/calls/", form)

    def administration(self) -> None:
        """His number put in once more is no leave to dial it."""
        edit_contact(self.cast.dieter, self.referral.contact, mobile=NUMBER)

    def export(self) -> None:
        """The day's list as a workbook to take along."""
        assert "Neu GmbH" not in str(sheets_of(signed_in(self.cast.anna).get(reverse("day_take_along")).content))

    def job(self) -> None:
        by_job(self.cast.anna)

    def holds(self) -> None:
        self.referral.refresh_from_db()
        assert self.referral.state == self.variant
        assert [call.outcome for call in Activity.objects.for_system("test")] == ["not_reached"]
        assert may_contact(self.referral.contact, "phone", Purpose.SALES, TODAY()).answer == "denied"
        assert not FollowUp.objects.for_system("test").open().filter(customer=self.referral.customer).exists()
        assert not DayListRow.objects.for_system("test").filter(customer=self.referral.customer).exists()


class KeepAContactWithoutResultLongerThanSixMonths(NeverShow):
    needles = ("Neumann", "Neu GmbH", "unseren Stand", NUMBER)

    def scene(self) -> None:
        self.referral = make_referral(self.cast.anna)
        self.things = (self.referral,)
        naming.check(actor=self.cast.anna, referral=self.referral, knows="knows", note="hat unseren Stand auf der Messe besucht")
        for way in (self.page, self.administration, self.export):
            way()
            assert "Neumann" in self.seen
        ReferralContact.objects.for_system("test").update(named_on=TODAY() - 190 * DAY)
        jobs.run(jobs.request("references").pk)
        self.referral.refresh_from_db()
        assert self.referral.state == "erased"
        assert erasing.erase_due(TODAY()) == 0


class TellARecommenderWhatWasSaidOrWhatItBrought(Never):
    """What falls due about him, his page and the words to inform him hold that there was contact, and no word more."""

    variants = ("", "may hear of it")
    administration = NOT_REGISTERED
    export = "what a recommender is told stands on his page and in the sentence of the follow-up; workbooks are the house's own"

    def scene(self) -> None:
        anna = self.cast.anna
        self.recommender = make_recommender(anna)
        referral = self.referral = make_referral(anna, self.recommender)
        naming.check(actor=anna, referral=referral, knows="asked_for_call")
        contacting.call_first(actor=anna, referral=referral, outcome="interested", note="Klagt über Lieferant X")
        assert "Sagen Sie nur, dass wir Kontakt hatten" in self._detail()
        contacting.informed(actor=anna, referral=referral)
        contacting.talk(actor=anna, referral=referral, may_report_outcome=bool(self.variant))
        contacting.win(actor=anna, referral=referral, won_on=TODAY() - 20 * DAY)
        facts = referral.customer.facts
        facts.revenue_12m = 987_654
        facts.save()
        ReferralContact.objects.for_system("test").update(first_contact_on=TODAY() - 20 * DAY)
        jobs.run(jobs.request("references").pk)
        assert FollowUp.objects.for_system("test").open().filter(customer=self.recommender.customer).count() == 2
        self.told = ""

    def _detail(self) -> str:
        return text_of(signed_in(self.cast.anna).get(reverse("referrals:detail", args=[self.referral.pk])))

    def page(self) -> None:
        client, customer = signed_in(self.cast.anna), self.recommender.customer
        self.told = text_of(client.get(customer.get_absolute_url())) + text_of(client.get(f"/?customer={customer.pk}"))
        assert "Neumann" in self.told
        assert ("Er darf hören, wie es weitergeht." in self._detail()) is bool(self.variant)

    def job(self) -> None:
        self.told = by_job(self.cast.anna)

    def holds(self) -> None:
        assert [words for words in ("Lieferant X", "987.654") if words in self.told] == []


RULES = (
    ShowANumberBeforeThereIsABasis,
    MailAReferralContactWithoutConsent,
    MailThatTellsAFriend,
    CallASecondTimeAfterANo,
    KeepAContactWithoutResultLongerThanSixMonths,
    TellARecommenderWhatWasSaidOrWhatItBrought,
)
