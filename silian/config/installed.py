"""Which apps make up Silian, from the bottom up within each chain, and those of others."""

APPS = {
    "kernel": """accounts audit notices people files codes jobs search sheets tokens documents
    calendars proofs persons ui""",
    "governance": """roles consortia charters members claims directory plaques council
    bodykinds bodies proposals appraisals ballots meetings attendance petitions elections
    scrutiny motions votes resolutions minutes agreements drafting signing signatures
    ceremonies commitments contributions changes plans""",
    "industry": """enterprises occupations demand releases outlines hall freshness watches""",
    "education": """programmes standards rulebook authoring units reviewing requests forecasts
    shortages advice skillmap gaps courses enrolments fees rollcalls feedback coursework
    completions needs banks questions formats items exchange papers printouts sittings answering
    marking marksheets examiners practicals rubrics turns judging scoresheets schemes
    skillappraisals panels results passrates""",
    "talent": """profiles consents recommendations records rights rounds criteria wishes fairness
    placement offers cohorts safeguards statutes selections rotations mentoring allowances
    outcomes settlements internships contracts practice assessments complaints keyring
    credentials issuing verification badges""",
    "demo": """cast lives market governing binding teaching training learning testing
    examining certifying loading""",
}
OURS = [f"silian.{chain}.{app}" for chain, apps in APPS.items() for app in apps.split()]
OURS.append("silian.portal")
INSTALLED_APPS = [
    *OURS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_cas_ng",
    "django_htmx",
    "django_tables2",
    "ninja",
]
