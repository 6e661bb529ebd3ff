"""Customers, people, products and what was allowed or forbidden, in the administration.

Every form saves through customers/editing.py and customers/blocks.py, like the pages do. Orders and imports are read-only.
"""

from customers.admin import companies, complaints, messages, orders, permissions, products

__all__ = ["companies", "complaints", "messages", "orders", "permissions", "products"]
