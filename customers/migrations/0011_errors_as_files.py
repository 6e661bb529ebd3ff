from django.db import migrations, models


def delete_bad_rows(apps, schema_editor):
    apps.get_model("customers", "ImportRow").objects.filter(fate="bad").delete()


class Migration(migrations.Migration):
    dependencies = [("customers", "0010_staged_imports")]

    operations = [
        migrations.RunPython(delete_bad_rows, migrations.RunPython.noop),
        migrations.RemoveField(model_name="importrow", name="messages"),
        migrations.AlterField(model_name="importrow", name="data", field=models.JSONField(default=dict)),
        migrations.AlterField(
            model_name="importrow",
            name="fate",
            field=models.CharField(choices=[("new", "New"), ("changed", "Changed"), ("linked", "Linked"), ("same", "Same")], max_length=8),
        ),
    ]
