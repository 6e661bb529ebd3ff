"""Letters of a campaign: through the gate, with subject and closing, and none without a text."""

import io

import openpyxl
import pytest
from django.urls import reverse

from campaigns.special.models import Campaign, CampaignMember
from customers.models import ContactBlock
from tests.campaigns.special.scenes import TODAY, approve, make_campaign, make_members
from tests.reading import text

pytestmark = pytest.mark.django_db


def test_a_letter_asks_the_gate_once_more(client, mia, carla, anna):
    members = make_members(3, anna)
    campaign = make_campaign(mia, share="0", letter_text="der Herbst ist da")
    approve(campaign, mia, carla)
    ContactBlock.objects.create(customer=members[0], channel="letter", kind="objection", set_on=TODAY())
    client.force_login(mia)
    sheet = openpyxl.load_workbook(io.BytesIO(client.post(reverse("campaigns:letters", args=[campaign.pk])).content)).active
    assert {row[0].value for row in sheet.iter_rows(min_row=2)} == {member.number for member in members[1:]}


def test_a_printed_letter_has_its_subject_and_takes_its_leave_once(client, mia, carla, anna):
    make_members(1, anna)
    campaign = make_campaign(mia, share="0", letter_text="der Herbst ist da", mail_subject="Reiniger zum Herbstpreis")
    approve(campaign, mia, carla)
    client.force_login(mia)
    sheet = openpyxl.load_workbook(io.BytesIO(client.post(reverse("campaigns:letters", args=[campaign.pk])).content)).active
    assert [cell.value for cell in sheet[2]][-4:] == [
        "Reiniger zum Herbstpreis", "Sehr geehrte Damen und Herren,", "der Herbst ist da", "Mit freundlichen Grüßen",
    ]  # fmt: skip
    url = f"{reverse('campaigns:letter_print', args=[campaign.pk])}"
    page = client.get(url)
    assert page.content.decode().count('<article class="letter" lang="de"') == 1  # a sheet after DIN 5008
    letter = text(page)
    assert "Reiniger zum Herbstpreis Sehr geehrte Damen und Herren, der Herbst ist da Mit freundlichen Grüßen Mia Wolf" in letter
    Campaign.objects.update(letter_text="der Herbst ist da\n\nMit freundlichen Grüßen\nIhr Team", mail_subject="")
    letter = text(client.get(url))
    assert letter.count("Mit freundlichen Grüßen") == 1
    assert "Diese Briefe haben keinen Betreff." in letter


def test_without_a_text_nobody_is_written_to(client, mia, carla, anna):
    make_members(2, anna)
    campaign = make_campaign(mia, share="0")
    approve(campaign, mia, carla)
    client.force_login(mia)
    page = client.post(reverse("campaigns:letters", args=[campaign.pk]), {"as": "print"}, follow=True)
    assert "Im Konzept steht kein Text für den Brief; niemand wurde angeschrieben." in text(page)
    assert not CampaignMember.objects.for_system("test").exclude(lettered_on=None).exists()
