import datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0002_moments"),
    ]

    operations = [
        migrations.AddField(
            model_name="referencemoment",
            name="opens_on",
            field=models.DateField(default=datetime.date(2026, 1, 1)),
            preserve_default=False,
        ),
    ]
