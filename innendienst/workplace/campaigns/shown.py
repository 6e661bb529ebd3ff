"""What the pages of campaigns show, in finished texts: sizes, counts that add up, and the funnel."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _, pgettext

from accounts.models import User
from accounts.permissions import allowed
from campaigns.models import OpportunityAnswer
from campaigns.special import acts
from campaigns.special.effect import CONTROL_LEAST, PROPOSED_FROM, proposed_share, smallest_provable
from campaigns.special.models import Campaign, CampaignMember
from campaigns.special.results import spent_of, spent_share, written_to
from campaigns.special.target import proposed_control
from customers.preferences import CustomersPreferences
from customers.segments import Criteria, Size, is_open_to
from innendienst.base import preferences
from innendienst.base.models import Job
from innendienst.lib import display
from innendienst.workplace.campaigns.effects import effect_of
from innendienst.workplace.campaigns.offers import offers_of
from innendienst.workplace.campaigns.versions import versions_of
from innendienst.workplace.segments.sizes import Preview, criteria_words, preview, size_of

State = Campaign.State
_WHY = "counts of a campaign, without names"


def preview_of(user: User, criteria: Criteria, share: Decimal | None, campaign: Campaign) -> Preview:
    """How large a target group would be, and what a control group (None: the proposed one) could prove: one query over kept sums."""
    return _preview(size_of(user, criteria), share, campaign)


def opened_target(user: User, campaign: Campaign, criteria: Criteria) -> tuple[str, Preview]:
    """The share of the control group that somebody chose, and the size of `criteria`.

    One query while they are the campaign's own and all for the user's eyes; else what is proposed for the campaign's is counted too.
    """
    size = size_of(user, criteria)
    is_its_own = criteria == campaign.criteria and is_open_to(user, criteria)
    share = chosen_share(campaign, size.count if is_its_own else None)
    return share, _preview(size, share_of(share), campaign)


def _preview(size: Size, chosen: Decimal | None, campaign: Campaign) -> Preview:
    share = proposed_share(size.count) if chosen is None else chosen
    days = (campaign.ends_on - campaign.starts_on).days + 1
    return preview(size, _proof(size.count, share, size.deviation * (days / 365) ** 0.5))


def share_of(text: str) -> Decimal | None:
    """The share of the control group that was chosen in per cent, at most half; None where nothing was."""
    return Decimal(min(int(text), 50)) / 100 if text.isdecimal() and len(text) < 4 else None


def share_for(criteria: Criteria, text: str) -> Decimal:
    """The chosen share; the one proposed for what the filter finds where nothing was chosen."""
    chosen = share_of(text)
    return proposed_control(criteria) if chosen is None else chosen


def chosen_share(campaign: Campaign, count: int | None = None) -> str:
    """The share in per cent that somebody chose; "" while it is the one proposed for the filter, which follows the filter.

    `count`: what the filter finds, where that is known.
    """
    has_none_yet = not (campaign.criteria or campaign.control_share)
    if has_none_yet:
        return ""
    proposed = proposed_control(campaign.criteria) if count is None else proposed_share(count)
    return "" if campaign.control_share == proposed else str(campaign.control_percent)


def size_warning(user: User, campaign: Campaign) -> str:
    """That the filter finds nobody, or too few for the control group that was chosen; "" where nothing is to be said."""
    count = size_of(user, campaign.criteria).count
    return _too_few(count, campaign.control_share) if not count or (campaign.control_share and count < CONTROL_LEAST) else ""


def _too_few(count: int, share: Decimal) -> str:
    if not count:
        return _("The filter finds no customer. Widen it: without a customer the campaign is not approved.")
    facts = {"least": CONTROL_LEAST, "share": display.number(round(share * 100))}
    text = _(
        "Too small for a control group: below %(least)s customers it would prove nothing. All of them are spoken to, no effect is stated."
    )
    kept = _("The %(share)s %% you chose stay noted and count as soon as the filter finds enough.")
    return f"{text} {kept}" % facts if share else text % facts


def _proof(count: int, share: Decimal, deviation: float) -> str:
    if count < CONTROL_LEAST:
        return _too_few(count, share)
    if not share:
        text = _("Without a control group nobody can say what the campaign itself has brought.")
        more = _("With so many customers a tenth is proposed.")
        return text if count < PROPOSED_FROM else f"{text} {more}"
    least = smallest_provable(count, share, deviation)
    if least is None:
        return _too_few(count, share)
    facts = {"controls": display.number(round(count * share)), "least": display.euros(Decimal(least), decimals=2)}
    text = _(
        "Up to %(controls)s customers are left alone, as exclusions go off first. "
        "Provable is an effect from about %(least)s margin per customer on."
    )
    return text % facts


class CountLine(NamedTuple):
    label: str
    count: str
    look: str = ""


def member_lines(counts: Mapping[str, int]) -> list[CountLine]:
    """From all that the filter found to those who are spoken to: the numbers add up."""
    names = {**dict(CampaignMember.Reason.choices)}
    found = [CountLine(_("Found by the filter"), display.number(counts.get("found", 0)))]
    found += [CountLine(str(names[code]), f"{display.MINUS}{display.number(counts[code])}") for code in names if counts.get(code)]
    if counts.get("control"):
        found.append(CountLine(_("Control group, left alone"), f"{display.MINUS}{display.number(counts['control'])}"))
    return [*found, CountLine(_("Target group"), display.number(counts.get("target", 0)), "total")]


def funnel_of(campaign: Campaign) -> list[tuple[str, int, int]]:
    """Step, customers, and their share of the target group in percent; nothing before the first counting."""
    counted = campaign.result.get("funnel")
    funnel = {**counted, **written_to(campaign)} if counted else {}
    names = {
        "target": _("Target group"), "lettered": _("Letter written"), "mailed": _("E-mail sent"), "contacted": _("Called"),
        "reached": _("Reached"), "interested": pgettext("funnel", "Interested"), "won": _("Won"), "ordered": _("Ordered in the window"),
    }  # fmt: skip
    whole = funnel.get("target") or 1
    return [(label, funnel[code], round(funnel[code] * 100 / whole)) for code, label in names.items() if code in funnel]


def team_progress(campaign: Campaign) -> list[tuple[str, int, int]]:
    """Team, its target customers to be called, and those called."""
    answered = OpportunityAnswer.objects.filter(opportunity__campaign=campaign, opportunity__customer=OuterRef("customer"))
    members = CampaignMember.objects.for_system(_WHY).targeted().filter(campaign=campaign, by_phone=True)
    rows = (
        members.annotate(is_called=Exists(answered))
        .values_list("customer__owner__team__name")
        .annotate(count=Count("pk"), called=Count("pk", filter=Q(is_called=True)))
        .order_by("customer__owner__team__name")
    )
    return [(name or _("without owner"), count, called) for name, count, called in rows]


def letters_of_today(user: User, campaign: Campaign) -> int:
    """How many letters were handed out today. They can be printed once more; those of another day would be new contacts."""
    return CampaignMember.objects.visible_to(user).targeted().filter(campaign=campaign, lettered_on=timezone.localdate()).count()


def detail_context(user: User, campaign: Campaign) -> dict:
    shows_margin = allowed(user, "margin.see")
    may_write, may_approve = allowed(user, "campaign.write"), allowed(user, "campaign.approve")
    is_frozen, is_writable = campaign.frozen_at is not None, may_write and campaign.state in Campaign.WRITABLE
    can_cancel = State.CANCELLED in acts.STEPS.get(campaign.state, ()) and (may_approve or (may_write and not is_frozen))
    preview = None if is_frozen else preview_of(user, campaign.criteria, campaign.control_share, campaign)
    return {
        "campaign": campaign,
        "offers": offers_of(campaign, shows_margin=shows_margin),
        "criteria": criteria_words(user, campaign.criteria),
        "preview": preview,
        "lines": member_lines(campaign.counts) if is_frozen else [],
        "is_empty": is_frozen and not campaign.counts.get("target"),
        "has_no_control": is_frozen and not campaign.counts.get("control"),
        "is_too_small": sum(campaign.counts.get(one, 0) for one in ("target", "control")) < CONTROL_LEAST,
        "is_freezing": campaign.state == State.APPROVED and not is_frozen,
        "freezing": Job.objects.filter(kind=acts.FREEZE, target=str(campaign.pk)).order_by("-pk").first() if not is_frozen else None,
        "teams": team_progress(campaign) if campaign.state in (State.RUNNING, State.ENDED, State.EVALUATED) else [],
        "funnel": funnel_of(campaign),
        "effect": effect_of(campaign.result) if shows_margin else None,
        "shows_margin": shows_margin,
        "spent": spent_of(campaign) if is_frozen else campaign.costs,
        "spent_share": spent_share(campaign) if is_frozen else None,
        "letters_of_today": letters_of_today(user, campaign) if is_frozen and may_write else 0,
        "may_write": may_write,
        "may_approve": may_approve,
        "is_writable": is_writable,
        "may_revise": may_approve and campaign.is_open,
        "can_cancel": can_cancel,
        "has_acts": may_write and campaign.state not in (State.EVALUATED, State.CANCELLED),
        "pressure_days": preferences.get(CustomersPreferences).pressure_days,
        "history": campaign.transitions.select_related("by").order_by("-pk"),
        "versions": versions_of(campaign),
        "states": dict(State.choices),
    }
