"""The product's settings with what tests need otherwise: quick hashes, plain static files, mail in memory."""

from innendienst.settings import *  # noqa: F403
from innendienst.settings import DATABASES, VAR_DIR

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file as in the product: in memory there is no WAL, no second connection and no lock to wait for.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR.parent / "test.sqlite3"}
