"""Who works here.

A User has one role, which decides what he may do (permissions.py), and usually a Team; a team lead or sales lead is a
manager with a team. During an Absence a deputy looks after the absent colleague's customers and follow-ups.
"""

import datetime as dt

from django.contrib.auth.models import AbstractUser, UserManager as DjangoUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.states import STATES
from innendienst.lib import display


class Role(models.TextChoices):
    REP = "rep", _("Inside sales")
    FIELD_SALES = "field_sales", _("Field sales")
    MARKETING = "marketing", _("Marketing")
    MANAGER = "manager", _("Sales management")
    ADMIN = "admin", _("Administrator")


def full_name(first_name: str, last_name: str, username: str) -> str:
    """How a person is called everywhere; the user name while nobody has entered another."""
    return f"{first_name} {last_name}".strip() or username


class Team(models.Model):
    """Reps who work together; its state decides which days are public holidays."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    state = models.CharField(_("Bundesland"), max_length=2, blank=True, choices=STATES)

    class Meta:
        ordering = ["name"]
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return self.name


NEEDS_TEAM = _("Inside sales and field sales need a team.")


class UserQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def absent(self, today: dt.date):
        """Those whom a deputy stands in for today."""
        return self.filter(absences__from_on__lte=today, absences__until_on__gte=today)

    def deputised_by(self, user: "User", today: dt.date):
        """Those whom `user` stands in for today."""
        return self.filter(_is_absent_for(user, today))

    def followed_up_by(self, user: "User", today: dt.date):
        """Those whose follow-ups are `user`'s to do: whom he stands in for, and who left his team."""
        left = Q(is_active=False, team=user.team_id) if user.team_id else Q(pk=None)
        return self.filter(_is_absent_for(user, today) | left)


def _is_absent_for(deputy: "User", today: dt.date) -> Q:
    return Q(absences__deputy=deputy, absences__from_on__lte=today, absences__until_on__gte=today)


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):
    """Users are made with a role; Django's own flags follow from it."""

    def create_superuser(self, username, email=None, password=None, **fields):
        return self.create_user(username, email, password, **{**fields, "role": Role.ADMIN})

    def create_user(self, username, email=None, password=None, **fields):
        user = self.model(username=self.model.normalize_username(username), email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractUser):
    """A person who signs in. The role alone decides; there are no groups and no single permissions."""

    groups = None
    user_permissions = None

    email = models.EmailField(_("email address"))
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.REP)
    team = models.ForeignKey(Team, verbose_name=_("team"), null=True, blank=True, on_delete=models.PROTECT, related_name="members")
    phone_extension = models.CharField(_("phone extension"), max_length=10, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=[("de", "Deutsch"), ("en", "English")], default="de")
    daily_list_length = models.PositiveSmallIntegerField(_("customers per day"), default=15)
    wants_digest = models.BooleanField(_("morning mail"), default=True)

    objects = UserManager()

    class Meta:
        ordering = ["last_name", "first_name", "username"]
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(
                Lower("username"), name="user_username_caseless", violation_error_message=_("This user name is taken.")
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="user_email_caseless",
                violation_error_message=_("Another user has this e-mail address."),
            ),
            models.CheckConstraint(
                condition=Q(team__isnull=False) | Q(role__in=[Role.MARKETING, Role.MANAGER, Role.ADMIN]) | Q(is_active=False),
                name="user_rep_has_team",
                violation_error_message=NEEDS_TEAM,
            ),
        ]

    @property
    def is_staff(self) -> bool:
        return self.role == Role.ADMIN

    @property
    def is_superuser(self) -> bool:
        return self.role == Role.ADMIN

    @property
    def full_name(self) -> str:
        return full_name(self.first_name, self.last_name, self.username)

    def __str__(self) -> str:
        return self.full_name

    def has_perm(self, perm, obj=None) -> bool:
        return self.is_active and self.is_superuser

    def has_perms(self, perm_list, obj=None) -> bool:
        return self.is_active and self.is_superuser

    def has_module_perms(self, app_label) -> bool:
        return self.is_active and self.is_superuser


class AccessToken(models.Model):
    """A secret address by which a program reads for one person what he may see; only its hash is kept. One per person and purpose."""

    class Purpose(models.TextChoices):
        CALENDAR = "calendar", _("Calendar")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "purpose"], name="access_token_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.purpose}"


class Absence(models.Model):
    """Days on which a deputy looks after a colleague's customers."""

    user = models.ForeignKey(User, verbose_name=_("absent"), on_delete=models.CASCADE, related_name="absences")
    deputy = models.ForeignKey(User, verbose_name=_("deputy"), on_delete=models.PROTECT, related_name="deputyships")
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))

    class Meta:
        ordering = ["from_on"]
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")),
                name="absence_ends_after_start",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=~Q(user=F("deputy")), name="absence_deputy_is_another", violation_error_message=_("Nobody is his own deputy.")
            ),
        ]
        indexes = [models.Index(fields=["deputy", "from_on", "until_on"])]

    def __str__(self) -> str:
        return f"{self.user} {display.date(self.from_on)}–{display.date(self.until_on)}"
