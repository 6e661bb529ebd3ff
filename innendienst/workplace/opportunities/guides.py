"""The call guide, kept by the sales management and marketing: what to say for each kind of reason, with a look at how it sounds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import allow
from campaigns.call_guide import Said, filled
from campaigns.guide import editing, placeholders
from campaigns.guide.editing import GuideMoved
from campaigns.guide.reading import inherited, texts_for
from campaigns.guide.situations import OBJECTIONS, SITUATIONS, Part, Situation, parts
from campaigns.models import CallGuide, Kind
from customers.models import ProductGroup
from innendienst.lib.typed import parse_id
from innendienst.workplace.chips import look_of
from innendienst.workplace.fields import PlainTextField

LENGTH_MOST = 400
LANGUAGES = dict(settings.LANGUAGES)
EXAMPLES = {
    "greeting": gettext_lazy("Good day Ms Weber"),
    "article": gettext_lazy("Cleaner R10"),
    "owned": gettext_lazy("Scrubber dryer M1"),
    "argument": gettext_lazy("polishes in one pass"),
    "quantity": gettext_lazy("12 canisters"),
    "last_quantity": "5",
    "proposed": gettext_lazy("100 canisters"),
    "group": gettext_lazy("Cleaners"),
    "day": gettext_lazy("31 Dec 2026"),
    "step": gettext_lazy("24 canisters"),
    "price": gettext_lazy("€18.90"),
}


@dataclass(frozen=True)
class Target:
    """Which guide: a kind, perhaps for one product group, in one language."""

    kind: str
    group: ProductGroup | None
    language: str

    @property
    def group_id(self) -> int | None:
        return self.group and self.group.pk

    @property
    def url(self) -> str:
        query = {"language": self.language, **({"group": self.group.pk} if self.group else {})}
        return f"{reverse('opportunities:guide', args=[self.kind])}?{urlencode(query)}"

    @property
    def label(self) -> str:
        return str(Kind(self.kind).label)


class GuideForm(forms.Form):
    """One field per text, named by its part; an emptied one goes back to what holds otherwise. The active language is the guide's."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, target: Target, data: QueryDict | None = None, initial: Mapping[str, object] | None = None) -> None:
        super().__init__(data, initial=initial and {name: _shown(value) for name, value in initial.items()})
        self.parts = {part.key: part for part in parts(target.kind)}
        for key in self.parts:
            self.fields[key] = PlainTextField(label=_label(key), length_most=LENGTH_MOST, widget=forms.Textarea(attrs={"rows": 2}))

    def clean(self) -> dict:
        for key, part in self.parts.items():
            if key in self.cleaned_data:
                self.cleaned_data[key] = self._stored(part, self.cleaned_data[key])
        return self.cleaned_data

    @property
    def texts(self) -> dict[str, str]:
        """The texts that can be read, as they are stored."""
        return {key: self.cleaned_data[key] for key in self.parts if key in self.cleaned_data}

    def _stored(self, part: Part, text: str) -> str:
        try:
            return " ".join(placeholders.read(text, part.names).split())
        except placeholders.UnknownPlaceholder as unknown:
            self.add_error(part.key, _unknown(part, unknown.name))
            return text


@require_safe
@allow("guides.edit")
def guide_list(request: HttpRequest) -> HttpResponse:
    """All kinds of reason, and where somebody has put texts of the house."""
    changed: dict[str, list[Target]] = {}
    for guide in CallGuide.objects.exclude(texts={}).select_related("group").order_by("group__name", "language"):
        changed.setdefault(guide.kind, []).append(Target(guide.kind, guide.group, guide.language))
    language = translation.get_language() or settings.LANGUAGE_CODE
    rows = [(Target(kind, None, language), look_of(kind), changed.get(kind, [])) for kind in SITUATIONS]
    return render(request, "opportunities/guide_list.html", {"rows": rows, "languages": LANGUAGES})


@require_http_methods(["GET", "HEAD", "POST"])
@allow("guides.edit")
def guide_edit(request: HttpRequest, kind: str) -> HttpResponse:
    target = _target(request, kind)
    with translation.override(target.language):
        form = _form(request, target)
        is_sent = form.is_bound and "preview" not in request.POST
        if is_sent and form.is_valid():
            try:
                editing.save(
                    actor=request.user,
                    kind=kind,
                    group_id=target.group_id,
                    language=target.language,
                    texts=form.texts,
                    version=form.cleaned_data["version"],
                )
            except GuideMoved:
                return _page(request, target, form, status=409)
        if not is_sent or form.errors:
            return _page(request, target, form, status=422 if is_sent else 200)
    messages.success(request, _("Call guide “%(kind)s” saved. It stands on the next card that opens.") % {"kind": target.label})
    return redirect(target.url)


@require_POST
@allow("guides.edit")
def guide_preview(request: HttpRequest, kind: str) -> HttpResponse:
    """How the typed texts sound, while they are being typed. Writes nothing; they are too long for an address."""
    target = _target(request, kind)
    with translation.override(target.language):
        heard = list(_heard(target, GuideForm(target, request.POST)))
    return render(request, "opportunities/partials/guide_preview.html", {"heard": heard})


def _form(request: HttpRequest, target: Target) -> GuideForm:
    if request.method == "POST":
        return GuideForm(target, request.POST)
    stored = editing.find(target.kind, target.group_id, target.language)
    known = inherited if "default" in request.GET else texts_for
    return GuideForm(
        target, initial={**known(target.kind, target.group_id, target.language), "version": stored.version if stored else editing.UNSAVED}
    )


def _page(request: HttpRequest, target: Target, form: GuideForm, *, status: int) -> HttpResponse:
    """The form with what is wrong about it; after a conflict with the texts that stand now beside the typed ones."""
    moved: dict[str, str] = {}
    if status == 409:
        stored = editing.find(target.kind, target.group_id, target.language)
        now = texts_for(target.kind, target.group_id, target.language)
        moved = {key: placeholders.show(now[key]) for key, text in form.texts.items() if now[key] != text}
        form.data = form.data.copy()
        form.data["version"] = stored.version if stored else editing.UNSAVED
    shown = form if form.is_bound else GuideForm(target, QueryDict(urlencode({name: form[name].value() or "" for name in form.fields})))
    context = {
        "target": target,
        "form": form,
        "sections": list(_sections(target, form, moved)),
        "heard": list(_heard(target, shown)),
        "languages": LANGUAGES.items(),
        "groups": ProductGroup.objects.all(),
        "is_moved": status == 409,
        "is_default": "default" in request.GET,
    }
    return render(request, "opportunities/guide_edit.html", context, status=status)


def _sections(target: Target, form: GuideForm, moved: Mapping[str, str]) -> Iterator[tuple[str, str, list]]:
    """Heading, what may stand in braces, and the fields of each section, each with the text that stands now after a conflict."""

    def fields(*keys: str) -> list:
        return [(form[key], moved.get(key, "")) for key in keys]

    def named(key: str) -> str:
        return " ".join(placeholders.shown(form.parts[key].names))

    for situation in SITUATIONS[target.kind]:
        keys = f"opening.{situation.code}", f"question.{situation.code}"
        yield str(situation.label), named(keys[0]), fields(*keys)
    yield _("In every situation"), named("argument"), fields("argument")
    for number in OBJECTIONS:
        yield _("Objection %(number)s") % {"number": number}, named(f"says.{number}"), fields(f"says.{number}", f"answer.{number}")


def _heard(target: Target, form: GuideForm) -> Iterator[tuple[Situation, Said]]:
    """Each situation as it would sound; what cannot be read is left as it was."""
    form.is_valid()
    texts = {**texts_for(target.kind, target.group_id, target.language), **{key: text for key, text in form.texts.items() if text}}
    values = {name: str(value) for name, value in EXAMPLES.items()}
    for situation in SITUATIONS[target.kind]:
        yield situation, filled(texts, situation.code, values)


def _target(request: HttpRequest, kind: str) -> Target:
    """Raises Http404 for a kind, a group or a language that there is none of."""
    said = request.POST if request.method == "POST" else request.GET
    language = said.get("language") or translation.get_language()
    if kind not in SITUATIONS or language not in LANGUAGES:
        raise Http404
    group = get_object_or_404(ProductGroup, pk=parse_id(said["group"])) if said.get("group") else None
    return Target(kind, group, language)


def _label(key: str) -> str:
    name = key.partition(".")[0]
    return {
        "opening": _("Opening"),
        "question": _("Question"),
        "argument": _("Argument"),
        "says": _("The customer says"),
        "answer": _("Answer"),
    }[name]


def _shown(value: object) -> object:
    return placeholders.show(value) if isinstance(value, str) else value


def _unknown(part: Part, name: str) -> str:
    facts = {"name": name, "field": _label(part.key), "possible": ", ".join(placeholders.shown(part.names))}
    if not part.names:
        return _("%(field)s: %(name)s cannot be filled in here. Write it without braces.") % facts
    return _("%(field)s: %(name)s is not known here. Possible are %(possible)s.") % facts
