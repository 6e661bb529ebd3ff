"""Named reads of plans."""

import datetime as dt
from typing import Self

from django.db import models

from accounts.models import User
from campaigns.measures.querysets import of_teams


class PlanQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """His team's and the whole house's; without a team, all."""
        return self.filter(of_teams(user))

    def living(self, today: dt.date) -> Self:
        """Those whose bound cells follow the data: not frozen, and not over for more than a month."""
        return self.filter(frozen_at=None, ends_on__gte=today - dt.timedelta(days=31))
