"""Every address of the product."""

from django.contrib import admin
from django.urls import include, path

from innendienst.health import health
from innendienst.preferences_page import preferences_edit
from innendienst.workplace.complaints.views import complaint_list
from innendienst.workplace.incoming import call_incoming
from innendienst.workplace.objection import objection
from innendienst.workplace.search.views import search

handler400 = "innendienst.workplace.errors.bad_request"
handler403 = "innendienst.workplace.errors.refused"
handler404 = "innendienst.workplace.errors.not_found"
handler500 = "innendienst.workplace.errors.broken"

urlpatterns = [
    path("", include("accounts.urls")),
    path("setup/", include("innendienst.first_hour.urls")),
    path("admin/preferences/", preferences_edit, name="preferences"),
    path("admin/", admin.site.urls),
    path("health/", health, name="health"),
    path("search/", search, name="search"),
    path("customers/segments/", include("innendienst.workplace.segments.urls")),
    path("customers/", include("innendienst.workplace.customers.urls")),
    path("opportunities/", include("innendienst.workplace.opportunities.urls")),
    path("api/v1/calls/incoming", call_incoming, name="call_incoming"),
    path("api/v1/", include("innendienst.api.urls")),
    path("complaints/", complaint_list, name="complaint_list"),
    path("references/", include("innendienst.workplace.references.urls")),
    path("referrals/", include("innendienst.workplace.referrals.urls")),
    path("handovers/", include("innendienst.workplace.handovers.urls")),
    path("imports/", include("customers.imports.urls")),
    path("follow-ups/import/", include("customers.imports.own_urls", namespace="own_imports")),
    path("s/stop/<str:token>/", objection, name="objection"),
    path("s/", include("nps.public.urls")),
    path("nps/", include("nps.urls")),
    path("campaigns/", include("innendienst.workplace.campaigns.urls")),
    path("plans/measures/", include("innendienst.workplace.measures.urls")),
    path("plans/", include("innendienst.workplace.plans.urls")),
    path("", include("innendienst.workplace.urls")),
]
