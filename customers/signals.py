"""What the customers' app announces to those above it, within its own transaction."""

from django.dispatch import Signal

import_undone = Signal()
"""`customer_ids`, `product_ids`: rows that an import made and that are about to go. Receivers delete what they computed about them.

What people did about them is none of that; it holds the rows back.
"""

handover_changed = Signal()
"""`handover`, `actor` (None: nobody answered in time), `to_state`: field sales accepted or declined, handed back, or let it lapse.

Receivers move what is about the customer's business along with it.
"""

people_blocked = Signal()
"""`contact_ids`: people who must not be contacted any more. Receivers see to it that what they alone know him by is no way round."""

complaint_confirmed = Signal()
"""`complaint`: the customer has said whether he is content with how it was settled (`complaint.satisfied`)."""
