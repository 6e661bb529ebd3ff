from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "innendienst.base"
    label = "base"
