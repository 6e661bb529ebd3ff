"""What a person or company allowed us, and what they forbade. Blocks win over everything."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.companies import Contact, Customer
from customers.querysets import CustomerLinkedQuerySet


class Channel(models.TextChoices):
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    LETTER = "letter", _("Letter")


class ContactBlock(models.Model):
    """A company (or one person in it) that must not be contacted, by one channel or by any (empty channel)."""

    class Kind(models.TextChoices):
        BLOCK = "block", _("Do not contact")
        OBJECTION = "objection", _("Objection to advertising")

    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="blocks")
    contact = models.ForeignKey(Contact, verbose_name=_("contact"), null=True, blank=True, on_delete=models.PROTECT, related_name="blocks")
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.BLOCK)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    set_on = models.DateField(_("since"))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    activity = models.ForeignKey("customers.Activity", null=True, blank=True, on_delete=models.PROTECT, related_name="blocks")
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    carried_from = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.CASCADE, related_name="copies",
        verbose_name=_("said under another customer number"),
    )  # fmt: skip

    objects = CustomerLinkedQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact block")
        verbose_name_plural = _("contact blocks")
        indexes = [models.Index(fields=["customer"], condition=Q(lifted_at=None), name="contact_block_standing")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.get_channel_display()}".strip()


class BlockedReach(models.Model):
    """A keyed hash of the number or address of somebody whose data are gone: whoever bears it again is blocked as he was."""

    block = models.ForeignKey(ContactBlock, on_delete=models.CASCADE, related_name="reaches")
    reach = models.CharField(max_length=32, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["block", "reach"], name="blocked_reach_once")]

    def __str__(self) -> str:
        return self.reach


class Consent(models.Model):
    """What a person agreed to, in which words, with which proof."""

    contact = models.ForeignKey(Contact, verbose_name=_("contact"), on_delete=models.PROTECT, related_name="consents")
    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="consents")
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    text_version = models.CharField(_("version of the text"), max_length=40)
    proof = models.CharField(_("proof"), max_length=300)
    granted_at = models.DateTimeField(_("granted"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = CustomerLinkedQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.CheckConstraint(
                condition=~Q(proof=""), name="consent_has_proof", violation_error_message=_("A consent without proof cannot be stored.")
            )
        ]

    def __str__(self) -> str:
        return f"{self.contact} {self.get_channel_display()}"
