"""Words of the house by which customers are found again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.companies import Customer
from customers.querysets import CustomerLinkedQuerySet

TAG_LENGTH_MOST = 40


class Tag(models.Model):
    """A word as it was first typed; `key` is how it is compared. One that no customer bears is proposed to nobody."""

    name = models.CharField(max_length=TAG_LENGTH_MOST)
    key = models.CharField(max_length=2 * TAG_LENGTH_MOST, unique=True, editable=False)  # a folded ß is two letters

    def __str__(self) -> str:
        return self.name


class CustomerTag(models.Model):
    """A customer bears a tag."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="tags")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects = CustomerLinkedQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [models.UniqueConstraint(fields=["tag", "customer"], name="customer_tag_once")]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.tag_id}"
