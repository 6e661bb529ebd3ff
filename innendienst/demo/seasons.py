"""How much faster (above 1) or slower an article is used in each month of the year, January first."""

EVEN = (1.0,) * 12
CURVES = {
    "": EVEN,
    "winter": (2.2, 1.9, 0.9, 0.1, 0.0, 0.0, 0.0, 0.0, 0.1, 1.0, 1.8, 2.2),
    "outdoor": (0.6, 0.7, 1.1, 1.4, 1.4, 1.2, 1.1, 1.1, 1.1, 1.0, 0.8, 0.6),
    "school": (1.1, 1.0, 1.1, 1.0, 1.1, 0.9, 0.4, 0.5, 1.3, 1.1, 1.2, 0.9),
    "travel": (0.7, 0.8, 0.9, 1.0, 1.2, 1.3, 1.4, 1.4, 1.2, 1.0, 0.7, 0.9),
}
