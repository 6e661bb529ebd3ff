"""The five questions as pages, and rating a customer where he stands."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import allow, allowed
from innendienst.lib.paging import read_page
from innendienst.workplace.reads import visible_customer
from innendienst.workplace.references.asked_rows import asked_rows
from innendienst.workplace.references.forms import RatingForm
from referrals import asking
from referrals.five_questions import LABELS, Question
from referrals.questions import customers_for
from referrals.tops import FIRST_MOST, first_for

PER_PAGE = 25
SHORT = {
    Question.REGULAR: gettext_lazy("Regular customers"),
    Question.COMPLETED: gettext_lazy("Just completed"),
    Question.MADE_GOOD: gettext_lazy("Made good"),
    Question.RECOMMEND: gettext_lazy("Could recommend"),
    Question.NAME: gettext_lazy("Could name others"),
}
QUESTIONS = tuple((question.value, SHORT[question]) for question in Question)


@require_safe
@allow("customer.see")
def question_list(request: HttpRequest, question: str) -> HttpResponse:
    if question not in set(Question):
        raise Http404
    user, today = request.user, timezone.localdate()
    sent_with = _sent_with(request, question)
    page = read_page(
        SimpleLazyObject(lambda: customers_for(question, user, today)),
        request.GET.get("page"),
        PER_PAGE,
        lambda ids: asked_rows(user, question, ids, today, sent_with),
        counted_most=FIRST_MOST - PER_PAGE - 1,
        first=first_for(question, user, today),
    )
    context = {
        "page": page,
        "question": question,
        "label": LABELS[Question(question)],
        "questions": QUESTIONS,
        "may_ask": allowed(user, "reference.ask"),
    }
    return render(request, "references/question_list.html", context)


def _sent_with(request: HttpRequest, question: str) -> SafeString:
    """The hidden fields of every row's form: the same in each, so that the rows' markup is the same for everybody."""
    page = request.GET.get("page", "")
    fields = {"csrfmiddlewaretoken": get_token(request), "question": question, "page": page if page.isdecimal() else "1"}
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', fields.items())


@require_POST
@allow("reference.ask")
def rate_in_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Rate a customer where he stands; he is a candidate from then on."""
    customer = visible_customer(request.user, pk)
    reference = asking.make_candidate(actor=request.user, customer=customer)
    form = RatingForm(request.POST, reference=reference)
    if form.is_valid():
        asking.rate(actor=request.user, reference=reference, said=form.said)
        messages.success(request, _("%(customer)s rated.") % {"customer": customer})
    else:
        messages.error(request, " ".join(form.messages))
    question = request.POST.get("question", "")
    back = reverse("references:question", args=[question if question in set(Question) else Question.REGULAR])
    page = request.POST.get("page", "")
    return redirect(f"{back}?page={page}" if page.isdecimal() else back)
