"""Steps of quantity and price in a product list, compared and brought in line with those stored."""

from collections.abc import Collection

from customers.imports.product_list import sql
from customers.imports.product_list.columns import STEPS
from customers.models import PriceStep

FIELDS = {
    **{f"step_quantity_{step}": PriceStep._meta.get_field("from_quantity") for step in STEPS},
    **{f"step_price_{step}": PriceStep._meta.get_field("price") for step in STEPS},
}


def pairs(fields: Collection[str]) -> list[tuple[str, str]]:
    """The columns of the list that make a step, quantity and price; one without the other makes none."""
    both = ((f"step_quantity_{step}", f"step_price_{step}") for step in STEPS)
    return [pair for pair in both if {*pair} <= {*fields}]


def link(fields: Collection[str]) -> None:
    """Count articles as changed whose steps differ from those of the list."""
    if found := pairs(fields):
        sql.gather_steps(found)
        sql.link_steps()


def replace(run_id: int, fields: Collection[str]) -> None:
    """Bring the steps of the listed articles in line, and note how that is taken back."""
    if pairs(fields):
        sql.replace_steps(run_id)
