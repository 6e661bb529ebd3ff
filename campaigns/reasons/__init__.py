"""Reasons to call, found in what a customer bought.

Each kind is one module with one pure function `suggest(purchases)`; rules.py lists them. basis.py says what a rule gets to
see, suggestions.py what it answers and how answers are valued. These import without Django. loading.py fills the basis from
the kept tables, storing.py brings the suggestions in the database in line, refresh.py is what a recompute calls.
"""
