"""A letter to one customer, put on record: to whom, about what, on which basis."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import demand
from customers.gate_rules import Answer, GateAnswer
from customers.locks import hold
from customers.models import Activity, Contact, Customer
from customers.touched import touch


class LetterRefused(ValueError):
    """The gate does not allow this letter; nothing was written."""


@transaction.atomic
def record_letter(
    *, actor: User, customer: Customer, subject: str, text: str, gate_answer: GateAnswer, contact: Contact | None = None
) -> Activity:
    """Store a letter as it is about to be printed. It settles no follow-up and counts as no talk, but as a contact of ours.

    Raises LetterRefused without the gate's allowed answer.
    """
    demand(actor, "call.log")
    if gate_answer.answer != Answer.ALLOWED:
        raise LetterRefused(gate_answer.rule)
    hold(customer.pk)
    activity = Activity.objects.create(
        customer=customer,
        contact=contact,
        kind=Activity.Kind.LETTER,
        note=f"{subject}\n\n{text}",
        at=timezone.now(),
        by=actor,
        gate_answer=gate_answer.on_record(),
    )
    touch([customer.pk])
    return activity
