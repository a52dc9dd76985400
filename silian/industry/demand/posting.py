"""A position as schema.org JobPosting, for search engines."""

import json
from datetime import date
from typing import Any

from silian.industry.demand.models import Position

Kind, Education = Position.Kind, Position.Education
EMPLOYMENT_TYPES = {
    Kind.EMPLOYMENT: "FULL_TIME",
    Kind.INTERNSHIP: "INTERN",
    Kind.APPRENTICESHIP: "OTHER",
    Kind.ORDER_CLASS: "OTHER",
    Kind.FIELD_ENGINEER: "OTHER",
}
CREDENTIALS = {
    Education.SECONDARY: "high school",
    Education.COLLEGE: "associate degree",
    Education.BACHELOR: "bachelor degree",
    Education.MASTER: "postgraduate degree",
    Education.DOCTOR: "postgraduate degree",
}


def job_posting(position: Position, url: str, valid_through: date) -> str:
    """JSON-LD for the page at ``url``; nothing where nobody is sought. It names no contact."""
    if position.state != Position.State.PUBLISHED or position.is_training:
        return ""
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "title": position.title,
        "description": position.duties or position.title,
        "identifier": {
            "@type": "PropertyValue",
            "name": position.organisation.name,
            "value": str(position.pk),
        },
        "datePosted": position.published_at and position.published_at.date().isoformat(),
        "validThrough": valid_through.isoformat(),
        "hiringOrganization": {
            "@type": "Organization",
            "name": position.organisation.name,
            "identifier": position.organisation.credit_code or "",
        },
        "jobLocation": {"@type": "Place", "address": _address(position)},
        "employmentType": EMPLOYMENT_TYPES[Kind(position.kind)],
        "occupationalCategory": position.occupation.name if position.occupation else "",
        "totalJobOpenings": position.places,
        "jobStartDate": position.starts_on and position.starts_on.isoformat(),
        "skills": "、".join(skill.name for skill in position.skills.all()),
        "workHours": position.get_shift_display(),
        "educationRequirements": _education(position),
        "baseSalary": _salary(position),
        "directApply": False,
        "url": url,
    }
    told = {name: value for name, value in found.items() if value not in ("", None)}
    return json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")


def _address(position: Position) -> dict[str, str]:
    place = {"@type": "PostalAddress", "addressCountry": "CN", "streetAddress": position.address}
    if position.region:
        place["addressRegion"] = position.region.full_name or position.region.name
        place["addressLocality"] = position.region.name
    return {name: value for name, value in place.items() if value}


def _education(position: Position) -> Any:
    credential = CREDENTIALS.get(Education(position.education))
    if credential is None:
        return "no requirements"
    return {"@type": "EducationalOccupationalCredential", "credentialCategory": credential}


def _salary(position: Position) -> dict[str, Any] | None:
    ends = {"minValue": position.pay_low, "maxValue": position.pay_high}
    stated = {name: end for name, end in ends.items() if end is not None}
    if not stated:
        return None
    value = {"@type": "QuantitativeValue", **stated, "unitText": "MONTH"}
    return {"@type": "MonetaryAmount", "currency": "CNY", "value": value}
