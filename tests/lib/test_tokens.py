"""The colours of the design tokens can be read, in light and in dark."""

import re
from itertools import product
from pathlib import Path

import pytest
from django.conf import settings

_PAIR = re.compile(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
TOKENS = {name: (light, dark) for name, light, dark in _PAIR.findall((Path(settings.BASE_DIR) / "static/css/tokens.css").read_text())}

TEXT_ON_GROUND = list(product(["ink", "ink-soft", "ink-faint", "accent", "accent-strong", "bad"], ["paper", "ground", "hover", "chosen"]))
TEXT_ON_COLOUR = [
    ("good", "paper"), ("good", "good-soft"), ("warn", "paper"), ("warn", "warn-soft"), ("bad", "bad-soft"),
    ("accent", "accent-soft"), ("accent-strong", "accent-soft"), ("ink", "good-soft"), ("ink", "warn-soft"), ("ink", "bad-soft"),
    ("accent", "good-soft"), ("accent", "warn-soft"), ("on-accent", "accent"), ("on-accent", "accent-strong"), ("paper", "ink"),
]  # fmt: skip


def luminance(colour: str) -> float:
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2: 1 for equal colours, 21 for black on white."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_counted_as_wcag_does():
    assert round(contrast("#000000", "#ffffff"), 1) == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND + TEXT_ON_COLOUR)
def test_text_stands_out_from_its_ground(text, ground):
    for theme in (0, 1):
        assert contrast(TOKENS[text][theme], TOKENS[ground][theme]) >= 4.5, ("light", "dark")[theme]


@pytest.mark.parametrize("ground", ["paper", "ground"])
def test_the_edge_of_a_control_stands_out_from_its_ground(ground):
    for theme in (0, 1):
        assert contrast(TOKENS["line-strong"][theme], TOKENS[ground][theme]) >= 3, ("light", "dark")[theme]
