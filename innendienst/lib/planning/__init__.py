"""Planning documents: pages with fixed sections whose cells are bound to data or free to be filled in, like a sheet of paper.

What a template looks like is said by declarations (columns.py), what is stored by abstract tables (models.py) that an app makes
its own; cells.py writes into them without losing anybody's words, book.py takes a document to Excel and back. Nothing here
knows an app: whoever calls has checked who may do it.
"""
