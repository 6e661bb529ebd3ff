"""The forms of django-allauth as this product shows them: labels instead of placeholders, sessions with a fixed end."""

import datetime as dt

from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class WithoutPlaceholders:
    """A placeholder that repeats the label says nothing and vanishes on typing."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class SignInForm(WithoutPlaceholders, LoginForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name or e-mail")
        self.fields["login"].widget.attrs.update(autocomplete="username", autocapitalize="none", autofocus=True)
        self.fields["password"].help_text = ""

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Sign in; the session ends so many hours from now, whatever is done in it."""
        response = super().login(request, redirect_url)
        request.session.set_expiry(timezone.now() + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE))
        return response


class PasswordChangeForm(WithoutPlaceholders, ChangePasswordForm):
    pass


class PasswordResetForm(WithoutPlaceholders, ResetPasswordForm):
    pass


class NewPasswordForm(WithoutPlaceholders, ResetPasswordKeyForm):
    pass
