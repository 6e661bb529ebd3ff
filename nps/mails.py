"""What an invitation says: as a mail, as its reminder, as a test for oneself, and as a letter. Texts are made when they are needed."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, gettext as _

from customers.models import Contact, Message
from customers.outbox import Mail
from customers.person_mails import company_name, greeting, sender, stop_headers
from nps import tokens
from nps.invitations import REMINDER, is_asked_elsewhere
from nps.models import Invitation, SurveyWave

TEST = "survey_test"
_SAMPLE_TOKEN = "a" * tokens.LENGTH
"""Where the links of a preview lead: to the page for unknown links."""


@dataclass(frozen=True)
class Words:
    """One invitation in one language. `ratings` are links that preselect a number and store nothing."""

    subject: str
    greeting: str
    question: str
    address: str
    stop_address: str
    wave: SurveyWave
    is_reminder: bool = False

    @property
    def company(self) -> str:
        return company_name()

    @property
    def sender(self) -> str:
        """Name and postal address, as every advertising mail must bear them."""
        return sender()

    @property
    def text(self) -> str:
        return render_to_string("emails/survey_invitation.txt", {"words": self}).strip() + "\n"


def words_for(wave: SurveyWave, contact: Contact | None, token: str, *, is_reminder: bool = False) -> Words:
    """The invitation of this person in the active language."""
    subject = _("Reminder: your opinion of %(company)s") if is_reminder else _("Your opinion of %(company)s")
    return Words(
        subject=subject % {"company": company_name()},
        greeting=greeting(contact),
        question=wave.question(get_language() or "de"),
        address=tokens.address(token),
        stop_address=tokens.stop_address(token),
        wave=wave,
        is_reminder=is_reminder,
    )


def render(message: Message) -> Mail | None:
    """The mail of an invitation or its reminder; None once it was answered, the survey closed, the person objected, or another
    survey asked him first.
    """
    found = Invitation.objects.for_system("a mail is written for whom it was queued").select_related("wave", "contact")
    invitation = found.filter(pk=message.facts["invitation"]).first()
    if invitation is None or not invitation.wave.is_open or invitation.state not in Invitation.WAITING:
        return None
    if message.kind != REMINDER and is_asked_elsewhere(invitation):
        return None
    token = tokens.make(invitation.nonce)
    words = words_for(invitation.wave, invitation.contact, token, is_reminder=message.kind == REMINDER)
    return Mail(words.subject, words.text, headers=stop_headers(words.stop_address))


def render_test(message: Message) -> Mail | None:
    """The same mail to oneself; None when the survey is gone."""
    wave = SurveyWave.objects.filter(pk=message.facts["wave"]).first()
    if wave is None:
        return None
    words = preview(wave)
    return Mail(_("Test: %(subject)s") % {"subject": words.subject}, words.text)


def preview(wave: SurveyWave) -> Words:
    """As a person without name would get it; its links lead nowhere."""
    return words_for(wave, None, _SAMPLE_TOKEN)


def test_key(wave: SurveyWave, user_id: int) -> str:
    """Each test is a mail of its own, one a second at most."""
    return f"{TEST}:{wave.pk}:{user_id}:{timezone.now():%Y%m%d%H%M%S}"
