"""The gate's word on a call, as its form shows it; kept per language and choice like the rest of the form (markup.py)."""

from functools import lru_cache
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from customers.gate_rules import GateAnswer
from innendienst.templatetags.rows import fill
from innendienst.workplace.call import options

_UNMARKED = SafeString("")


class _Asked(NamedTuple):
    """Everything that decides the markup of the gate's word."""

    language: str
    is_allowed: bool
    is_incoming_only: bool
    choices: tuple[str, ...]
    legal_reason: str


class _Said(NamedTuple):
    gate_signed: str
    gate_text: str
    legal_text: str
    legal_reason_mark: SafeString
    legal_text_mark: SafeString


def is_incoming_only(gate: GateAnswer) -> bool:
    """Whether only the customer himself may have called: no legal reason would do."""
    return not gate.is_allowed and not gate.choices


def gate_markup(
    gate: GateAnswer,
    signed: str,
    legal_reason: str = "",
    legal_text: str = "",
    legal_reason_mark: SafeString = _UNMARKED,
    legal_text_mark: SafeString = _UNMARKED,
) -> SafeString:
    """Why this call is allowed, or what has to be stated first."""
    asked = _Asked(get_language() or "", gate.is_allowed, is_incoming_only(gate), gate.choices, legal_reason)
    said = _Said(signed, options.gate_text(gate), legal_text, legal_reason_mark, legal_text_mark)
    return fill(_gate_markup(asked), [said])


@lru_cache(maxsize=200)
def _gate_markup(asked: _Asked) -> str:
    context = {
        "is_allowed": asked.is_allowed,
        "is_incoming_only": asked.is_incoming_only,
        "legal_reasons": options.legal_reasons(asked.choices, asked.legal_reason),
    }
    return render_to_string("workplace/partials/call_form_gate.html", context)
