from django.db import migrations, models

from nps.reasons import words_and_groups


def keep_groups(apps, schema_editor):
    """Answers that are there get the groups of their words; their figures are counted anew by the worker."""
    answers = apps.get_model("nps", "Response")._base_manager
    batch = []
    for answer in answers.exclude(reason="").only("pk", "reason").iterator(chunk_size=2_000):
        answer.reason_groups = words_and_groups(answer.reason)["reason_groups"]
        batch.append(answer)
        if len(batch) == 2_000:
            answers.bulk_update(batch, ["reason_groups"])
            batch = []
    answers.bulk_update(batch, ["reason_groups"])
    jobs = apps.get_model("base", "Job")._base_manager
    for pk in apps.get_model("nps", "SurveyWave")._base_manager.values_list("pk", flat=True):
        jobs.create(kind="nps_tally", target=str(pk), args={"wave": pk}, queue="default")


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0005_reminders"),
        ("nps", "0002_survey_waves"),
    ]

    operations = [
        migrations.AddField(
            model_name="response",
            name="invalid_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("test", "only a test"),
                    ("wrong_person", "given by somebody who was not asked"),
                    ("twice", "entered twice"),
                    ("mistyped", "mistyped when it was entered"),
                ],
                default="",
                max_length=12,
                verbose_name="does not count",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="response",
            name="reason_groups",
            field=models.CharField(default=" none ", max_length=100),
        ),
        migrations.AddField(model_name="wavetally", name="weight", field=models.FloatField(default=0)),
        migrations.AddField(model_name="wavetally", name="weight_squares", field=models.FloatField(default=0)),
        migrations.RunPython(keep_groups, migrations.RunPython.noop),
    ]
