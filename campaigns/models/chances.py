"""What past calls and all order lines together teach."""

from django.db import models

from campaigns.models.kinds import Kind
from customers.models import Customer, Product
from customers.models.companies import AbcClass
from customers.querysets import CustomerLinkedQuerySet


class WinRate(models.Model):
    """How often a kind of reason was won with customers of an ABC class; counted by the nightly recompute."""

    kind = models.CharField(max_length=12, choices=Kind.choices)
    abc_class = models.CharField(max_length=1, choices=AbcClass.choices)
    wins_count = models.PositiveIntegerField()
    closed_count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "abc_class"], name="win_rate_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.abc_class} {self.wins_count}/{self.closed_count}"


class LearnedNeed(models.Model):
    """How likely a customer is to buy a product within the next 30 days, learnt at night from the order lines of all.

    `because` is null for what he bought before. For a product new to him it is what he has that speaks most for it: of its
    `owners_count` buyers `together_count` have both, `lift` times as many as among all customers.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    need = models.DecimalField(max_digits=6, decimal_places=5)
    because = models.ForeignKey(Product, null=True, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    together_count = models.PositiveIntegerField(null=True)
    owners_count = models.PositiveIntegerField(null=True)
    lift = models.DecimalField(max_digits=8, decimal_places=2, null=True)

    objects = CustomerLinkedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "product"], name="learned_need_once")]

    def __str__(self) -> str:
        return f"{self.customer_id} × {self.product_id} {self.need}"


class MeanNeed(models.Model):
    """The mean of the learned needs: of what was bought before, of what would be new, and of what a pair speaks for among that."""

    class Kind(models.TextChoices):
        AGAIN = "again"
        NEW = "new"
        PAIR = "pair"

    kind = models.CharField(max_length=5, primary_key=True, choices=Kind)
    mean = models.DecimalField(max_digits=6, decimal_places=5)

    def __str__(self) -> str:
        return f"{self.kind} {self.mean}"
