"""Which columns hold personal data of the people who work here, why, how long, and how they are erased."""

from innendienst.lib.personal import Column

_WHILE_EMPLOYED = "while the person works here, then 12 months"

PERSONAL = {
    "User.username": Column("signing in", _WHILE_EMPLOYED, "replaced by a number"),
    "User.password": Column("signing in; a hash", _WHILE_EMPLOYED, "made unusable"),
    "User.first_name": Column("colleagues and customers know who calls", _WHILE_EMPLOYED, "blanked"),
    "User.last_name": Column("colleagues and customers know who calls", _WHILE_EMPLOYED, "blanked"),
    "User.email": Column("password reset and the morning mail", _WHILE_EMPLOYED, "blanked"),
    "AccessToken.token_hash": Column("knowing a secret address again; a hash", _WHILE_EMPLOYED, "row deleted"),
    "User.phone_extension": Column("colleagues reach each other", _WHILE_EMPLOYED, "blanked"),
}
IMPERSONAL = {"AccessToken.purpose", "User.role", "User.language", "Team.name", "Team.state"}
