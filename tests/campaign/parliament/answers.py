"""Answers of Represent for tests, written by the shape that its documentation describes.

People and ridings in them are made up; nothing here was recorded from the service.
"""

import json
from typing import Any

OF_TODAY = "federal-electoral-districts-2023-representation-order"


def district(name: str, *, borders: str = OF_TODAY, code: int = 59008) -> dict[str, Any]:
    return {
        "url": f"/boundaries/{borders}/{code}/",
        "name": name,
        "external_id": str(code),
        "boundary_set_name": "Federal electoral district",
        "related": {"boundary_set_url": f"/boundary-sets/{borders}/"},
    }


def member(name: str, riding: str, **changes: Any) -> dict[str, Any]:
    return {
        "name": name,
        "district_name": riding,
        "elected_office": "MP",
        "party_name": "Independent",
        "email": "somebody@example.org",
        "offices": [{"type": "legislature", "tel": "1 555 555-0100", "postal": "Ottawa"}],
        "representative_set_name": "House of Commons",
        "related": {
            "boundary_url": f"/boundaries/{OF_TODAY}/59008/",
            "representative_set_url": "/representative-sets/house-of-commons/",
        },
        **changes,
    }


def answer(districts: list[dict[str, Any]], members: list[dict[str, Any]], **changes: Any) -> bytes:
    """What lies at the code's centre; a city's ward and a councillor stand beside it."""
    ward = district("Ward 1", borders="coquitlam-wards", code=1)
    councillor = member("Councillor", "Ward 1", elected_office="Councillor")
    return json.dumps(
        {
            "code": "V3B1A1",
            "city": "Coquitlam",
            "province": "BC",
            "centroid": {"type": "Point", "coordinates": [-122.78, 49.28]},
            "boundaries_centroid": [ward, *districts],
            "boundaries_concordance": [],
            "representatives_centroid": [councillor, *members],
            **changes,
        }
    ).encode()
