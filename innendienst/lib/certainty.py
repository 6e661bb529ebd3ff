"""How sure a figure is said to be."""

Z95 = 1.96
"""So many standard errors either side hold the true value in 95 of 100 cases."""
