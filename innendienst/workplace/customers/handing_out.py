"""The page that shares out the new customers of a list without owners."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.permissions import allow
from customers.imports.handing_out import Span, SpanError, Way, hand_out, spans, unowned
from customers.imports.owners import possible_owners
from customers.models import ImportRun
from innendienst.lib import display
from innendienst.lib.folding import sort_key
from innendienst.workplace.notes import say_with_undo


class HandOutForm(forms.Form):
    """How to share, and for each person what he gets or, where it is even, whether he takes part."""

    way = forms.ChoiceField(label=gettext_lazy("How"), choices=Way.choices, initial=Way.POSTCODE, widget=forms.RadioSelect)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self._users = sorted(possible_owners(), key=lambda user: sort_key(user.full_name))
        for user in self._users:
            self.fields[f"part-{user.pk}"] = forms.BooleanField(required=False, label=_("%(name)s takes part") % {"name": user})
            self.fields[f"spans-{user.pk}"] = forms.CharField(
                required=False, max_length=200, label=_("What %(name)s gets") % {"name": user}
            )

    @property
    def rows(self) -> list[tuple[User, forms.BoundField, forms.BoundField]]:
        return [(user, self[f"part-{user.pk}"], self[f"spans-{user.pk}"]) for user in self._users]

    def clean(self) -> dict:
        is_even = self.cleaned_data.get("way") == Way.CLASS
        self.given: dict[User, list[Span]] = {}
        for user in self._users:
            typed = self.cleaned_data.get(f"spans-{user.pk}", "")
            if is_even and self.cleaned_data.get(f"part-{user.pk}"):
                self.given[user] = []
            elif typed and not is_even:
                self._give(user, typed)
        if not self.given and not self.errors:
            self.add_error(None, _("Nobody gets anything yet. Tick who takes part, or type who gets which postcodes or letters."))
        return self.cleaned_data

    def _give(self, user: User, typed: str) -> None:
        try:
            self.given[user] = spans(typed)
        except SpanError:
            text = _("“%(typed)s” does not say from where to where (expected, for instance: 01-19, 30).")
            self.add_error(f"spans-{user.pk}", text % {"typed": typed})


@require_http_methods(["GET", "HEAD", "POST"])
@allow("import.run")
def hand_out_list(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(ImportRun, pk=pk)
    count = unowned(run).count()
    if not count:
        messages.info(request, _("Every new customer of this list has an owner."))
        return redirect("imports:run", run.pk)
    form = HandOutForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        assigned = hand_out(actor=request.user, run=run, way=form.cleaned_data["way"], given=form.given)
        text = ngettext(
            "%(count)s customer assigned, %(rest)s in the pool.", "%(count)s customers assigned, %(rest)s in the pool.", assigned.count
        )
        facts = {"count": display.number(assigned.count), "rest": display.number(count - assigned.count)}
        say_with_undo(request, text % facts, reverse("customers:assign_undo"), acts=".".join(map(str, assigned.event_ids)))
        return redirect("imports:run", run.pk)
    context = {"run": run, "form": form, "count": count}
    return render(request, "customers/hand_out.html", context, status=422 if form.errors else 200)
