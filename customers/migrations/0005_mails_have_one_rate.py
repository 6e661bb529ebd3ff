"""Hours and rate of mails belong to all that leaves for customers, not to surveys alone; what somebody chose stays chosen."""

from django.db import migrations

_KEYS = ["mails_per_hour", "sends_from", "sends_until"]


def _move(from_section: str, to_section: str):
    def move(apps, schema_editor) -> None:
        apps.get_model("base", "Preference").objects.filter(section=from_section, key__in=_KEYS).update(section=to_section)

    return move


class Migration(migrations.Migration):
    dependencies = [("base", "0001_initial"), ("customers", "0004_praise_and_industries")]
    operations = [migrations.RunPython(_move("nps", "customers"), _move("customers", "nps"))]
