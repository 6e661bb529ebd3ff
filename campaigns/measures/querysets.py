"""Named reads of measures. They name no customer; a team sees its own and those of the whole house."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import User


def of_teams(user: User) -> Q:
    """Rows with a `team` that concern the user: his team's and the whole house's; without a team, all."""
    return Q(team=None) | Q(team=user.team_id) if user.team_id else Q()


class MeasureQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Those of his teams, and whichever he is responsible for."""
        return self.concerning(user.team_id, user.pk) if user.team_id else self.all()

    def concerning(self, team: object, person: object) -> Self:
        """Those of a team, of the whole house, and of a person, by their ids."""
        return self.filter(Q(team=None) | Q(team=team) | Q(owner=person))

    def open(self) -> Self:
        return self.filter(state__in=self.model.OPEN)

    def due(self, today: dt.date) -> Self:
        """Open ones to be looked at: on their day, or because they have ended."""
        return self.open().filter(Q(remind_on__lte=today) | Q(ends_on__lt=today))
