"""What machines ask of a public site before its pages: its map of addresses, what they may visit, its icon."""

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import lazy_loader
from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.staticfiles import finders
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from manglar.portal.copies import Copy
from manglar.publication.choices import Kind
from manglar.publication.models import Release
from manglar.publication.selectors import released
from manglar.territory.models import Division
from manglar.territory.selectors import divisions_on

vl_convert = lazy_loader.load("vl_convert")

PAGES = ("home", "strategy", "risk", "territory", "agreements", "commitments", "transparency", "accessibility", "privacy", "source")
#: What a visitor has no use for in a search engine: the office's own pages, signed links, files of the log.
CLOSED = ("/desk/", "/en/desk/", "/enlace/", "/en/enlace/", "/cuenta/", "/en/cuenta/", "/api/")
ICON = "design/mark.svg"


if TYPE_CHECKING:  # Django's class is generic only for whoever checks types
    _Sitemap = Sitemap[Any]
else:
    _Sitemap = Sitemap


class _Both(_Sitemap):
    """Every address in both languages, each naming the other."""

    i18n = alternates = x_default = True
    protocol = "https" if settings.SERVED_OVER_HTTPS else "http"


class PageMap(_Both):
    """The pages that are not one record."""

    def items(self) -> Iterable[str]:
        """Their routes."""
        return PAGES

    def location(self, item: str) -> str:
        """Where each is."""
        return reverse(f"portal:{item}")


class RecordMap(_Both):
    """Every record that is public, with the moment in which it was published."""

    def items(self) -> "QuerySet[Release]":
        """The current copies; a report is on the page of its milestone."""
        return released().exclude(kind=Kind.UPDATE).order_by("pk")

    def location(self, item: Release) -> str:
        """Its page."""
        return Copy(item).url

    def lastmod(self, item: Release) -> Any:
        """When this copy was published."""
        return item.released_at


class DivisionMap(_Both):
    """Every division that exists today."""

    def items(self) -> "QuerySet[Division]":
        """The living ones."""
        return divisions_on(timezone.localdate()).order_by("code", "pk")

    def location(self, item: Division) -> str:
        """Its page."""
        return reverse("portal:division", args=[item.code])


SITEMAPS: "dict[str, type[Sitemap[Any]] | Sitemap[Any]]" = {"pages": PageMap, "records": RecordMap, "divisions": DivisionMap}


def robots() -> str:
    """What machines may visit: all that is public."""
    closed = "\n".join(f"Disallow: {path}" for path in CLOSED)
    return f"User-agent: *\n{closed}\n\nSitemap: {settings.PUBLIC_URL}/sitemap.xml\n"


@lru_cache(maxsize=1)
def icon() -> bytes:
    """The mark as PNG, for browsers that ask for an icon without reading the page."""
    found = finders.find(ICON)
    if not found:
        raise FileNotFoundError(ICON)
    with open(found, encoding="utf-8") as file:
        return bytes(vl_convert.svg_to_png(file.read(), scale=2.0))
