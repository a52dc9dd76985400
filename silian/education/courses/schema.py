"""A course as schema.org Course with its coming sessions, for search engines."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from silian.education.courses.models import Course, Session


def course_facts(course: Course, sessions: Iterable[Session]) -> dict[str, Any]:
    """JSON-LD; it names organisations, never a person."""
    facts = {
        "@context": "https://schema.org",
        "@type": "Course",
        "name": course.title,
        "description": course.about or course.title,
        "url": settings.SITE_URL + course.get_absolute_url(),
        "provider": {"@type": "Organization", "name": course.offered_by},
        "educationalLevel": course.get_level_display(),
        "audience": course.audience
        and {"@type": "EducationalAudience", "audienceType": course.audience},
        "occupationalCategory": course.occupation and course.occupation.name,
        "hasCourseInstance": [_instance(session) for session in sessions],
    }
    return {name: fact for name, fact in facts.items() if fact}


def _instance(session: Session) -> dict[str, Any]:
    return {
        "@type": "CourseInstance",
        "courseMode": "onsite",
        "courseWorkload": f"PT{session.course.hours.normalize():f}H",
        "startDate": session.starts_on.isoformat(),
        "endDate": session.ends_on.isoformat(),
        "location": session.place,
        "maximumAttendeeCapacity": session.places_max,
        "url": settings.SITE_URL + session.get_absolute_url(),
        "offers": [
            {"@type": "Offer", "price": f"{price}", "priceCurrency": "CNY", "category": label}
            for label, price in session.prices
        ],
    }
