"""Rules between products, kept by the sales management: whoever has the one could use the other, and why."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import allow
from campaigns.reach import reach
from customers import editing
from customers.models import Product, ProductRelation
from innendienst.lib import display
from innendienst.lib.folding import business_key
from innendienst.lib.paging import read_page
from innendienst.workplace.fields import PlainTextField

PER_PAGE = 50
NAMED_MOST = 8
ARGUMENT_LENGTH_MOST = 160


class ProductField(forms.CharField):
    """A product by its number, or by as much of its name as tells it from the others."""

    def clean(self, value: str) -> Product | None:
        text = super().clean(value)
        if not text:
            return None
        by_number = Product.objects.filter(sku_key=business_key(text)).first()
        if by_number:
            return by_number
        found = list(named_like(text)[: NAMED_MOST + 1])
        exact = [product for product in found if product.name.casefold() == text.casefold()]
        if len(exact or found) == 1:
            return (exact or found)[0]
        facts = {"field": self.label, "text": text[:60], "products": ", ".join(f"{one.name} ({one.sku})" for one in found[:NAMED_MOST])}
        if found:
            raise forms.ValidationError(_("%(field)s: several articles are called “%(text)s”: %(products)s. Type the number.") % facts)
        raise forms.ValidationError(_("%(field)s: there is no article “%(text)s”. Type its number or a part of its name.") % facts)


def named_like(text: str) -> QuerySet[Product]:
    return Product.objects.filter(name__icontains=text.strip()).order_by("name", "sku_key")


class RuleForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ProductRelation.Kind.choices)
    from_product = ProductField(
        label=gettext_lazy("Who has"), max_length=200, error_messages={"required": gettext_lazy("Who has: choose an article.")}
    )
    to_product = ProductField(
        label=gettext_lazy("could use"), max_length=200, error_messages={"required": gettext_lazy("could use: choose an article.")}
    )
    argument = PlainTextField(label=gettext_lazy("Argument, one line"), length_most=ARGUMENT_LENGTH_MOST)

    def __init__(self, relation: ProductRelation | None, data=None) -> None:
        typed = {} if relation is None else {
            "kind": relation.kind, "from_product": relation.from_product.sku, "to_product": relation.to_product.sku,
            "argument": relation.argument,
        }  # fmt: skip
        super().__init__(data, initial=typed)
        self.relation = relation

    def clean(self) -> dict:
        given = self.cleaned_data
        first, second, kind = (given.get(name) for name in ("from_product", "to_product", "kind"))
        if first and first == second:
            self.add_error("to_product", _("could use: choose another article than “%(product)s” itself.") % {"product": first})
        elif first and second and kind:
            same = ProductRelation.objects.filter(from_product=first, to_product=second, kind=kind)
            if same.exclude(pk=self.relation and self.relation.pk).exists():
                self.add_error(None, _("This rule exists already: %(from)s → %(to)s.") % {"from": first, "to": second})
        return given


@dataclass(frozen=True)
class Preview:
    """What a rule would do, in a sentence, once both articles are known; else what is still missing."""

    text: str
    is_ready: bool
    articles: list[Product]
    """Those that one of the typed texts could mean."""


@require_safe
@allow("rules.edit")
def rule_list(request: HttpRequest) -> HttpResponse:
    found = ProductRelation.objects.select_related("from_product", "to_product").order_by("from_product__name", "kind", "pk")
    text = request.GET.get("q", "").strip()[:80]
    if text:
        found = found.filter(from_product__name__icontains=text) | found.filter(to_product__name__icontains=text)
    page = read_page(found, request.GET.get("page"), PER_PAGE)
    return render(request, "opportunities/rule_list.html", {"page": page, "text": text})


@require_http_methods(["GET", "HEAD", "POST"])
@allow("rules.edit")
def rule_add(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@allow("rules.edit")
def rule_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, _found(pk))


@require_POST
@allow("rules.edit")
def rule_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a rule out; what was suggested by it and nobody answered goes with the next refresh."""
    relation = _found(pk)
    said = _("Rule %(from)s → %(to)s deleted. Its suggestions go within minutes.") % _named(relation)
    editing.delete_relation(actor=request.user, relation=relation)
    messages.success(request, said)
    return redirect("opportunities:rules")


@require_safe
@allow("rules.edit")
def rule_preview(request: HttpRequest) -> HttpResponse:
    """What the typed rule would do, while it is being typed."""
    return render(request, "opportunities/partials/rule_preview.html", {"preview": _preview(RuleForm(None, request.GET))})


def _edit(request: HttpRequest, relation: ProductRelation | None) -> HttpResponse:
    form = RuleForm(relation, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and "preview" not in request.POST:
        saved = relation or ProductRelation()
        for name, value in form.cleaned_data.items():
            setattr(saved, name, value)
        editing.save_relation(actor=request.user, relation=saved)
        messages.success(
            request, _("Rule %(from)s → %(to)s saved. Its reasons come with the next refresh, within minutes.") % _named(saved)
        )
        return redirect("opportunities:rules")
    shown = form if form.is_bound else RuleForm(relation, form.initial) if relation else None
    context = {"form": form, "relation": relation, "preview": _preview(shown) if shown else None}
    is_wrong = form.is_bound and bool(form.errors)
    return render(request, "opportunities/rule_edit.html", context, status=422 if is_wrong else 200)


def _preview(form: RuleForm) -> Preview:
    form.is_valid()
    given = form.cleaned_data
    first, second, kind = (given.get(name) for name in ("from_product", "to_product", "kind"))
    typed = (str(form.data.get(name, "")).strip() for name in ("from_product", "to_product"))
    articles = [product for text in typed if len(text) > 1 for product in named_like(text)[:NAMED_MOST]]
    if not (first and second and kind):
        return Preview(_("Choose both articles to see whom the rule would reach."), is_ready=False, articles=articles)
    found = reach(from_product=first, to_product=second, kind=kind, today=timezone.localdate())
    facts = {"count": display.number(found.customers_count), "from": first.name, "to": second.name}
    if found.margin is None:
        facts["value"] = _("≈ %(amount)s revenue, margin unknown") % {"amount": display.euros(found.revenue)}
    else:
        facts["value"] = _("≈ %(amount)s expected margin") % {"amount": display.euros(found.margin)}
    text = ngettext(
        "%(from)s → %(to)s: would reach %(count)s customer, %(value)s",
        "%(from)s → %(to)s: would reach %(count)s customers, %(value)s",
        found.customers_count,
    )
    return Preview(text % facts, is_ready=True, articles=articles)


def _named(relation: ProductRelation) -> dict:
    return {"from": relation.from_product, "to": relation.to_product}


def _found(pk: int) -> ProductRelation:
    return get_object_or_404(ProductRelation.objects.select_related("from_product", "to_product"), pk=pk)
