"""How django-allauth behaves here: accounts are made by an admin, never by signing up; its messages in our words."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.models import User

# The same sentence whether the account exists or not.
_NO_MATCH = _("Not signed in: name and password do not match. Check both, or set a new password below.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _NO_MATCH,
        "email_password_mismatch": _NO_MATCH,
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your current password."),
        "rate_limited": _("Too many attempts in a short time. Wait some minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_settings")

    def send_password_reset_mail(self, user: User, email: str, context: dict) -> None:
        """The mail speaks its reader's language, whichever browser asked for it."""
        with translation.override(user.language):
            super().send_password_reset_mail(user, email, context)

    def format_email_subject(self, subject: str) -> str:
        return subject
