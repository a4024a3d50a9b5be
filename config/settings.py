"""Settings, in sections. Everything from outside comes through `config.environment`; docs/settings.md lists it all."""

from pathlib import Path

from django.templatetags.static import static
from django.urls import reverse_lazy

from config.environment.dotenv import read_dotenv
from config.environment.hosts import read_field, read_header, read_hosts, read_origins
from config.environment.limits import read_limits
from config.environment.mail import list_mail_settings
from config.environment.secret_key import read_fallbacks, read_secret_key
from config.environment.tokens import read_token
from config.environment.variables import read_bool, read_choice, read_number, read_text
from config.ownership import OWNERSHIP as OWNERSHIP_MAP
from freehold import parse_database_url

BASE_DIR = Path(__file__).resolve().parent.parent
read_dotenv(BASE_DIR)

# --- Process -----------------------------------------------------------------------------------------------------
DEBUG = read_bool("DEBUG", default=True)
SERVICE = read_choice("SERVICE", [*(service.name for service in OWNERSHIP_MAP.services), "all"], default="all")
SECRET_KEY = read_secret_key(BASE_DIR / "var" / "secret_key", debug=DEBUG)
SECRET_KEY_FALLBACKS = read_fallbacks(debug=DEBUG)
ALLOWED_HOSTS = read_hosts("ALLOWED_HOSTS", debug=DEBUG)
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

# --- Who owns what -----------------------------------------------------------------------------------------------
OWNERSHIP = "config.ownership.OWNERSHIP"
MIGRATION_EDITED = read_choice("MIGRATION_EDITED", ["refuse", "warn"], default="warn" if DEBUG else "refuse")

# --- Apps: the engine first, since it overrides `migrate` and its receivers run before the others' ------------------
INSTALLED_APPS = [
    "freehold",
    "freehold.sealing",
    "freehold.limits",
    "config.apps.ProjectConfig",
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.import_export",  # before the next, whose templates it gives Unfold's look
    "import_export",
    "config.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "corsheaders",
    "dmr",  # the files of the API's page
    "auth_app",
    "master",
    "items",
    "profile",
    "tenancy",
    "runs",
    "studio",
]
MIDDLEWARE = [
    "freehold.AccessLogMiddleware",  # each answer has a line, whoever gives it
    "corsheaders.middleware.CorsMiddleware",  # of errors and redirects too: else a browser shows nobody what they say
    "freehold.api.compression.GzipMiddleware",
    "freehold.api.middleware.ProblemMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "freehold.ServiceMiddleware",
    "freehold.limits.middleware.RateLimitMiddleware",
    "auth_app.middleware.SessionMiddleware",
    "auth_app.middleware.SessionDetailsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "auth_app.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.DatabaseFaultMiddleware",
]

# What api's process leaves out: it may not write sessions, and learns who asks from a function of the contract.
SILENCED_SYSTEM_CHECKS: list[str] = []
SESSION_MIDDLEWARE = {"auth_app.middleware.SessionMiddleware", "auth_app.middleware.SessionDetailsMiddleware"}
if SERVICE == "api":
    MIDDLEWARE = [each for each in MIDDLEWARE if each not in SESSION_MIDDLEWARE]
    SILENCED_SYSTEM_CHECKS += ["admin.E410"]  # the admin site wants sessions; its pages are another process's

# --- Database ----------------------------------------------------------------------------------------------------
# A process of one service connects as that service; `all` as the login that may become each, request by request.
LOGIN_SERVICE = OWNERSHIP_MAP.find_service(SERVICE)
DATABASES = {
    "default": parse_database_url(
        read_text("DATABASE_URL", "sqlite:///local.db"),
        base=BASE_DIR,
        schemas=OWNERSHIP_MAP.schema_names,
        login=LOGIN_SERVICE.login if LOGIN_SERVICE else OWNERSHIP_MAP.combined,
    )
}
DATABASE_ROUTERS = ["freehold.OwnershipRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Of one migration: how long it waits for a lock, how long a statement takes, and how often it is tried again.
MIGRATION_LOCK_TIMEOUT = read_text("MIGRATION_LOCK_TIMEOUT", "5s")
MIGRATION_STATEMENT_TIMEOUT = read_text("MIGRATION_STATEMENT_TIMEOUT", "15min")
MIGRATION_RETRIES = read_text("MIGRATION_RETRIES", "10")
TOLERATE_EXTRA_RIGHTS = read_bool("TOLERATE_EXTRA_RIGHTS", default=False)

# --- Accounts ----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "auth_app.User"
SESSION_ENGINE = "auth_app.sessions"
ENCRYPT_SESSIONS = read_bool("ENCRYPT_SESSIONS", default=True)
PRINCIPAL = "config.principals.identify"
IDEMPOTENCY_STORE = "tenancy.services.idempotency_key.KeptAnswers"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"  # a service without sessions shows them too
# How many attempts at a password in how many seconds, and letters with a link to a new one: docs/limits.md
SIGN_IN_LIMITS = read_limits(
    "SIGN_IN_LIMITS",
    {
        "address": "60/900",
        "account_address": "10/900",
        "account": "100/3600",
        "letters_address": "20/3600",
        "letters": "3/900",
    },
)
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# --- Mail: Django's settings come from the address, which holds a password and so is none itself --------------------
_email_url = read_text("EMAIL_URL", "consolemail://" if DEBUG else "")
SENDS_MAIL = bool(_email_url)
if not SENDS_MAIL:
    SILENCED_SYSTEM_CHECKS += ["mail.E001"]  # Django 6.1's, of mail that goes nowhere: it is meant, and pages say so
DEFAULT_FROM_EMAIL = read_text("DEFAULT_FROM_EMAIL", "webmaster@localhost")
globals().update(list_mail_settings(_email_url))

# --- The API: how many requests in how many seconds, of whom; `reports` are uploads of runs ------------------------
API_RATE_LIMITS = read_limits(
    "API_RATE_LIMITS",
    {"anonymous": "1200/60", "user": "3000/60", "api_key": "6000/60", "reports": "6000/60", "tenant": "30000/60"},
)
ADDRESS_HEADER = read_field("ADDRESS_HEADER")
# Which other sites' pages may ask it, with a key of their own: cookies are this site's alone.
CORS_URLS_REGEX = r"/api/"
CORS_ALLOWED_ORIGINS = read_origins("CORS_ORIGINS", https=False, wild=False)
CORS_ALLOW_HEADERS = [
    *("accept", "authorization", "content-encoding", "content-type", "idempotency-key", "if-match", "if-none-match"),
    "x-request-id",
]
CORS_EXPOSE_HEADERS = [
    *("ETag", "Idempotent-Replayed", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-ID"),
]

# --- Logs: on stderr, without the values in errors of the database -------------------------------------------------
LOG_FORMAT = read_choice("LOG_FORMAT", ["json", "text"], default="text" if DEBUG else "json")
METRICS_TOKEN = read_token("METRICS_TOKEN")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "without_values": {"()": "freehold.WithoutValues"},
        "production": {"()": "django.utils.log.RequireDebugFalse"},
    },
    "formatters": {
        "json": {"()": "freehold.JSONFormatter", "service": SERVICE},
        "text": {"()": "freehold.TextFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["without_values"],
            "formatter": LOG_FORMAT,
        },
        "mail_admins": {
            "class": "django.utils.log.AdminEmailHandler",
            "level": "ERROR",
            "filters": ["production", "without_values"],
            "reporter_class": "freehold.PlainReporter",
        },
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["mail_admins"], "level": "INFO" if DEBUG else "WARNING"},
        # A request's status stands in its line; what comes besides is the reason of a 500.
        "django.request": {"level": "ERROR"},
        "django.server": {"level": "CRITICAL"},  # runserver's lines have addresses, which may hold secrets
        "freehold.access": {"level": "INFO"},
    },
}

# --- Pages -------------------------------------------------------------------------------------------------------
DATABASE_PAGE = read_choice("DATABASE_PAGE", ["staff", "everyone"], default="staff")  # who sees it at /
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "freehold.printable.FormRenderer"  # no form gives back a character that a page can't hold
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "static"
WHITENOISE_USE_FINDERS = DEBUG

# --- Admin site, see the Unfold manual for the names ---------------------------------------------------------------
UNFOLD = {
    "SITE_TITLE": "Freehold admin",
    "SITE_HEADER": "Freehold",
    "SITE_SUBHEADER": "One database, many owners",
    "SITE_URL": reverse_lazy("home"),
    "SITE_ICON": lambda request: static("favicon.svg"),
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("favicon.svg")},
    ],
    "STYLES": [lambda request: static("admin.css")],
    "SCRIPTS": [lambda request: static("admin.js")],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SIDEBAR": {"navigation": "config.admin_site.navigation.list_groups"},
    "COLORS": {
        "primary": {  # indigo, as the pages of schema auth
            "50": "#eef0ff",
            "100": "#e0e4ff",
            "200": "#c6cdff",
            "300": "#a9b6ff",
            "400": "#8794f5",
            "500": "#6472e4",
            "600": "#3b4cc0",
            "700": "#323fa0",
            "800": "#2a357f",
            "900": "#252d63",
            "950": "#171b3d",
        },
    },
}

# --- Language and time -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]
USE_TZ = True

# --- HTTPS, which a proxy speaks or the server itself ------------------------------------------------------------
HTTPS = read_bool("HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # asked by machines beside it, without a proxy
SECURE_PROXY_SSL_HEADER = read_header("SECURE_PROXY_SSL_HEADER")
_hsts_seconds = read_number("HSTS_SECONDS", 2_592_000)
SECURE_HSTS_SECONDS = _hsts_seconds if HTTPS else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = read_bool("SECURE_COOKIES", default=HTTPS)
CSRF_TRUSTED_ORIGINS = read_origins("CSRF_TRUSTED_ORIGINS", https=HTTPS)
# Of all below the site's name, and of lists in browsers: for whoever owns the whole domain to say, at the proxy.
SILENCED_SYSTEM_CHECKS += ["security.W005", "security.W021"]

# --- What a page may load (Content-Security-Policy) --------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "default-src": ["'self'"],
    "img-src": ["'self'", "data:", "https:"],  # pictures of items lie where their owners keep them
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "object-src": ["'none'"],
}
# The page of the API has a logo that brings a style of its own, and that one alone is let in: by its digest.
API_CONTENT_SECURITY_POLICY = {
    **CONTENT_SECURITY_POLICY,
    "style-src": ["'self'", "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='"],
}
# Unfold's scripts (Alpine, htmx) evaluate attributes, and its pages have styles in them.
ADMIN_CONTENT_SECURITY_POLICY = {
    **CONTENT_SECURITY_POLICY,
    "script-src": ["'self'", "'unsafe-eval'"],
    "style-src": ["'self'", "'unsafe-inline'"],
}
