"""Two customers who are one: everything about the one goes to the other, in one transaction that can be taken back.

`declared.py` says of every column that leads to a customer or a person what becomes of it; a test fails where one is missing. It stands
on top of all apps, because a table of any of them may be concerned.
"""
