"""How long what came in with a list is kept."""

import datetime as dt

KEPT = dt.timedelta(days=30)
"""So long lie files, rows and messages, and so long can an import be taken back."""
