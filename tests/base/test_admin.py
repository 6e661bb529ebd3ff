"""The administration reads words, not codes: acts, runs and mails."""

import pytest
from django.utils import translation
from django.utils.html import strip_tags

from customers import outbox
from innendienst.acts import ACTS
from innendienst.base import audit, jobs
from innendienst.base.admin import facts_text

KINDS = (
    "recompute", "refresh", "send_mail", "morning", "import_stage", "import_take_over", "import_take_back", "import_pick_up",
    "forget_imports", "tidy",
)  # fmt: skip


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(
    ("words", "code"),
    [*((audit.words, act) for act in ACTS), *((jobs.words, kind) for kind in KINDS), (outbox.words, "digest")],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_code_has_words_in_both_languages(words, code, language):
    with translation.override(language):
        assert words(code) not in {"", code}


def test_what_is_done_no_more_shows_its_code():
    assert (audit.words("gone.act"), jobs.words("gone"), outbox.words("gone")) == ("gone.act", "gone", "gone")


@pytest.mark.django_db
def test_lists_and_their_filters_speak_in_words(client, dieter):
    client.force_login(dieter)
    audit.record("customer.assign", by=dieter)
    audit.record("demo.load")
    jobs.request("tidy")
    outbox.queue_message(kind="digest", key="a", user=dieter)
    pages = ("base/auditevent", "base/job", "customers/message")
    shown = {name: strip_tags(client.get(f"/admin/{name}/").content.decode()) for name in pages}
    assert shown["base/auditevent"].count("Betreuung zugeordnet") == 2  # in the list, and as a filter
    assert "customer.assign" not in shown["base/auditevent"]
    assert "Wegräumen von Veraltetem" in shown["base/job"]
    assert "tidy" not in shown["base/job"]
    assert "Morgenmail" in shown["customers/message"]
    assert "digest" not in shown["customers/message"]


def test_results_are_told_without_what_is_zero():
    assert facts_text({"written": {"Opportunity": 3, "CallListRow": 0, "WinRate": 1}}) == "written: Opportunity 3 · WinRate 1"
    assert facts_text({"written": {"Opportunity": 0}, "rows": [1, 2, 3, 4, 5, 6], "by": "anna"}) == "written: 0, rows: 6 …, by: anna"
