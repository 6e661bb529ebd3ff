"""Orders close the loop: what the ERP shows is compared with what was suggested and talked about.

fitting.py judges (plain Python), sql.py finds the order lines, matching.py is what a recompute calls, closing.py moves the
opportunities and brings them back where an order goes, answering.py is what a person says.
"""
