"""Nobody meets the control group on any way out of a campaign: pages, lists, files, letters, mails. New addresses are looked at too."""

import io
import re
from collections.abc import Iterator

import openpyxl
import pytest
from django.core import mail
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from campaigns.models import CallListRow, Opportunity
from campaigns.special import mailing
from campaigns.special.models import CampaignMember
from customers.models import Activity, Customer, Message
from innendienst.base import jobs, preferences
from innendienst.base.preferences import CompanyPreferences
from tests import factories
from tests.campaigns.special.scenes import agree_to_mails, approve, make_campaign, make_members, refresh
from tests.nps.scenes import run_jobs

pytestmark = pytest.mark.django_db
KNOWN_ANYWAY = {"customers:list", "customers:export"}
"""Everybody's customers, whatever is planned for them."""
_SIGNED_OUT_BY = "account_logout"
_NUMBER = re.compile(r"K\d{5}")


def addresses(campaign_pk: int) -> Iterator[str]:
    """Every address that needs no id, and every one of this campaign."""
    for name in _names(get_resolver().url_patterns, ""):
        if name in {*KNOWN_ANYWAY, _SIGNED_OUT_BY} or name.startswith("admin:"):
            continue
        for arguments in ([], [campaign_pk]) if name.startswith("campaigns:") else ([],):
            try:
                yield reverse(name, args=arguments)
            except NoReverseMatch:
                continue
    yield reverse("opportunities:list") + "?kind=campaign"
    yield reverse("opportunities:export") + "?kind=campaign"
    yield reverse("customers:list") + "?reason=campaign"
    yield reverse("campaigns:letter_print", args=[campaign_pk])


def _names(patterns, namespace: str) -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _names(one.url_patterns, f"{namespace}{one.namespace}:" if one.namespace else namespace)
        elif isinstance(one, URLPattern) and one.name:
            yield f"{namespace}{one.name}"


def text_of(answer) -> str:
    if "spreadsheet" in answer.headers.get("Content-Type", ""):
        sheets = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets
        return "\n".join(str(one.value) for sheet in sheets for row in sheet.iter_rows() for one in row)
    return answer.content.decode(errors="replace")


@pytest.mark.one_database
def test_the_control_group_is_met_on_no_way(client, mia, carla, anna, dieter):
    preferences.put(CompanyPreferences, by=dieter, name="Reinwerk GmbH", postal_address="Wischgasse 7, 01067 Dresden")
    for customer in make_members(100, anna):
        agree_to_mails(factories.make_contact(customer, email=f"kauf@{customer.number}.example"))
    campaign = make_campaign(mia, letter_text="bis Ende des Monats", mail_subject="Herbst bei Reinwerk")
    approve(campaign, mia, carla)
    refresh()
    members = CampaignMember.objects.for_system("test").filter(campaign=campaign).values_list("customer", "customer__number", "part")
    control = {pk: number for pk, number, part in members if part == "control"}
    target = {number for _pk, number, part in members if part == "target"}
    assert len(control) in {9, 10}  # a tenth of each class, rounded
    assert not control.keys() & set(Opportunity.objects.for_system("test").values_list("customer", flat=True))
    assert not control.keys() & set(CallListRow.objects.for_system("test").values_list("customer", flat=True))
    jobs.run(jobs.request("morning").pk)

    met: dict[str, set[str]] = {}
    client.force_login(mia)
    client.post(reverse("campaigns:mails", args=[campaign.pk]))
    run_jobs(mailing.SEND)
    Message.objects.update(not_before=None)  # as if all working hours were over
    jobs.run(jobs.request("send_mail").pk)
    met["mails"] = numbers_in("\n".join(f"{one.to} {one.subject}\n{one.body}" for one in mail.outbox))
    Activity.objects.for_system("test").delete()  # as if the pause after a mail were over: here one way does not close the others
    for user in (carla, anna, mia):
        client.force_login(user)
        for kind in ("xlsx", "csv", "print"):
            answer = client.post(reverse("campaigns:letters", args=[campaign.pk]), {"as": kind, "again": "1"}, follow=True)
            met[f"letters as {kind} by {user.username}"] = numbers_in(text_of(answer))
        list_url = reverse("campaigns:mail_list", args=[campaign.pk])
        met[f"addresses by {user.username}"] = numbers_in(text_of(client.post(list_url, follow=True)))
        for url in addresses(campaign.pk) if user != mia else ():  # what she may see the management sees too
            answer = client.get(url)
            if answer.status_code == 200:
                met[f"{url} for {user.username}"] = numbers_in(text_of(answer))
    assert {way: found & set(control.values()) for way, found in met.items() if found & set(control.values())} == {}
    assert target <= met["letters as csv by mia"]  # the search finds numbers where there are some
    assert met["/ for anna"] & target
    assert met["addresses by mia"] == target
    assert met["mails"] == target

    client.force_login(anna)
    page = client.get(reverse("customers:detail", args=[next(iter(control))])).content.decode()
    assert campaign.name not in page


def numbers_in(text: str) -> set[str]:
    return set(_NUMBER.findall(text))


def test_a_proposed_share_follows_the_filter_and_a_chosen_one_stays(client, mia, anna, monkeypatch):
    monkeypatch.setattr("campaigns.special.effect.PROPOSED_FROM", 100)
    make_members(120, anna)  # forty in each class
    campaign = make_campaign(mia, share="0")
    client.force_login(mia)
    url = reverse("campaigns:target", args=[campaign.pk])
    for filters, chosen, kept, shown in (
        ({"abc": ["B"]}, "", 0, None),
        ({}, "", 10, None),
        ({"abc": ["B"]}, "5", 5, "5"),
        ({}, "5", 5, "5"),
    ):
        campaign.refresh_from_db()
        client.post(url, {"version": campaign.version, "control": chosen, **filters})
        campaign.refresh_from_db()
        selected = re.search(
            r'<option value="(\d+)" selected', client.get(url).content.decode().split('id="control"')[1].split("</select>")[0]
        )
        assert (campaign.control_share * 100, selected and selected[1]) == (kept, shown)


def test_customers_whom_one_call_would_reach_are_on_one_side(mia, carla, anna):
    members = make_members(100, anna)
    number, mobile, box = (list(zip(members[start::6], members[start + 3 :: 6], strict=False)) for start in range(3))
    for one, other in number:
        Customer.objects.for_system("test").filter(pk=other.pk).update(phone_e164=one.phone_e164)
    for index, pair in enumerate(mobile):
        for customer in pair:
            factories.make_contact(customer, mobile_e164=f"+4917012{index:05d}")
    for index, pair in enumerate(box):
        for customer, email in zip(pair, (f"Kauf{index}@kunde.example", f"kauf{index}@kunde.example"), strict=True):
            factories.make_contact(customer, email=email)
    campaign = make_campaign(mia, share="0.5")
    approve(campaign, mia, carla)
    part = dict(CampaignMember.objects.for_system("test").values_list("customer", "part"))
    pairs = [*number, *mobile, *box]
    assert len(pairs) > 40
    assert set(part.values()) == {"control", "target"}
    assert [pair for pair in pairs if part[pair[0].pk] != part[pair[1].pk]] == []
