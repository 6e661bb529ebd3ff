"""Kept tables: what order lines say, ready to be read. Recomputed as a whole, never adjusted.

All of them are functions of the order lines and a date; `customers/purchases.py` and `customers/facts.py` write them. The two
large ones carry no foreign key in the database: they repeat what the lines' own keys hold, and checking each row a second time
took a third of a recompute.
"""

from django.db import models
from django.db.models import F

from customers.models.companies import AbcClass, Customer
from customers.models.products import Product
from customers.querysets import CustomerLinkedQuerySet, day_or_never


class Touched(models.Model):
    """A customer whose kept rows are out of date, and which part of the recompute comes next for him."""

    class Stage(models.IntegerChoices):
        PURCHASES = 1
        REASONS = 2

    customer = models.OneToOneField(Customer, primary_key=True, on_delete=models.CASCADE, related_name="+")
    stage = models.PositiveSmallIntegerField(choices=Stage.choices, default=Stage.PURCHASES)
    touched_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(fields=["stage", "customer"])]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.get_stage_display()}"


class DataState(models.Model):
    """One row: the date of the youngest order line that counts and when an order list last came in ("Datenstand")."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    last_order_on = models.DateField(null=True)
    loaded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="data_state_is_one_row")]

    def __str__(self) -> str:
        return str(self.last_order_on)


class PurchaseMonth(models.Model):
    """Sums of one customer × product × calendar month, returns and credits deducted, cancelled lines left out."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="purchase_months", db_index=False, db_constraint=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    month = models.DateField()
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    revenue_net = models.DecimalField(max_digits=14, decimal_places=2)
    contribution_margin = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    lines_count = models.PositiveIntegerField()

    objects = CustomerLinkedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "product", "month"], name="purchase_month_once")]

    def __str__(self) -> str:
        return f"{self.customer_id} × {self.product_id} {self.month:%Y-%m}"


class PurchaseRhythm(models.Model):
    """How one customer buys one product: days, usual gap and usual amount (customers/rhythm.py says how they are found)."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="purchase_rhythms", db_index=False, db_constraint=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    first_on = models.DateField()
    last_on = models.DateField()
    order_days = models.PositiveIntegerField()
    recent_on = models.JSONField()
    median_gap_days = models.DecimalField(max_digits=7, decimal_places=1, null=True)
    usual_quantity = models.DecimalField(max_digits=12, decimal_places=3)
    last_quantity = models.DecimalField(max_digits=12, decimal_places=3)
    usual_revenue = models.DecimalField(max_digits=14, decimal_places=2)
    usual_margin = models.DecimalField(max_digits=14, decimal_places=2, null=True)

    objects = CustomerLinkedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "product"], name="purchase_rhythm_once")]
        indexes = [models.Index(fields=["product", "customer"])]

    def __str__(self) -> str:
        return f"{self.customer_id} × {self.product_id}"


class ProductDemand(models.Model):
    """What a product usually brings per buyer and order day: the comparable order for those who never bought it."""

    product = models.OneToOneField(Product, primary_key=True, on_delete=models.CASCADE, related_name="demand")
    buyers_count = models.PositiveIntegerField()
    usual_quantity = models.DecimalField(max_digits=12, decimal_places=3)
    usual_revenue = models.DecimalField(max_digits=14, decimal_places=2)
    usual_margin = models.DecimalField(max_digits=14, decimal_places=2, null=True)

    def __str__(self) -> str:
        return f"{self.product_id}: {self.buyers_count}"


class IndustrySum(models.Model):
    """How many customers an industry has and what they bought in twelve months. Counted over all by each full recompute."""

    industry = models.CharField(primary_key=True, max_length=80)
    customers_count = models.PositiveIntegerField()
    revenue_12m = models.DecimalField(max_digits=14, decimal_places=2)

    def __str__(self) -> str:
        return f"{self.industry}: {self.customers_count}"


class ScoreScale(models.Model):
    """Where a value of one measure stands among those of all customers: `points` are rows [value, share], lowest first.

    The share is that of the customers below plus half of those who are equal. Found by each full recompute; a customer who is
    refreshed in between is read off the last ones.
    """

    measure = models.CharField(primary_key=True, max_length=12)
    points = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.measure


class CustomerFacts(models.Model):
    """What a list or a card says about a customer in one row. Dates and counts, never ages.

    The twelve months end with the day before `before`. `usual_*` is what one of his order days brings, `median_gap_days` the
    usual time between two. ABC class and scores (customers/scoring.py) are read off the scales of the last full recompute:
    grades 1 to 5, `customer_value` 0 to 100 with its parts 0 to 1 (null: not known), and since which day they are so.
    `last_contact_on` and `open_complaints_count` are kept by the services that change them and by each refresh.
    """

    customer = models.OneToOneField(Customer, primary_key=True, on_delete=models.CASCADE, related_name="facts")
    revenue_12m = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    margin_12m = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    revenue_before = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    margin_before = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    orders_12m_count = models.PositiveIntegerField(default=0)
    first_order_on = models.DateField(null=True)
    last_order_on = models.DateField(null=True)
    last_contact_on = models.DateField(null=True)
    open_complaints_count = models.PositiveSmallIntegerField(default=0)
    median_gap_days = models.DecimalField(max_digits=7, decimal_places=1, null=True)
    usual_revenue = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    usual_margin = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    abc_class = models.CharField(max_length=1, choices=AbcClass.choices, default=AbcClass.C)
    recency_grade = models.PositiveSmallIntegerField(default=1)
    frequency_grade = models.PositiveSmallIntegerField(default=1)
    money_grade = models.PositiveSmallIntegerField(default=1)
    customer_value = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    value_parts = models.JSONField(default=dict)
    churn_band = models.CharField(max_length=10, blank=True)
    scored_on = models.DateField(null=True)
    is_stated = models.BooleanField(default=False)

    objects = CustomerLinkedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(F("revenue_12m").desc(), F("customer").desc(), name="facts_by_revenue"),
            models.Index(day_or_never("last_order_on").desc(), F("customer").desc(), name="facts_by_last_order"),
            models.Index(day_or_never("last_contact_on").desc(), F("customer").desc(), name="facts_by_last_contact"),
        ]

    def __str__(self) -> str:
        return str(self.customer_id)
