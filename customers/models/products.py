"""What we sell, and which product leads to which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProductGroup(models.Model):
    """A group of goods. `assumed_cm_ratio` ranks a reason when the cost of its product is unknown."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    assumed_cm_ratio = models.DecimalField(_("assumed margin ratio"), max_digits=6, decimal_places=5, default="0.30")

    class Meta:
        ordering = ["name"]
        verbose_name = _("product group")
        verbose_name_plural = _("product groups")

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """An article of the ERP. Prices are net euros per unit; an unknown cost is null, never 0."""

    class Kind(models.TextChoices):
        DEVICE = "device", _("Device")
        ACCESSORY = "accessory", _("Accessory")
        CONSUMABLE = "consumable", _("Consumable")
        SERVICE = "service", _("Service")

    sku = models.CharField(_("article number"), max_length=40)
    sku_key = models.CharField(max_length=40, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    group = models.ForeignKey(
        ProductGroup, verbose_name=_("group"), null=True, blank=True, on_delete=models.PROTECT, related_name="products"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.CONSUMABLE)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=2, null=True, blank=True)
    cost = models.DecimalField(_("cost"), max_digits=14, decimal_places=2, null=True, blank=True)
    discontinued_on = models.DateField(_("discontinued on"), null=True, blank=True)
    last_order_on = models.DateField(_("last order until"), null=True, blank=True)
    stock = models.DecimalField(_("stock"), max_digits=12, decimal_places=3, null=True, blank=True)
    warranty_months = models.PositiveSmallIntegerField(_("warranty (months)"), null=True, blank=True)
    term_months = models.PositiveSmallIntegerField(_("term (months)"), null=True, blank=True)
    needs_demo = models.BooleanField(_("needs a demonstration"), default=False)
    not_offered = models.BooleanField(
        _("never offer"), default=False, help_text=_("Freight, packaging, deposits, fees: never a reason to call.")
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["sku_key"]
        verbose_name = _("product")
        verbose_name_plural = _("products")

    def __str__(self) -> str:
        return self.name


class PriceStep(models.Model):
    """From `from_quantity` units on, each costs `price` net euros."""

    product = models.ForeignKey(Product, verbose_name=_("product"), on_delete=models.CASCADE, related_name="price_steps")
    from_quantity = models.DecimalField(_("from quantity"), max_digits=12, decimal_places=3)
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=2)

    class Meta:
        ordering = ["product", "from_quantity"]
        verbose_name = _("price step")
        verbose_name_plural = _("price steps")
        constraints = [models.UniqueConstraint(fields=["product", "from_quantity"], name="price_step_once")]

    def __str__(self) -> str:
        return f"{self.product_id} {self.from_quantity}"


class ProductRelation(models.Model):
    """ "Whoever has `from_product` could use `to_product`", with the one line that says why."""

    class Kind(models.TextChoices):
        ACCESSORY = "accessory", _("Accessory")
        SUCCESSOR = "successor", _("Successor")
        SERVICE = "service", _("Service")

    from_product = models.ForeignKey(Product, verbose_name=_("who has"), on_delete=models.CASCADE, related_name="relations")
    to_product = models.ForeignKey(Product, verbose_name=_("could use"), on_delete=models.CASCADE, related_name="suggested_by")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    argument = models.CharField(_("argument"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("product relation")
        verbose_name_plural = _("product relations")
        constraints = [
            models.UniqueConstraint(fields=["from_product", "to_product", "kind"], name="product_relation_once"),
            models.CheckConstraint(condition=~models.Q(from_product=models.F("to_product")), name="product_relation_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.from_product} → {self.to_product}"
