"""Who we talk to.

A Customer is a company with Contacts, the people in it; a lead is a customer too, by its lifecycle. Products, Orders and OrderLines
come from the ERP and are read-only here; PurchaseMonth, PurchaseRhythm, ProductDemand, IndustrySum and CustomerFacts are kept tables
that a recompute derives from them, a ScoreScale says where a figure stands among those of all (Touched names the customers whose turn
it is). An Activity is one contact with its outcome, a FollowUp ("Wiedervorlage") the only thing that falls due for a person. A Need
says what a customer buys elsewhere, a Tag is a word by which several (CustomerTag) are found again. A Handover gives a customer into
the hands of field sales. A Complaint lets selling rest; a ContactBlock forbids a channel and a Consent opens one. A Message waits in
the outbox until a worker has sent it. An ImportRun is one list from outside, an ImportRow (of orders: an ImportLine) one of its rows as
it waits to be taken over, an ImportBefore what can be taken back, an ImportMapping which of its columns means what, an ImportAnswer
what it left open. A Merge lets one customer go into another, a MergeMove is one of the changes by which that is taken back, a
NotDuplicate keeps two apart who only look alike.
"""

from customers.models.activities import Activity, Complaint, ComplaintTransition, FollowUp
from customers.models.companies import Contact, Customer, SearchToken
from customers.models.duplicates import Merge, MergeMove, NotDuplicate
from customers.models.handovers import Handover, HandoverTransition
from customers.models.imports import ImportAnswer, ImportBefore, ImportLine, ImportMapping, ImportRow, ImportRun
from customers.models.messages import Message
from customers.models.needs import Need
from customers.models.orders import Order, OrderLine
from customers.models.permissions import BlockedReach, Consent, ContactBlock
from customers.models.products import PriceStep, Product, ProductGroup, ProductRelation
from customers.models.purchases import (
    CustomerFacts,
    DataState,
    IndustrySum,
    ProductDemand,
    PurchaseMonth,
    PurchaseRhythm,
    ScoreScale,
    Touched,
)
from customers.models.segments import Segment
from customers.models.tags import CustomerTag, Tag

__all__ = [
    "Activity",
    "BlockedReach",
    "Complaint",
    "ComplaintTransition",
    "Consent",
    "Contact",
    "ContactBlock",
    "Customer",
    "CustomerFacts",
    "CustomerTag",
    "DataState",
    "FollowUp",
    "Handover",
    "HandoverTransition",
    "ImportAnswer",
    "ImportBefore",
    "ImportLine",
    "ImportMapping",
    "ImportRow",
    "ImportRun",
    "IndustrySum",
    "Merge",
    "MergeMove",
    "Message",
    "Need",
    "NotDuplicate",
    "Order",
    "OrderLine",
    "PriceStep",
    "Product",
    "ProductDemand",
    "ProductGroup",
    "ProductRelation",
    "PurchaseMonth",
    "PurchaseRhythm",
    "ScoreScale",
    "SearchToken",
    "Segment",
    "Tag",
    "Touched",
]
