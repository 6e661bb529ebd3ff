"""Template tags of the whole product: icons, euros, ages."""

from django import template

register = template.Library()
