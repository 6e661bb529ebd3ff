"""The audit log is only ever added to."""

import pytest

from innendienst.base import audit
from innendienst.base.models import AuditEvent

pytestmark = pytest.mark.django_db


def test_an_act_is_recorded_with_who_and_which_rows(dieter):
    audit.record("customer.assign", by=dieter, customers=[1, 2], owner=3)
    event = AuditEvent.objects.get()
    assert (event.act, event.by, event.facts) == ("customer.assign", dieter, {"customers": [1, 2], "owner": 3})


def test_recorded_acts_cannot_be_changed_or_deleted_together():
    audit.record("demo.load")
    with pytest.raises(TypeError):
        AuditEvent.objects.update(act="other")
    with pytest.raises(TypeError):
        AuditEvent.objects.all().delete()
    assert AuditEvent.objects.get().act == "demo.load"


def test_a_single_recorded_act_cannot_be_changed_or_deleted():
    event = audit.record("demo.load")
    event.act = "other"
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()
    assert AuditEvent.objects.get().act == "demo.load"


def test_an_act_that_nobody_has_named_is_refused():
    with pytest.raises(KeyError, match="other"):
        audit.record("other")
    assert not AuditEvent.objects.exists()
