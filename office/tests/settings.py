"""Settings of the tests: the product's own, on a throw-away folder."""

import os
import tempfile

os.environ.setdefault("MANGLAR_DATA_DIR", tempfile.mkdtemp(prefix="manglar-tests-"))
os.environ.setdefault("MANGLAR_SECRET_KEY", "only-for-tests-" + "x" * 50)

from manglar.config.settings import *  # noqa: F403  # the environment comes first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405  # from the product's settings
    # Said here because pytest-xdist's plug-in knows only Django's own engine by name.
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}  # noqa: F405  # from the product's settings
