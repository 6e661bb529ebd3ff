import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0018_scores'),
    ]

    operations = [
        migrations.CreateModel(
            name='PriceStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_quantity', models.DecimalField(decimal_places=3, max_digits=12, verbose_name='from quantity')),
                ('price', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='price')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='price_steps', to='customers.product', verbose_name='product')),
            ],
            options={
                'verbose_name': 'price step',
                'verbose_name_plural': 'price steps',
                'ordering': ['product', 'from_quantity'],
                'constraints': [models.UniqueConstraint(fields=('product', 'from_quantity'), name='price_step_once')],
            },
        ),
    ]
