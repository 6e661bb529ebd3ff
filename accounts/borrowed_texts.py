"""Texts of installed packages that our catalogue translates in their place: theirs is missing, or says "Du".

Nothing imports this; makemessages reads it. A catalogue of the project goes before those of packages.
"""

from django.utils.translation import gettext_noop as _, ngettext

ALLAUTH = (
    _("You must type the same password each time."),
    _("Email"),
    _("New Password (again)"),
)
DJANGO_ADMIN = (
    _("The {name} “{obj}” was added successfully."),
    _("The {name} “{obj}” was added successfully. You may add another {name} below."),
    _("You may edit it again below."),
    _("The {name} “{obj}” was changed successfully."),
    _("The {name} “{obj}” was changed successfully. You may add another {name} below."),
    _("The {name} “{obj}” was changed successfully. You may edit it again below."),
    _("The %(name)s “%(obj)s” was deleted successfully."),
    ngettext("Please correct the error below.", "Please correct the errors below.", 1),
)
DJANGO_AUTH = (
    _("After you’ve created a user, you’ll be able to edit more user options."),
    _("Conflicting form data submitted. Please try again."),
    _("Disable password-based authentication"),
    _("Disabled"),
    _("Enable password-based authentication"),
    _("Enable password-based authentication for this user by setting a password."),
    _("Enabled"),
    _("Password-based authentication"),
    _("Password-based authentication was disabled."),
    _("Raw passwords are not stored, so there is no way to see the user’s password."),
    _("Reset password"),
    _("Set password"),
    _("Set password: %s"),
    _("This action will <strong>enable</strong> password-based authentication for this user."),
    _(
        "Whether the user will be able to authenticate using a password or not. If disabled, they may still be able to "
        "authenticate using other backends, such as Single Sign-On or LDAP."
    ),
)
