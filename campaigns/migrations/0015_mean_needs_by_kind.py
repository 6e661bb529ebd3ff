from django.db import migrations, models


class Migration(migrations.Migration):
    """Means are learnt anew each night, so nothing is carried over."""

    dependencies = [
        ('campaigns', '0014_measure_origin'),
    ]

    operations = [
        migrations.DeleteModel(name='MeanNeed'),
        migrations.CreateModel(
            name='MeanNeed',
            fields=[
                ('kind', models.CharField(choices=[('again', 'Again'), ('new', 'New'), ('pair', 'Pair')], max_length=5, primary_key=True, serialize=False)),
                ('mean', models.DecimalField(decimal_places=5, max_digits=6)),
            ],
        ),
    ]
