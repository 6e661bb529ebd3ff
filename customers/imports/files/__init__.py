"""From bytes to raw cells, in a process of its own (child): it has little memory, little time, no database and no secrets.

Knows neither Django nor tables, so that it starts in the time of a blink. `customers.imports.reading` is its other end.
"""
