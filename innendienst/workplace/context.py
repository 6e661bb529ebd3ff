"""What the frame around each page shows: navigation and Datenstand."""

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict:
    return {}
