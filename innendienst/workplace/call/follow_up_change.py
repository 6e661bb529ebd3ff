"""A follow-up as a page: another day, a clock time, other words, another person."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.permissions import CAPABILITIES, allow, allowed
from customers import follow_ups
from customers.follow_ups import NOTE_LENGTH_MOST
from customers.models import FollowUp
from innendienst.lib import display
from innendienst.lib.dates import NonexistentTimeError
from innendienst.lib.folding import sort_key
from innendienst.workplace.chips import due_day_and_time
from innendienst.workplace.fields import ComingDayField, PlainTextField

POOL = "pool"


class ChangeForm(forms.Form):
    due_on = ComingDayField(label=gettext_lazy("Date"), required=True)
    due_time = forms.TimeField(
        label=gettext_lazy("Time"), required=False, error_messages={"invalid": gettext_lazy("Time: expected is 14:05.")}
    )
    note = PlainTextField(label=gettext_lazy("Note"), length_most=NOTE_LENGTH_MOST)
    person = forms.ChoiceField(
        label=gettext_lazy("Whose"), error_messages={"invalid_choice": gettext_lazy("Whose: choose somebody who works here.")}
    )

    def __init__(self, follow_up: FollowUp, reader: User, data=None) -> None:
        shown = {
            "due_on": f"{follow_up.due_on:%Y-%m-%d}",
            "due_time": f"{follow_up.due_time:%H:%M}" if follow_up.due_time else "",
            "note": follow_up.note,
            "person": str(follow_up.assignee_id or POOL),
        }
        super().__init__(data, initial=shown)
        self._people = {str(user.pk): user for user in _possible()}
        team = follow_up.team or (follow_up.assignee and follow_up.assignee.team) or reader.team
        pool = [(POOL, _("Team pool %(team)s") % {"team": team})] if team else []
        self.fields["person"].choices = [(pk, user.full_name) for pk, user in self._people.items()] + pool

    @property
    def assignee(self) -> User | None:
        """Whose it is to be; None for the pool of the team."""
        return self._people.get(self.cleaned_data["person"])


@require_http_methods(["GET", "HEAD", "POST"])
@allow("followup.edit")
def follow_up_change(request: HttpRequest, pk: int) -> HttpResponse:
    follow_up = _found(request.user, pk)
    form = ChangeForm(follow_up, request.user, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _change(request, follow_up, form):
        return redirect(follow_up.customer)
    context = {"follow_up": follow_up, "customer": follow_up.customer, "form": form}
    return render(request, "workplace/follow_up_change.html", context, status=422 if form.errors else 200)


def _change(request: HttpRequest, follow_up: FollowUp, form: ChangeForm) -> bool:
    given, asked_on = form.cleaned_data, form.cleaned_data["due_on"]
    try:
        due_on = follow_ups.change(
            actor=request.user, follow_up=follow_up, due_on=asked_on, due_time=given["due_time"], note=given["note"], assignee=form.assignee
        )
    except NonexistentTimeError:
        facts = {"time": f"{given['due_time']:%H:%M}", "day": display.date(asked_on)}
        form.add_error("due_time", _("Time %(time)s: this time does not exist on %(day)s (clocks go forward).") % facts)
        return False
    except follow_ups.AssigneeRefused:
        form.add_error("person", _("Whose: choose somebody who works here."))
        return False
    follow_up.due_on, follow_up.due_time = due_on, given["due_time"]
    name = dict(form.fields["person"].choices)[given["person"]]
    facts = {"customer": follow_up.customer, "day": due_day_and_time(follow_up), "name": name}
    messages.success(request, _("%(customer)s: follow-up on %(day)s, %(name)s.") % facts)
    return True


def _possible() -> list[User]:
    """Who can do follow-ups, by name."""
    found = User.objects.active().filter(role__in=CAPABILITIES["followup.edit"])
    return sorted(found, key=lambda user: sort_key(f"{user.last_name} {user.first_name}"))


def _found(user: User, pk: int) -> FollowUp:
    """An open one that is this person's to do; the management may change any it sees."""
    seen = FollowUp.objects.visible_to(user).open()
    mine = seen if allowed(user, "customer.assign") else seen.for_person(user, timezone.localdate())
    return get_object_or_404(mine.select_related("customer", "assignee__team", "team"), pk=pk)
