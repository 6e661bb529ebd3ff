from django.apps import AppConfig


class NpsConfig(AppConfig):
    """What customers answered. Nothing here yet: the survey comes with its own tables."""

    name = "nps"
