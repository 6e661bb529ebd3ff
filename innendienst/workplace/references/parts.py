"""Parts of a reference's page in words: points, releases, uses."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from innendienst.lib import display
from innendienst.workplace.chips import Chip
from innendienst.workplace.references.doing import places_text
from referrals.days import thanks_due
from referrals.finding import PERSONAL
from referrals.models import PublishedText, ReferenceCustomer, ReferenceUse, ReleaseScope
from referrals.releasing import has_ended, is_usable
from referrals.suitability import Score
from referrals.using import free_uses, personal_days

USES_MOST = 50


def part_names() -> dict[str, str]:
    return {
        "open_minded": _("Open-minded"),
        "well_disposed": _("Well disposed"),
        "well_connected": _("Well connected"),
        "role_model": _("Role model"),
        "regular": _("Regular customer"),
        "record": _("Earlier recommendations"),
    }


def part_labels(score: Score) -> list[dict]:
    """Each part of a score with its name and points; "nicht bewertet" where nobody has rated."""
    names = part_names()
    return [
        {
            "name": names[part.key],
            "points": _("not rated") if part.points is None else display.number(part.points),
            "most": display.number(part.most),
        }
        for part in score.parts
    ]


@dataclass(frozen=True)
class ScopeView:
    """One release as the page shows it; texts are shown while they may be used, and to those who look after them."""

    scope: ReleaseScope
    places: str
    chip: Chip
    limits: str
    load: str
    texts: list[PublishedText]
    is_usable: bool

    @classmethod
    def of(cls, reference: ReferenceCustomer, today: dt.date, *, shows_texts: bool) -> list["ScopeView"]:
        scopes = list(reference.scopes.select_related("proof").prefetch_related("texts__file"))
        days = personal_days(reference) if any(scope.kind in PERSONAL for scope in scopes) else []
        views = []
        for scope in scopes:
            scope.reference = reference
            usable = reference.is_usable and is_usable(scope, today)
            views.append(
                cls(
                    scope=scope,
                    places=places_text(scope.places),
                    chip=_scope_chip(scope, today, is_usable=usable),
                    limits=", ".join(limits_of(scope)),
                    load=_load(scope, today, days) if usable else "",
                    texts=list(scope.texts.all()) if usable or shows_texts else [],
                    is_usable=usable,
                )
            )
        return sorted(views, key=lambda view: view.scope.withdrawn_at is not None)


def _scope_chip(scope: ReleaseScope, today: dt.date, *, is_usable: bool) -> Chip:
    if scope.withdrawn_at is not None:
        return Chip(_("Withdrawn"), "bad")
    if has_ended(scope, today):
        return Chip(_("Ended"), "bad")
    if is_usable:
        return Chip(_("Released for use"), "good")
    return Chip(_("Rests"), "due") if scope.released_on else Chip(_("Written release is missing"), "due")


def limits_of(scope: ReleaseScope) -> Iterator[str]:
    if scope.names_person:
        yield _("with name and picture of the person")
    if scope.no_competitors:
        yield _("not for competitors")
    if scope.kind in PERSONAL:
        yield _("at most %(count)s per quarter") % {"count": display.number(scope.per_quarter_most)}
    if scope.limits:
        yield scope.limits


def _load(scope: ReleaseScope, today: dt.date, days: list[dt.date]) -> str:
    return _("%(count)s free this quarter") % {"count": display.number(free_uses(scope, today, days))} if scope.kind in PERSONAL else ""


@dataclass(frozen=True)
class UseView:
    """One use and what is still owed for it; `due` is "" once nothing is. `tone` is "bad" when it is overdue, "" while it is to come."""

    use: ReferenceUse
    prospect: str
    due: str
    tone: str
    is_planned: bool


def use_views(user: User, reference: ReferenceCustomer, today: dt.date) -> list[UseView]:
    """The last uses, youngest first."""
    found = ReferenceUse.objects.visible_to(user).filter(customer=reference.customer_id).select_related("scope", "prospect")
    return [_use_view(use, today) for use in found.order_by("-used_on", "-pk")[:USES_MOST]]


def _use_view(use: ReferenceUse, today: dt.date) -> UseView:
    due_on = thanks_due(use.used_on)
    owes, is_planned = use.feedback_given_at is None or use.thanked_at is None, use.used_on > today
    tone = "bad" if due_on < today else "due"
    return UseView(
        use=use,
        prospect=use.prospect.name if use.prospect else _("for many"),
        due=_("planned") if is_planned else _("due by %(day)s") % {"day": display.due(due_on)} if owes else "",
        tone="" if is_planned else tone,
        is_planned=is_planned,
    )
