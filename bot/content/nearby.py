"""How far a place is, and the help desk nearest to somewhere. Where she is, is not kept."""

from math import asin, cos, radians, sin, sqrt

from bot.content.audience import Facets
from bot.content.library import Library, Place

EARTH = 6_371_000  # metres


def nearest_desk(
    library: Library, latitude: float, longitude: float, who: Facets
) -> tuple[int, Place] | None:
    """The nearest desk on the map that she may know of, and its distance in metres."""
    desks = [
        (metres(latitude, longitude, place), place.slug)
        for place in library.places.values()
        if place.kind == "desk" and place.lat is not None and library.admits(place, who)
    ]
    if not desks:
        return None
    away, slug = min(desks)
    return away, library.places[slug]


def metres(latitude: float, longitude: float, place: Place) -> int:
    """The great-circle distance to a place that is on the map, by the haversine formula."""
    assert place.lat is not None
    assert place.lon is not None
    north, east = radians(place.lat - latitude), radians(place.lon - longitude)
    along = cos(radians(latitude)) * cos(radians(place.lat)) * sin(east / 2) ** 2
    return round(2 * EARTH * asin(sqrt(min(1.0, sin(north / 2) ** 2 + along))))
