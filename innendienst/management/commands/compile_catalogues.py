"""Compile the translations in Python: a bare machine has no msgfmt."""

import os

import polib
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compile every django.po below LOCALE_PATHS whose .mo is missing or older."
    requires_system_checks = ()

    def handle(self, **options) -> None:
        for folder in settings.LOCALE_PATHS:
            for source in sorted(folder.glob("*/LC_MESSAGES/django.po")):
                compiled = source.with_suffix(".mo")
                if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
                    half_written = compiled.with_suffix(f".{os.getpid()}")
                    polib.pofile(str(source)).save_as_mofile(str(half_written))
                    half_written.replace(compiled)
