"""The lists that can be imported."""

from customers.imports.contact_list.store import ContactList
from customers.imports.customer_list.store import CustomerList
from customers.imports.follow_up_list.store import FollowUpList
from customers.imports.order_list.store import OrderList
from customers.imports.product_list.store import ProductList
from customers.imports.store import ListKind
from customers.models import ImportRun

LISTS: dict[str, type[ListKind]] = {
    ImportRun.List.CUSTOMERS: CustomerList,
    ImportRun.List.CONTACTS: ContactList,
    ImportRun.List.PRODUCTS: ProductList,
    ImportRun.List.ORDERS: OrderList,
    ImportRun.List.FOLLOW_UPS: FollowUpList,
}


def kind_of(run: ImportRun) -> ListKind:
    """The list of a run, made anew; of one's own follow-ups with that person as the only one."""
    return FollowUpList(run.by) if run.is_own else LISTS[run.kind]()
