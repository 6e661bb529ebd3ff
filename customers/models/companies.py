"""Companies, their people, and the words by which they are found."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy as _, pgettext, pgettext_lazy

from customers.querysets import CustomerLinkedQuerySet, CustomerQuerySet
from innendienst.lib import phones


class AbcClass(models.TextChoices):
    A = "A"
    B = "B"
    C = "C"


class FieldWord(models.TextChoices):
    """What field sales says about calling one of its customers; who says nothing leaves it to inside sales."""

    MAY_CALL = "may_call", _("May be called")
    WAIT = "wait", _("Please wait")


_LISTED = Q(merged_into=None, is_inactive=False)
"""Whom lists show unless asked otherwise."""
_PRAISING = Q(praised_on__isnull=False)


class Customer(models.Model):
    """A company we deliver to or would like to. `number` is the ERP's, as typed; `number_key` is how it is compared.

    `field_word` is what field sales says about calling him; until `wait_until` it asks inside sales to wait. `praised_on` is the last
    day on which he said in a survey that shows names that he would recommend us; the surveys keep it (nps/praise.py), here, because
    lists look for it among the customers of one person.
    """

    class Lifecycle(models.TextChoices):
        LEAD = "lead", _("Lead")
        PROSPECT = "prospect", _("Prospect")
        NEW = "new", _("New")
        ACTIVE = "active", _("Active")
        DORMANT = "dormant", _("Dormant")
        LOST = "lost", pgettext_lazy("customer", "Lost")

    # Whether there are any: of survey invitations, follow-ups and one hand-over (`has_handover`) open ones, of the others also past
    # ones. A page that opens all day asks for all of them at once and reads only what is there; else nobody can rule them out.
    has_blocks = has_complaints = has_consents = has_needs = has_handover = has_handovers = has_invitation = True
    has_follow_up = has_ticked_follow_up = has_referral = has_tags = shares_number = True

    number = models.CharField(_("customer number"), max_length=40)
    number_key = models.CharField(max_length=40, unique=True, editable=False)
    name = models.CharField(_("company"), max_length=200)
    sort_key = models.CharField(max_length=120, db_index=True, editable=False)
    street = models.CharField(_("street"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    town = models.CharField(_("town"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=2, default="DE")
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    phone_e164 = models.CharField(max_length=20, blank=True, db_index=True, editable=False)
    phone_extension_digits = models.PositiveSmallIntegerField(default=0, editable=False)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    industry = models.CharField(_("industry"), max_length=80, blank=True)
    group_number = models.CharField(_("group number"), max_length=40, blank=True)
    lifecycle = models.CharField(_("state"), max_length=10, choices=Lifecycle.choices, default=Lifecycle.ACTIVE)
    customer_since = models.DateField(_("customer since"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), null=True, blank=True, on_delete=models.PROTECT, related_name="owned_customers"
    )
    field_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("field sales"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="field_customers",
    )
    delivery_block = models.BooleanField(_("delivery stopped"), default=False)
    dunning_level = models.PositiveSmallIntegerField(_("dunning level"), default=0)
    is_inactive = models.BooleanField(_("inactive"), default=False)
    wants_visit = models.BooleanField(
        _("wants a visit"), default=False, db_default=False, help_text=_("Field sales looks after him: he is on no phone list.")
    )
    field_word = models.CharField(max_length=10, choices=FieldWord.choices, blank=True, default="", db_default="", editable=False)
    wait_until = models.DateField(null=True, blank=True, editable=False)
    is_collective = models.BooleanField(
        _("collective account"), default=False, help_text=_("Many buyers under one number, like walk-in customers: never a reason to call.")
    )
    stated_revenue = models.DecimalField(_("revenue as stated"), max_digits=14, decimal_places=2, null=True, blank=True)
    stated_margin = models.DecimalField(_("margin as stated"), max_digits=14, decimal_places=2, null=True, blank=True)
    stated_revenue_before = models.DecimalField(
        _("revenue of the year before as stated"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    stated_last_order_on = models.DateField(_("last order as stated"), null=True, blank=True)
    stated_abc_class = models.CharField(_("ABC class as stated"), max_length=1, choices=AbcClass.choices, blank=True)
    declared_in = models.ForeignKey(
        "customers.ImportRun", null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    praised_on = models.DateField(null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_customers", editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        indexes = [
            models.Index(fields=["sort_key", "id"]),
            models.Index(fields=["sort_key", "id"], condition=_LISTED, name="customer_listed"),
            # Hits of the search are looked up one by one: whether they are listed, and under which name.
            models.Index(fields=["id"], include=["sort_key"], condition=_LISTED, name="customer_listed_of_hit"),
            models.Index(fields=["owner", "sort_key", "id"], condition=_LISTED, name="customer_listed_by_owner"),
            models.Index(fields=["postcode"]),
            models.Index(fields=["-praised_on", "-id"], condition=_PRAISING, name="customer_praising"),
            models.Index(fields=["owner", "-praised_on", "-id"], condition=_PRAISING, name="customer_praising_by_owner"),
            models.Index(fields=["field_owner", "-praised_on", "-id"], condition=_PRAISING, name="customer_praising_in_field"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("customers:detail", args=[self.pk])

    @property
    def phone_display(self) -> str:
        """The number as DIN 5008 writes it."""
        return phones.display(self.phone_e164, self.phone_extension_digits, self.phone)


class SearchToken(models.Model):
    """One folded word by which a customer is found (lib/folding.py). Kept, so without a constraint: an import writes dozens."""

    token = models.CharField(max_length=60)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="search_tokens", db_index=False, db_constraint=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "customer"], name="search_token_once")]
        # Has this customer the word? Asked of one after the other where a word has more hits than a page shows.
        indexes = [models.Index(fields=["customer", "token"], name="search_token_of_customer")]

    def __str__(self) -> str:
        return self.token


class Contact(models.Model):
    """A person at a customer. `match_key` finds the same person in the next import: the e-mail, else the folded name."""

    class Salutation(models.TextChoices):
        MS = "ms", _("Ms")
        MR = "mr", _("Mr")

    _SALUTATIONS = dict(Salutation.choices)

    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="contacts")
    salutation = models.CharField(_("salutation"), max_length=4, choices=Salutation.choices, blank=True)
    title = models.CharField(_("title"), max_length=40, blank=True)
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80)
    role = models.CharField(_("position"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    phone_e164 = models.CharField(max_length=20, blank=True, db_index=True, editable=False)
    phone_extension_digits = models.PositiveSmallIntegerField(default=0, editable=False)
    mobile = models.CharField(_("mobile"), max_length=60, blank=True)
    mobile_e164 = models.CharField(max_length=20, blank=True, editable=False)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=2, default="de")
    source = models.CharField(_("source of the data"), max_length=120, blank=True)
    mail_notice_on = models.DateField(
        _("e-mail got with a sale and notice on"),
        null=True,
        blank=True,
        help_text=_("§ 7(3) UWG: the address came with a sale, and the customer was told that he can object to advertising."),
    )
    mail_notice_proof = models.CharField(_("proof of the notice"), max_length=200, blank=True, default="", db_default="")
    match_key = models.CharField(max_length=254, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CustomerLinkedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.UniqueConstraint(fields=["customer", "match_key"], condition=~Q(match_key=""), name="contact_once_per_customer"),
            models.CheckConstraint(
                condition=Q(mail_notice_on=None) | ~Q(mail_notice_proof=""),
                name="contact_mail_notice_has_proof",
                violation_error_message=_("A notice without proof cannot be stored."),
            ),
        ]
        # Who bears a number or an address that somebody forbade: looked for among all people.
        indexes = [
            models.Index(fields=["mobile_e164"], condition=~Q(mobile_e164=""), name="contact_by_mobile"),
            models.Index(fields=["match_key"], condition=~Q(email=""), name="contact_by_mail"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, [self.title, self.first_name, self.last_name]))

    @property
    def addressed_name(self) -> str:
        """How a colleague is told whom to ask for: "Frau Dr. Weiß", without a salutation "Kim Schmidt"."""
        return self._addressed(str(self._SALUTATIONS.get(self.salutation, self.salutation)))

    @property
    def declined_name(self) -> str:
        """The same where a sentence declines it: "auf Empfehlung von Herrn Müller"."""
        is_mr = self.salutation == self.Salutation.MR
        return self._addressed(pgettext("address", "Mr")) if is_mr else self.addressed_name

    def _addressed(self, salutation: str) -> str:
        if not self.salutation:
            return self.full_name
        # German says both ("Frau Dr. Weiß"), English one of them ("Dr. Weiß").
        says_title_alone = self.title and get_language() == "en"
        named = self.title if says_title_alone else " ".join(filter(None, [salutation, self.title]))
        return f"{named} {self.last_name}"

    @property
    def phone_display(self) -> str:
        return phones.display(self.phone_e164, self.phone_extension_digits, self.phone)

    @property
    def mobile_display(self) -> str:
        return phones.display(self.mobile_e164, 0, self.mobile)
