from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        from customers.sql import know_common_words  # noqa: PLC0415 - the models are there only now

        post_migrate.connect(know_common_words, sender=self)
