"""All settings, from the environment alone. ``docs/deployment.md`` lists every variable."""

from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from silian.config import installed

env = environ.Env()
ROOT = Path(__file__).resolve().parents[2]
VAR = Path(env("SILIAN_VAR", default=str(ROOT / "var")))

# --- who we are -------------------------------------------------------------------------
DEBUG = env.bool("SILIAN_DEBUG", default=False)
DEMO = env.bool("SILIAN_DEMO", default=False)
UNSET_KEY = "only for development and tests"
SECRET_KEY = env("SILIAN_SECRET_KEY", default=UNSET_KEY)
SECRET_KEY_FALLBACKS = env.list("SILIAN_FORMER_KEYS", default=[])
ALLOWED_HOSTS = env.list("SILIAN_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("SILIAN_ORIGINS", default=[])
SITE_URL = env("SILIAN_SITE_URL", default="http://localhost:8000")
CLOCK = env("SILIAN_CLOCK", default="")  # an ISO date-time at which the demo's clock stands

# --- applications -----------------------------------------------------------------------
INSTALLED_APPS = installed.INSTALLED_APPS
MIDDLEWARE = [
    "silian.config.logs.log_requests",
    "silian.education.answering.gate.answers_first",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "silian.kernel.accounts.middleware.idle_timeout",
    "silian.kernel.accounts.middleware.second_factor",
    "silian.kernel.notices.middleware.recount_todos",
    "django_htmx.middleware.HtmxMiddleware",
    "silian.kernel.states.ConflictMiddleware",
    "silian.talent.profiles.sightings.note_names",
]
ROOT_URLCONF = "silian.config.urls"
WSGI_APPLICATION = "silian.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["silian.kernel.audit.templatetags.record"],  # {% timeline object %}
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "silian.portal.navigation.navigation",
            ],
        },
    }
]

# --- data -------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default="postgresql://localhost/silian")}
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),
    "pool": {"min_size": 1, "max_size": env.int("SILIAN_POOL", default=16), "timeout": 10},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # what counts failed tries must not be pushed out
    }
}
PROCRASTINATE_ON_APP_READY = "silian.kernel.jobs.tasks.keep_errors"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = env.int("SILIAN_SESSION_SECONDS", default=8 * 3600)
SESSION_IDLE_SECONDS = env.int("SILIAN_IDLE_SECONDS", default=3600)
SESSION_SAVE_EVERY_REQUEST = False

# --- languages and time -----------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
USE_TZ = True
TIME_ZONE = env("SILIAN_TIME_ZONE", default="Asia/Shanghai")

# --- files ------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = VAR / "files"
FILE_SIZE_LIMIT = env.int("SILIAN_FILE_BYTES", default=20 * 1024 * 1024)
_s3_bucket = env("SILIAN_S3_BUCKET", default="")
STORAGES = {
    "default": (
        {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": _s3_bucket,
                "endpoint_url": env("SILIAN_S3_ENDPOINT", default=None),
                "default_acl": "private",
                "file_overwrite": False,
            },
        }
        if _s3_bucket
        else {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    ),
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 60

# --- people -----------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:workspace"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
INVITATION_DAYS = env.int("SILIAN_INVITATION_DAYS", default=14)
TELL_GUARDIANS = env.bool("SILIAN_TELL_GUARDIANS", default=True)  # of what 14 to 17 consent to
ANSWER_DAYS = env.int("SILIAN_ANSWER_DAYS", default=30)  # for a request of correction
DELETION_DAYS = env.int("SILIAN_DELETION_DAYS", default=15)  # in which one can think better of it
OPEN_SIGNUP = env.bool("SILIAN_OPEN_SIGNUP", default=False)  # otherwise by invitation or import
ACCOUNT_ADAPTER = "silian.kernel.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_FORMS = {"login": "silian.kernel.accounts.forms.SignInForm"}
ACCOUNT_SIGNUP_FORM_CLASS = "silian.kernel.accounts.forms.NameForm"
ACCOUNT_EMAIL_VERIFICATION = env("SILIAN_EMAIL_VERIFICATION", default="none")
ACCOUNT_PHONE_VERIFICATION_ENABLED = False  # until there is a channel for text messages
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False  # the cookie goes with the browser
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = env.int("SILIAN_REAUTHENTICATE_SECONDS", default=900)
ACCOUNT_RATE_LIMITS = {
    "login": env("SILIAN_LOGIN_RATE", default="60/m/ip"),
    "document_check": env("SILIAN_CHECK_RATE", default="60/m/ip"),
    "exam_ticket": "10/300s/key",  # codes that are tried with one ticket's number
    "sheet_signature": "30/300s/key",  # of one examiner; passwords that are tried there, too
    "certificate_check": env("SILIAN_CERTIFICATE_RATE", default="60/m/ip,20/300s/key"),
    "complaint": "20/m/ip",  # new ones, and receipt codes that are tried
    "login_failed": env("SILIAN_LOGIN_FAILURES", default="5/300s/key,30/300s/ip"),
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("SILIAN_PROXIES", default=0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "add_webauthn": "silian.kernel.accounts.forms.NewKeyForm",
    "edit_webauthn": "silian.kernel.accounts.forms.KeyNameForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = env("SILIAN_NAME", default="Silian")
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
# Any of: everyone, administrators, secretariats
REQUIRE_SECOND_FACTOR = env.list("SILIAN_REQUIRE_SECOND_FACTOR", default=[])
# A school's own sign-in. Who is unknown here is let in only by invitation, or where this says so.
ADMIT_UNKNOWN = env.bool("SILIAN_ADMIT_UNKNOWN", default=False)
SOCIALACCOUNT_ADAPTER = "silian.kernel.accounts.adapters.OutsideAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form that redirects to another site would break our CSP
_oidc = {
    "provider_id": env("SILIAN_OIDC_ID", default="school"),
    "name": env("SILIAN_OIDC_NAME", default="OpenID Connect"),
    "client_id": env("SILIAN_OIDC_CLIENT", default=""),
    "secret": env("SILIAN_OIDC_SECRET", default=""),
    "settings": {"server_url": env("SILIAN_OIDC_SERVER", default="")},
}
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [_oidc] if _oidc["client_id"] else []}}
CAS_SERVER_URL = env("SILIAN_CAS_SERVER", default="")
CAS_NAME = env("SILIAN_CAS_NAME", default="CAS")
CAS_VERSION = env("SILIAN_CAS_VERSION", default="3")
CAS_PREFIX = env("SILIAN_CAS_PREFIX", default="cas-")
CAS_CREATE_USER = ADMIT_UNKNOWN
if CAS_SERVER_URL:
    AUTHENTICATION_BACKENDS.append("silian.kernel.accounts.adapters.CampusBackend")
SIGNING_AUTHORITIES = env.dict("SILIAN_SIGNING_AUTHORITIES", default={})  # key=package.Adapter
PAYMENT_METHODS = env.dict("SILIAN_PAYMENT_METHODS", default={})  # key=package.Method
# Values that auditors of 等保 2.0 (GB/T 22239-2019) usually ask for; each can be changed.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": env.int("SILIAN_PASSWORD_LENGTH", default=10)},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# --- security ---------------------------------------------------------------------------
_https = env.bool("SILIAN_HTTPS", default=False)
SECURE_SSL_REDIRECT = _https
SECURE_REDIRECT_EXEMPT = ["^livez$", "^readyz$"]  # asked from within, without the proxy
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- pages ------------------------------------------------------------------------------
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "ui/table.html"
FORMS_URLFIELD_ASSUME_HTTPS = True
FILTERS_EMPTY_CHOICE_LABEL = _("All")

# --- mail, log --------------------------------------------------------------------------
EMAIL_CONFIG = env.email_url("SILIAN_MAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env("SILIAN_MAIL_FROM", default="Silian <silian@localhost>")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "silian.config.logs.RequestId"}},
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s",
            "rename_fields": {"asctime": "time", "levelname": "level"},
        },
        "plain": {"format": "%(levelname)s %(name)s: %(message)s"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["request_id"],
            "formatter": env("SILIAN_LOG_FORMAT", default="json"),
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"silian": {"level": env("SILIAN_LOG_LEVEL", default="INFO")}},
}

# --- processes --------------------------------------------------------------------------
SERVE_ADDRESS = env("SILIAN_ADDRESS", default="127.0.0.1")
SERVE_PORT = env.int("SILIAN_PORT", default=8000)
SERVE_PROCESSES = env.int("SILIAN_WEB_PROCESSES", default=1)
SERVE_THREADS = env.int("SILIAN_WEB_THREADS", default=8)  # in each process
JOBS_AT_ONCE = env.int("SILIAN_JOBS_AT_ONCE", default=4)  # in each worker
JOB_GRACE_SECONDS = env.int("SILIAN_JOB_GRACE", default=60)
