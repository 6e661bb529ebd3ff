"""Suggestions learnt from the company's own order lines: whom will be sold what within the next 30 days?

    lines → purchases.py → history.py → customers.py, goods.py, relations.py → pairs.py → score.py → export.py

Everything is arrays of numbers and knows no Django; docs/reasons.md tells the method in words. Arrays are sorted by customer,
customers are worked off in blocks, and what is learnt is learnt from a sample of them: memory for a block stays the same
however many customers there are, and time grows with their lines.
"""
