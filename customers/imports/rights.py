"""Who may do something with an import: whoever imports all lists, and with his own follow-ups their person."""

from django.db.models import QuerySet

from accounts.models import User
from accounts.permissions import demand
from customers.models import ImportRun


def demand_run(actor: User, run: ImportRun) -> None:
    """Raise PermissionDenied unless the actor may import this list."""
    demand(actor, "import.own" if run.is_own and run.by_id == actor.pk else "import.run")


def own_runs(user: User) -> QuerySet[ImportRun]:
    """The lists that the person imported for himself."""
    return ImportRun.objects.filter(is_own=True, by=user)
