"""Lists of a campaign that leave the house: its target group, and letters as a mail merge. The control group is in none of them."""

import tempfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _, override
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import allow, allowed
from campaigns.special.models import Campaign, CampaignMember
from customers.gate import Purpose, may_contact_many
from customers.models import Contact, ContactBlock, Customer
from customers.models.permissions import Channel
from innendienst.base import audit
from innendienst.lib.excel import write_table
from innendienst.workplace.campaigns.shown import effect_of, funnel_of

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BATCH = 2_000
_WHY = "people of customers whom the user may see"


@require_safe
@allow("campaign.write")
def member_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The target group as a workbook, as far as the reader may see its customers."""
    campaign = get_object_or_404(Campaign, pk=pk)
    members = CampaignMember.objects.visible_to(request.user).targeted().filter(campaign=campaign)
    rows = members.order_by("customer__sort_key").values_list(
        "customer__number", "customer__name", "customer__postcode", "customer__town", "abc_class", "by_phone", "by_letter",
    )  # fmt: skip
    head = (_("Customer number"), _("Company"), _("Postcode"), _("Town"), "ABC", _("Phone allowed"), _("Letter allowed"))
    yes, no = _("yes"), _("no")
    audit.record("campaign.export", by=request.user, campaign=pk)
    texts = ([*row[:5], *(yes if flag else no for flag in row[5:])] for row in rows.iterator())
    return _book(_("Target group"), head, texts, f"{campaign.name}.xlsx")


@require_safe
@allow("campaign.see")
def result_export(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of it as a workbook: the page's own texts, margins and effect for those alone who may see margins."""
    campaign = get_object_or_404(Campaign, pk=pk)
    rows: list[Sequence[str | int]] = [(label, count) for label, count, _share in funnel_of(campaign.result)]
    result = campaign.result
    if result:
        rows += [(_("Revenue"), Decimal(str(result["revenue"]))), (_("Discounts given"), Decimal(result["discounts"]))]
        rows.append((_("Costs so far"), Decimal(result["costs"])))
    if allowed(request.user, "margin.see") and result:
        rows.append((_("Margin"), Decimal(str(result["margin"]))))
        if effect := effect_of(result):
            rows += [*effect.rows, (effect.verdict, effect.sentence)]
    audit.record("campaign.export", by=request.user, campaign=pk)
    return _book(_("Result"), (campaign.name, _("until %(day)s") % {"day": result.get("until", "")}), rows, f"{campaign.name}.xlsx")


@require_POST
@allow("campaign.write")
def letter_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Addresses and text for the mail merge, asked of the gate once more; who is in it is marked as written to.

    With `again` those too who were written to before.
    """
    campaign = get_object_or_404(Campaign, pk=pk, state__in=[Campaign.State.APPROVED, Campaign.State.RUNNING])
    head = (
        _("Customer number"),
        _("Company"),
        _("Contact"),
        _("Street"),
        _("Postcode"),
        _("Town"),
        _("Country"),
        _("Salutation"),
        _("Text"),
    )
    with transaction.atomic():
        rows, ids = _letters(request.user, campaign, again=bool(request.POST.get("again")))
        CampaignMember.objects.for_system("written to just now").filter(pk__in=ids).update(lettered_on=timezone.localdate())
        audit.record("campaign.letters", by=request.user, campaign=pk, letters=len(rows))
    return _book(_("Letters"), head, rows, _("%(name)s letters.xlsx") % {"name": campaign.name})


def _letters(user, campaign: Campaign, *, again: bool) -> tuple[list[Sequence[str]], list[int]]:
    members = CampaignMember.objects.visible_to(user).targeted().filter(campaign=campaign, by_letter=True)
    if not again:
        members = members.filter(lettered_on=None)
    found = dict(members.values_list("customer", "pk"))
    rows: list[Sequence[str]] = []
    written: list[int] = []
    customers = sorted(found)
    for start in range(0, len(customers), _BATCH):
        found_customers = Customer.objects.for_system(_WHY).filter(pk__in=customers[start : start + _BATCH])
        batch = list(found_customers.select_related("facts").order_by("sort_key"))
        answers = may_contact_many(batch, Channel.LETTER, Purpose.SALES, timezone.localdate())
        allowed_ones = [customer for customer in batch if answers[customer.pk].is_allowed]
        rows += _rows(campaign, allowed_ones)
        written += [found[customer.pk] for customer in allowed_ones]
    return rows, written


def _rows(campaign: Campaign, customers: Sequence[Customer]) -> Iterator[Sequence[str]]:
    blocks = ContactBlock.objects.for_system(_WHY).filter(contact=OuterRef("pk"), lifted_at=None, channel__in=["", Channel.LETTER])
    people: dict[int, Contact] = {}
    for contact in Contact.objects.for_system(_WHY).filter(customer__in=customers).exclude(Exists(blocks)).order_by("-pk"):
        people[contact.customer_id] = contact
    with override("de"):
        for customer in customers:
            contact = people.get(customer.pk)
            name = contact.addressed_name if contact else ""
            yield (
                customer.number, customer.name, name, customer.street, customer.postcode, customer.town, customer.country,
                salutation(contact), campaign.letter_text,
            )  # fmt: skip


def salutation(contact: Contact | None) -> str:
    """ "Sehr geehrte Frau Dr. Müller,", without a salutation "Guten Tag Kim Schmidt,", without a person to all."""
    if contact is None:
        return _("Dear Sir or Madam,")
    if contact.salutation:
        titled = {"ms": _("Dear Ms %(name)s,"), "mr": _("Dear Mr %(name)s,")}[contact.salutation]
        return titled % {"name": " ".join(filter(None, [contact.title, contact.last_name]))}
    return _("Good day %(name)s,") % {"name": contact.addressed_name}


def _book(title: str, head: Sequence[str], rows, name: str) -> HttpResponse:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "campaign.xlsx"
        write_table(target, title, head, rows)
        content = target.read_bytes()
    answer = HttpResponse(content, content_type=_XLSX)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer
