"""Make the first account of an empty installation and print its password once."""

import secrets

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Role, User


class Command(BaseCommand):
    help = "Makes the first administrator and prints a random password, once; refuses when there is one already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", default="admin")
        parser.add_argument("--email", default="", help="where a password reset goes")

    @transaction.atomic
    def handle(self, *, username: str, email: str, **_options) -> None:
        if User.objects.filter(role=Role.ADMIN).exists():
            raise CommandError(_("There is an administrator already. A lost password: manage.py changepassword NAME"))
        password = secrets.token_urlsafe(12)
        try:
            User(username=username, email=email, password=password, role=Role.ADMIN).full_clean(exclude=["email"] if not email else None)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        User.objects.create_user(username, email, password, role=Role.ADMIN)
        self.stdout.write(_("User name: %(username)s") % {"username": username})
        self.stdout.write(_("Password (shown only now): %(password)s") % {"password": password})
