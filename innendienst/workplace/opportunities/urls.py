"""Addresses of the opportunities."""

from django.urls import path

from innendienst.workplace.opportunities import detail, guides, orders, rules, views

app_name = "opportunities"

urlpatterns = [
    path("", views.opportunity_list, name="list"),
    path("export/", views.opportunity_export, name="export"),
    path("many/", views.opportunities_act, name="many"),
    path("undo/", views.opportunities_undo, name="undo"),
    path("guides/", guides.guide_list, name="guides"),
    path("guides/<slug:kind>/", guides.guide_edit, name="guide"),
    path("guides/<slug:kind>/preview/", guides.guide_preview, name="guide_preview"),
    path("rules/", rules.rule_list, name="rules"),
    path("rules/add/", rules.rule_add, name="rule_add"),
    path("rules/preview/", rules.rule_preview, name="rule_preview"),
    path("rules/<int:pk>/", rules.rule_edit, name="rule_edit"),
    path("rules/<int:pk>/delete/", rules.rule_delete, name="rule_delete"),
    path("<int:pk>/", detail.opportunity_detail, name="detail"),
    path("<int:pk>/act/", detail.opportunity_act, name="act"),
    path("<int:pk>/order/", detail.opportunity_order, name="order"),
    path("<int:pk>/orders/<int:match>/", orders.match_answer, name="match"),
    path("<int:pk>/orders/<int:match>/undo/", orders.match_undo, name="match_undo"),
    path("<int:pk>/quotes/<int:version>/", detail.quote_file, name="quote_file"),
]
