"""The own settings, and of django-allauth the pages this product offers: no signing up, no second e-mail addresses."""

from allauth.account import views as allauth_views
from django.urls import path, re_path

from accounts import absences, views

urlpatterns = [
    path("settings/", views.settings, name="account_settings"),
    path("settings/absences/", views.absence_add, name="account_absence_add"),
    path("settings/absences/<int:pk>/remove/", views.absence_remove, name="account_absence_remove"),
    path("settings/calendar/", views.calendar_make, name="account_calendar_make"),
    path("settings/calendar/revoke/", views.calendar_revoke, name="account_calendar_revoke"),
    path("absences/", absences.absence_list, name="absence_list"),
    path("absences/<int:pk>/remove/", absences.absence_end, name="absence_end"),
    path("accounts/login/", allauth_views.login, name="account_login"),
    path("accounts/logout/", allauth_views.logout, name="account_logout"),
    path("accounts/inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("accounts/signup/", allauth_views.signup, name="account_signup"),
    path("accounts/password/change/", allauth_views.password_change, name="account_change_password"),
    path("accounts/password/set/", allauth_views.password_set, name="account_set_password"),
    path("accounts/password/reset/", allauth_views.password_reset, name="account_reset_password"),
    path("accounts/password/reset/done/", allauth_views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("accounts/password/reset/key/done/", allauth_views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]
