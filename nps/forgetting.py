"""What surveys forget: by the clock (domain guide D-5), and about a person who is erased. Ratings and figures stay.

After two years an answer has no words and no person any more, and nobody can tell any more who was asked. Lists that were read in
lose their names and messages after a year.
"""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from customers.locks import hold_all
from customers.models import Contact, Customer, FollowUp, Message
from innendienst.base.jobs import RunningJob
from innendienst.lib.dates import add_months
from nps import praise, tallies
from nps.cases import KINDS, origin_of
from nps.invitations import INVITATION, REMINDER
from nps.models import Case, CaseTransition, Invitation, Response, ResponseChange, ResponseImport, SurveyWave

ANSWER_MONTHS, LIST_MONTHS = 24, 12
_WHY = "what is out of date is forgotten, whoever it is about"
_OVER = (SurveyWave.State.CLOSED, SurveyWave.State.EVALUATED)
_NAMELESS = {"reason": "", "may_call": None, "customer": None, "invitation": None, "activity": None}


def run_forget(job: RunningJob) -> None:
    """Handler of `nps_forget`; the result tells how many rows of which table."""
    job.result = forget(timezone.localdate())


@transaction.atomic
def forget(today: dt.date, *, is_dry: bool = False) -> dict[str, int]:
    """Forget what is out of date; `is_dry` counts only. A second run finds nothing."""
    answers, invitations, lists = _old_answers(today), _old_invitations(today), _old_lists(today)
    counts = {"answers": answers.count(), "invitations": invitations.count(), "lists": lists.count()}
    if not is_dry:
        waves = set(answers.values_list("wave", flat=True)) | set(invitations.values_list("wave", flat=True))
        _take_names(answers)
        invitations.filter(response=None).delete()
        lists.update(file_name="", messages=[])
        for wave_id in sorted(waves):
            tallies.ask(wave_id)
    return counts


@transaction.atomic
def erase_person(customer: Customer, contact: Contact | None = None) -> Mapping[str, int]:
    """Forget what a person answered and that he was asked; without `contact` everybody of the customer. His ratings stay, without him.

    The caller holds the customer, and erases the person himself and what belongs to him in other tables.
    """
    asked = Invitation.objects.for_system(_WHY).filter(customer=customer)
    answers = Response.objects.for_system(_WHY).filter(customer=customer)
    if contact is not None:
        asked, answers = asked.filter(contact=contact), answers.filter(invitation__contact=contact)
    waves = set(asked.values_list("wave", flat=True)) | set(answers.values_list("wave", flat=True))
    mails = Message.objects.filter(kind__in=[INVITATION, REMINDER], contact__in=[contact] if contact else customer.contacts.all())
    counts = {"answers": answers.count(), "invitations": asked.count(), "mails": mails.count()}
    mails.delete()
    ResponseImport.objects.filter(responses__in=answers).update(file_name="", messages=[])
    _take_names(answers)
    asked.delete()
    for wave_id in sorted(waves):
        tallies.ask(wave_id)
    return counts


def _take_names(answers: QuerySet) -> None:
    """Leave the ratings with their segments: no words, no person, no call, nothing that falls due because of them."""
    customers = {pk for pk in answers.values_list("customer", flat=True) if pk}
    hold_all(customers)
    ids = list(answers.values_list("pk", flat=True))
    cases = Case.objects.for_system(_WHY).filter(response__in=ids)
    FollowUp.objects.for_system(_WHY).filter(kind__in=KINDS, origin__in=[origin_of(case) for case in cases]).delete()
    CaseTransition.objects.filter(case__in=cases).delete()
    cases.delete()
    ResponseChange.objects.filter(response__in=ids).delete()
    Response.objects.for_system(_WHY).filter(pk__in=ids).update(**_NAMELESS, answered_at=None, revenue_12m=None)
    praise.keep(customers)


def _old_answers(today: dt.date) -> QuerySet:
    led_back = ~Q(reason="") | Q(customer__isnull=False) | Q(invitation__isnull=False)
    until = add_months(today, -ANSWER_MONTHS)
    return Response.objects.for_system(_WHY).filter(led_back, answered_on__lt=until, wave__state__in=_OVER)


def _old_invitations(today: dt.date) -> QuerySet:
    until = add_months(today, -ANSWER_MONTHS)
    return Invitation.objects.for_system(_WHY).filter(wave__ends_on__lt=until, wave__state__in=_OVER)


def _old_lists(today: dt.date) -> QuerySet:
    until = add_months(today, -LIST_MONTHS)
    return ResponseImport.objects.filter(at__date__lt=until).exclude(file_name="", messages=[])
