"""Who bears the same number or address under several customer numbers (domain guide U-7, D-2).

switchboards.py: a company's number is compared whenever the gate is asked (gate_facts.py), and whoever shares it is marked with it.
copies.py: what a person forbade is written for everybody who bears the same number or address elsewhere, as copies that are lifted
with it. erased.py: of whoever is erased a keyed hash of both stays with the block. newcomers.py looks at copies and hashes when
somebody is entered or listed, so that neither the next list nor a new entry brings a permission back. together.py finds groups of
customers whom one call or mail reaches.
"""
