"""Every address of Silian. What belongs to one consortium lives under its short address."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.views.i18n import set_language

from silian.config import health
from silian.config.api import public_urls
from silian.governance.consortia.converters import ConsortiumConverter

register_converter(ConsortiumConverter, "consortium")

of_a_consortium: list[URLPattern | URLResolver] = [
    path("demand/", include("silian.industry.demand.urls")),
    path("bodies/kinds/", include("silian.governance.bodykinds.urls")),
    path("bodies/applications/", include("silian.governance.proposals.urls")),
    path("bodies/", include("silian.governance.bodies.urls")),
    path("bodies/", include("silian.governance.appraisals.urls")),
    path("charter/", include("silian.governance.charters.urls")),
    path("council/", include("silian.governance.council.urls")),
    path("ballots/", include("silian.governance.ballots.urls")),
    path("elections/", include("silian.governance.elections.urls")),
    path("elections/", include("silian.governance.scrutiny.urls")),
    path("meetings/", include("silian.governance.meetings.urls")),
    path("meetings/", include("silian.governance.attendance.urls")),
    path("meetings/petitions/", include("silian.governance.petitions.urls")),
    path("motions/votes/", include("silian.governance.votes.urls")),
    path("motions/", include("silian.governance.motions.urls")),
    path("resolutions/", include("silian.governance.resolutions.urls")),
    path("minutes/", include("silian.governance.minutes.urls")),
    path("agreements/", include("silian.governance.agreements.urls")),
    path("signing/", include("silian.governance.signing.urls")),
    path("signing/signatures/", include("silian.governance.signatures.urls")),
    path("meetings/ceremonies/", include("silian.governance.ceremonies.urls")),
    path("commitments/", include("silian.governance.commitments.urls")),
    path("contributions/", include("silian.governance.contributions.urls")),
    path("changes/", include("silian.governance.changes.urls")),
    path("plan/", include("silian.governance.plans.urls")),
    path("placement/", include("silian.talent.rounds.urls")),
    path("placement/", include("silian.talent.wishes.urls")),
    path("placement/", include("silian.talent.placement.urls")),
    path("internships/", include("silian.talent.statutes.urls")),
    path("internships/", include("silian.talent.contracts.urls")),
    path("internships/", include("silian.talent.practice.urls")),
    path("internships/", include("silian.talent.assessments.urls")),
    path("internships/", include("silian.talent.internships.urls")),
    path("complaints/", include("silian.talent.complaints.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("i18n/language/", login_not_required(set_language), name="set_language"),
    path("ui/", include("silian.kernel.ui.urls")),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("", include("silian.kernel.people.urls")),
    path("me/", include("silian.kernel.notices.urls")),
    path("me/calendar/", include("silian.kernel.calendars.urls")),
    path("me/tokens/", include("silian.kernel.tokens.urls")),
    path("sheets/", include("silian.kernel.sheets.urls")),
    path("documents/", include("silian.kernel.documents.urls")),
    path("api/v1/", public_urls()),
    path("search/", include("silian.kernel.search.urls")),
    path("codes/skills/", include("silian.industry.occupations.urls")),
    path("codes/", include("silian.kernel.codes.urls")),
    path("", include("silian.kernel.jobs.urls")),
    path("", include("silian.kernel.audit.urls")),
    path("", include("silian.governance.roles.urls")),
    path("", include("silian.governance.consortia.urls")),
    path("", include("silian.governance.members.urls")),
    path("", include("silian.governance.plaques.urls")),
    path("", include("silian.governance.drafting.urls")),
    path("", include("silian.talent.profiles.urls")),
    path("", include("silian.talent.consents.urls")),
    path("", include("silian.talent.records.urls")),
    path("", include("silian.talent.rights.urls")),
    path("", include("silian.talent.safeguards.urls")),
    path("", include("silian.portal.urls")),
    path("<consortium:consortium>/", include(of_a_consortium)),
]
