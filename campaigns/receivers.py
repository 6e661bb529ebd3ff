"""What the reasons to call hear from the apps below."""

from collections.abc import Collection

from django.db.models import Q
from django.dispatch import receiver

from accounts.models import User
from campaigns import handovers
from campaigns.models import Opportunity
from customers.models import Handover
from customers.signals import handover_changed, import_undone
from customers.touched import touch

_WHY = "suggestions go with the rows they are about"


@receiver(import_undone)
def drop_suggestions(sender, customer_ids: Collection[int], product_ids: Collection[int], **_rest) -> None:
    """Suggestions about rows that go are deleted; the customers who stay are looked at anew."""
    about = Q(customer__in=customer_ids) | Q(items__product__in=product_ids)
    found = dict(Opportunity.objects.for_system(_WHY).filter(about, Opportunity.COMPUTED).values_list("pk", "customer"))
    Opportunity.objects.for_system(_WHY).filter(pk__in=list(found)).delete()
    touch(set(found.values()) - set(customer_ids))


@receiver(handover_changed)
def move_along(sender, handover: Handover, actor: User | None, to_state: str, **_rest) -> None:
    """What was handed over with a customer goes with him."""
    handovers.follow(handover, actor, to_state)
