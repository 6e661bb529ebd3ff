"""What surveys announce to the apps above, within the transaction of the answer."""

from django.dispatch import Signal

response_recorded = Signal()
"""`response` (a Response with customer and invitation, never an anonymous one), `moment_on`: the first day on which a promoter may be
asked for more, None for everybody else.

Sent for a first answer and for each change of one; a receiver bears hearing of the same answer again.
"""
