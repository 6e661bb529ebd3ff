"""What to say on the phone: for each kind of reason an opening and a question per situation, an argument, three objections.

situations.py says in which situation an opportunity is and what its texts may name, defaults.py holds the texts that come with
the program, placeholders.py the names in braces, reading.py what holds for a kind, a product group and a language, and editing.py
changes it. campaigns/call_guide.py fills the texts for one opportunity.
"""
