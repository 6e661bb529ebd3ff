"""The forms of a survey: what it asks, whom, and until when."""

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from customers.models import Segment
from customers.models.companies import AbcClass
from customers.segments import added_criteria
from nps.asked import WAY_NAMES
from nps.models import SHORT, SurveyWave
from nps.questions import questions
from nps.sampling import ALL, ONE, WAYS, Rule, read_rule

LASTS_DAYS = 21
_AS_CHOSEN = "chosen"
"""The filter of the draft as it was when it was chosen, though it may be changed or gone by now."""
_PER = [
    ("", gettext_lazy("of all customers together")),
    ("abc_class", gettext_lazy("of each ABC class")),
    ("industry", gettext_lazy("of each industry")),
    ("region", gettext_lazy("of each region")),
    ("team", gettext_lazy("of each team")),
]
_FIELDS = ("name", "kind", "scale_min", "question_de", "question_en", "shows_names", "starts_on", "ends_on")


def _day(label, **options) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class _Question(forms.CharField):
    """One sentence, shown whole; it stands in a mail's line, so it has no line of its own."""

    def to_python(self, value: str) -> str:
        return " ".join(super().to_python(value).split())


def _question(label) -> _Question:
    return _Question(label=label, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class NameForm(forms.Form):
    """What may be changed at any time. `wave` is None for a new survey."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=SHORT)
    ends_on = _day(gettext_lazy("Last day"))

    def __init__(self, *args, wave: SurveyWave | None = None, **options) -> None:
        super().__init__(*args, **options)
        self.wave = wave

    def clean_name(self) -> str:
        name = self.cleaned_data["name"].strip()
        if SurveyWave.objects.filter(name=name).exclude(pk=self.wave and self.wave.pk).exists():
            raise forms.ValidationError(_("Another survey is called “%(name)s”. Choose another name.") % {"name": name})
        return name


class WaveForm(NameForm):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=SurveyWave.Kind.choices)
    scale_min = forms.TypedChoiceField(
        label=gettext_lazy("Scale"),
        choices=SurveyWave.Scale.choices,
        coerce=int,
        help_text=gettext_lazy("1 to 10 is the usual scale here. 0 to 10 compares with outside figures. The two never stand in one line."),
    )
    question_de = _question(gettext_lazy("Question in German"))
    question_en = _question(gettext_lazy("Question in English"))
    shows_names = forms.BooleanField(
        label=gettext_lazy("Owner and sales management see who answered"),
        required=False,
        help_text=gettext_lazy("The invitation says so. Without it nobody can talk with critical customers about their answers."),
    )
    starts_on = _day(gettext_lazy("First day"))
    ways = forms.MultipleChoiceField(
        label=gettext_lazy("Ways to ask"), choices=[(way, WAY_NAMES[way]) for way in WAYS], widget=forms.CheckboxSelectMultiple
    )
    first_way = forms.ChoiceField(
        label=gettext_lazy("Preferred way"),
        choices=[(way, WAY_NAMES[way]) for way in WAYS],
        help_text=gettext_lazy("Whoever cannot be asked this way is asked by the next one that is known and allowed."),
    )
    people = forms.ChoiceField(
        label=gettext_lazy("People per customer"), choices=[(ONE, gettext_lazy("one")), (ALL, gettext_lazy("all known ones"))]
    )
    abc_classes = forms.MultipleChoiceField(
        label=gettext_lazy("ABC classes"),
        choices=AbcClass.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: all."),
    )
    bought_within_days = forms.IntegerField(
        label=gettext_lazy("Last order within (days)"), required=False, min_value=1, max_value=3_650,
        help_text=gettext_lazy("Empty: whenever it was."),
    )  # fmt: skip
    segment = forms.ChoiceField(
        label=gettext_lazy("Saved filter"), required=False,
        help_text=gettext_lazy(
            "Only customers whom it finds. Filters by earlier answers are not offered: who is asked must not hang on them."
        ),
    )  # fmt: skip
    share = forms.IntegerField(label=gettext_lazy("Share drawn at random (%)"), min_value=1, max_value=100)
    per = forms.ChoiceField(label=gettext_lazy("Drawn"), choices=_PER, required=False)

    field_order = (
        "name", "kind", "scale_min", "question_de", "question_en", "shows_names", "starts_on", "ends_on", "ways", "first_way",
        "people", "segment", "abc_classes", "bought_within_days", "share", "per",
    )  # fmt: skip

    def __init__(self, data=None, *, wave: SurveyWave | None = None) -> None:
        super().__init__(data, wave=wave, initial=_stored(wave) if wave else _proposed())
        kept = _filter_of(read_rule(wave.rule) if wave else Rule())
        self._filters = _saved_filters(kept)
        self.fields["segment"].choices = [("", _("all customers")), *((key, label) for key, (label, _parts) in self._filters.items())]
        self.initial["segment"] = next((key for key, (_label, parts) in self._filters.items() if parts == kept), "")

    def clean(self) -> dict:
        given = super().clean()
        starts_on, ends_on = given.get("starts_on"), given.get("ends_on")
        if starts_on and ends_on and ends_on < max(starts_on, timezone.localdate()):
            self.add_error("ends_on", _("Last day: it lies before the first day, or in the past."))
        if given.get("ways") and given.get("first_way") not in given["ways"]:
            given["first_way"] = given["ways"][0]
        return given

    @property
    def fields_of_wave(self) -> dict:
        return {name: self.cleaned_data[name] for name in _FIELDS}

    @property
    def rule(self) -> dict:
        """The rule by which the sample is drawn, as it is stored."""
        given = self.cleaned_data
        _label, chosen = self._filters.get(given["segment"], ("", {}))
        ways = sorted(given["ways"], key=lambda way: (way != given["first_way"], WAYS.index(way)))
        rule = Rule(
            ways=tuple(ways), share=given["share"], per=given["per"], abc_classes=tuple(given["abc_classes"]),
            bought_within_days=given["bought_within_days"], people=given["people"], **chosen,
        )  # fmt: skip
        return {key: value for key, value in rule.stored().items() if key != "seed"}


def _filter_of(rule: Rule) -> dict:
    return {"segment": rule.segment, "criteria": dict(rule.criteria)}


def _saved_filters(kept: dict) -> dict[str, tuple[str, dict]]:
    """Key → label and parts of the rule: each saved filter as it is now, and the one of the draft where that is none of them."""
    open_ones = (one for one in Segment.objects.all() if not added_criteria().keys() & one.criteria.keys())
    found = {str(one.pk): (one.name, {"segment": one.name, "criteria": one.criteria}) for one in open_ones}
    if kept["criteria"] and kept not in (parts for _label, parts in found.values()):
        found[_AS_CHOSEN] = (_("%(name)s, as it was chosen") % {"name": kept["segment"]}, kept)
    return found


def _stored(wave: SurveyWave) -> dict:
    rule = read_rule(wave.rule)
    return {
        **{name: getattr(wave, name) for name in _FIELDS},
        "ways": list(rule.ways), "first_way": rule.ways[0], "people": rule.people, "abc_classes": list(rule.abc_classes),
        "bought_within_days": rule.bought_within_days, "share": rule.share, "per": rule.per,
    }  # fmt: skip


def _proposed() -> dict:
    today = timezone.localdate()
    rule = Rule()
    return {
        "name": _("Customer survey %(month)s") % {"month": f"{today:%m/%Y}"},
        "kind": SurveyWave.Kind.RELATIONSHIP, "scale_min": SurveyWave.Scale.FROM_1, "shows_names": True, **questions(),
        "starts_on": today, "ends_on": today + dt.timedelta(days=LASTS_DAYS), "ways": list(rule.ways), "first_way": rule.ways[0],
        "people": rule.people, "share": rule.share,
    }  # fmt: skip
