"""The demo: an invented supplier of cleaning technology with customers, three years of orders, calls and follow-ups.

Goods, names, places and notes are data modules; customers, needs, purchases and talks are pure functions of a seed, a day
and a customer's index, so that neither order nor number of customers matters; writing puts them into the tables and load
does it in steps.
"""
