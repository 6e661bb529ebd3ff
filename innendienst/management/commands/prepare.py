"""Bring an installation up to date before it starts: database, static files, and what a first start needs."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from accounts.models import User
from innendienst.base import bell
from innendienst.demo import sign_in


class Command(BaseCommand):
    help = "Migrate the database and collect the static files; fill an empty database where asked to."

    def add_arguments(self, parser: CommandParser) -> None:
        first = parser.add_mutually_exclusive_group()
        first.add_argument("--demo", action="store_true", help="load the demo company into an empty database")
        first.add_argument("--first-admin", action="store_true", help="make a first administrator in an empty database")

    def handle(self, *, demo: bool, first_admin: bool, **options) -> None:
        settings.VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # the database and uploads are nobody else's business
        bell.keep_silent()
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        if User.objects.exists():
            self.stdout.write(sign_in.kept())
        elif demo:
            call_command("load_demo", stdout=self.stdout)
        elif first_admin:
            call_command("first_admin", stdout=self.stdout)
