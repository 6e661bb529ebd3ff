"""Mails of a campaign through the outbox: to those of its target group who agreed to mails, each customer and each address once.

A mail that was sent is a contact with the customer and stands on record with the gate's last answer.
"""

from collections import Counter

from django.db import transaction
from django.db.models import Count
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _, override

from accounts.models import User
from accounts.permissions import demand
from campaigns.special.mail_list import mailed, people
from campaigns.special.models import Campaign, CampaignMember
from campaigns.special.words import about
from customers import objection_links, outbox, person_mails
from customers.gate import GateAnswer, Purpose
from customers.mailings import Addressed, record_mailing
from customers.models import Activity, Contact, Message
from customers.outbox import Mail
from innendienst.base import audit, jobs
from innendienst.base.jobs import RunningJob

SEND, MAIL, TEST = "mail_campaign", "campaign_mail", "campaign_mail_test"
_WHY = "a mail is written for whom it was queued"
_REACHING = {Message.State.QUEUED, Message.State.SENDING, Message.State.UNSURE, Message.State.SENT}


class MailingRefused(ValueError):
    """Nothing is sent: `code` is "not_running", "no_words" (subject or text is missing) or "no_sender"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def obstacle(campaign: Campaign) -> str:
    """Why nothing can be sent, as a code of MailingRefused; "" where nothing stands against it."""
    if campaign.state != Campaign.State.RUNNING:
        return "not_running"
    if not (campaign.mail_subject and campaign.letter_text):
        return "no_words"
    return "" if person_mails.has_sender() else "no_sender"


@transaction.atomic
def send(*, actor: User, campaign: Campaign) -> None:
    """Have a worker mail to everybody of the target group whom the actor may see and who may be mailed; whoever got one gets no second."""
    demand(actor, "campaign.write")
    held = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    if code := obstacle(held):
        raise MailingRefused(code)
    audit.record("campaign.send_mails", by=actor, campaign=held.pk)
    jobs.request(SEND, str(held.pk), by=actor.pk)


def run_send(job: RunningJob) -> None:
    """Handler of `mail_campaign`: put the mails into the outbox, batch by batch; run again it goes on where it was."""
    campaign, actor = Campaign.objects.get(pk=job.target), User.objects.get(pk=job.args["by"])
    known, times, count = _written_to(campaign), person_mails.sending_times(), 0
    for batch in people(actor, campaign, known):
        campaign.refresh_from_db()
        if obstacle(campaign):
            break
        outbox.queue_all(
            outbox.mail_to_person(
                kind=MAIL, key=f"{_keys(campaign)}{contact.pk}", contact=contact, purpose=Purpose.SALES, gate_answer=answer,
                not_before=next(times), campaign=campaign.pk, by=actor.pk,
            )
            for contact, answer in batch
        )  # fmt: skip
        count += len(batch)
        job.step(queued=count)
    job.result = {"queued": count}


def render(message: Message) -> Mail | None:
    """None once the campaign is over or the person's company is no longer among those it speaks to."""
    campaign = Campaign.objects.select_related("owner").filter(pk=message.facts["campaign"]).first()
    if campaign is None or obstacle(campaign) or not _members(message).exists():
        return None
    return mail_to(campaign, message.contact)


def render_test(message: Message) -> Mail | None:
    campaign = Campaign.objects.select_related("owner").filter(pk=message.facts["campaign"]).first()
    if campaign is None:
        return None
    mail = mail_to(campaign, None)
    return Mail(_("Test: %(subject)s") % {"subject": mail.subject}, mail.text)


def mail_to(campaign: Campaign, contact: Contact | None) -> Mail:
    """The mail as this person gets it; without one as a preview whose link leads nowhere. German, as its text is."""
    link = objection_links.address(contact)
    with override("de"):
        words = {"greeting": person_mails.greeting(contact), "sender": person_mails.sender(), "stop_address": link}
        words |= {"campaign": campaign, "closing": person_mails.closing(campaign.letter_text)}
        text = render_to_string("emails/campaign_mail.txt", words).strip() + "\n"
    return Mail(campaign.mail_subject or campaign.name, text, headers=person_mails.stop_headers(link))


def ended(message: Message) -> None:
    """A mail that was sent stands with its customer, in the campaign and among his contacts; bears hearing it twice."""
    if message.state != Message.State.SENT:
        return
    if _members(message).filter(mailed_on=None).update(mailed_on=timezone.localdate()):
        campaign, person = Campaign.objects.get(pk=message.facts["campaign"]), message.contact
        addressed = Addressed(person.customer_id, person.pk, GateAnswer.kept_as(message.gate_answer))
        by_id = message.facts.get("by", campaign.owner_id)  # mails queued by a version that did not note it
        record_mailing(by_id=by_id, kind=Activity.Kind.MAIL, about=about(campaign), addressed=[addressed])


def queue_test(*, actor: User, campaign: Campaign) -> None:
    """The same mail to oneself; each test is a mail of its own, one a second at most."""
    demand(actor, "campaign.write")
    key = f"{TEST}:{campaign.pk}:{actor.pk}:{timezone.now():%Y%m%d%H%M%S}"
    outbox.queue_message(kind=TEST, key=key, user=actor, campaign=campaign.pk)


def counts(campaign: Campaign) -> Counter[str]:
    """State of the outbox → mails of this campaign."""
    rows = _queued(campaign).order_by().values_list("state").annotate(count=Count("pk"))
    return Counter(dict(rows))


def _keys(campaign: Campaign) -> str:
    return f"{MAIL}:{campaign.pk}:"


def _queued(campaign: Campaign):
    """Found by their keys, which are indexed."""
    return Message.objects.filter(key__startswith=_keys(campaign))


def _written_to(campaign: Campaign) -> set[int | str]:
    """Customers and addresses that this campaign has mailed to: the same person may stand at two companies, or change his address.

    A mail that came to nothing leaves the customer to his other people, but its address is not tried again.
    """
    rows = list(_queued(campaign).values_list("contact__customer", "contact__email", "state"))
    return mailed(campaign) | {pk for pk, _email, state in rows if state in _REACHING} | {email.lower() for _pk, email, _state in rows}


def _members(message: Message):
    """The customer as a member whom the campaign speaks to; none where he is in the control group."""
    assert message.contact is not None  # mails of a campaign go to people only
    targeted = CampaignMember.objects.for_system(_WHY).targeted()
    return targeted.filter(campaign=message.facts["campaign"], customer=message.contact.customer_id)
