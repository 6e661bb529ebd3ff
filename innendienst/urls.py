"""Every address of the product."""

from django.contrib import admin
from django.urls import include, path

from innendienst.health import health

urlpatterns = [
    path("", include("accounts.urls")),
    path("setup/", include("innendienst.first_hour.urls")),
    path("admin/", admin.site.urls),
    path("health/", health, name="health"),
    path("customers/", include("innendienst.workplace.customer_urls")),
    path("", include("innendienst.workplace.urls")),
]
