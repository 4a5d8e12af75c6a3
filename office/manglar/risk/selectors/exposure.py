"""The city's assets as a run sees them: in the order of a key that is the same in every copy of the data."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from manglar.assets.models import Asset, AssetKind
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.foundation.texts import fold
from manglar.governments.models import Government
from manglar.risk.rules.exposure import AssetFacts, KindDefaults, named
from manglar.risk.rules.spec_parts import AssetChoice
from manglar.territory.models import Division


@dataclass(frozen=True, slots=True)
class Exposed:
    """The assets of a run: what is known of each, and which record each key is."""

    facts: tuple[AssetFacts, ...]
    pk_of: Mapping[str, int]
    names: Mapping[str, str]


def exposed_assets(government: Government, choice: AssetChoice) -> Exposed:
    """The assets of the kinds and divisions chosen; those in no division come too, to be set aside by name."""
    _refuse_unknown_kinds(choice.kinds)
    found = Asset.objects.filter(government=government).select_related("kind", "division").order_by("pk")
    if choice.kinds:
        found = found.filter(kind__code__in=choice.kinds)
    if choice.territories:
        found = found.filter(division__code__in=codes_within(choice.territories))
    assets = list(found)
    if not assets:
        raise InvalidInput(
            say(
                "No hay activos con esas clases y territorios: impórtelos («manglar assets import …») o amplíe [assets]."
            )
        )
    keys = _keys(assets)
    return Exposed(
        facts=tuple(_facts(key, asset) for key, asset in zip(keys, assets, strict=True)),
        pk_of={key: asset.pk for key, asset in zip(keys, assets, strict=True)},
        names={asset.division.code: asset.division.name for asset in assets if asset.division},
    )


def _facts(key: str, asset: Asset) -> AssetFacts:
    return AssetFacts(
        key=key,
        name=asset.name,
        kind=asset.kind.code,
        lon=asset.lon,
        lat=asset.lat,
        territory=asset.division.code if asset.division else "",
        value_pab=float(asset.value_pab) if asset.value_pab is not None else None,
        people=float(asset.people) if asset.people is not None else None,
        building_class=asset.building_class,
        occupancy=asset.occupancy,
        place_is_approximate=asset.position_is_approximate,
    )


def _keys(assets: Sequence[Asset]) -> list[str]:
    """A key that is the same in every copy of the data: the identifier of the file, else name and place.

    Our own identifiers are drawn anew in each installation, so that with them the bytes would not repeat.
    """
    given = Counter((asset.kind.code, asset.external_id) for asset in assets)
    seen: Counter[str] = Counter()
    keys = []
    for asset in assets:
        if asset.external_id and given[asset.kind.code, asset.external_id] == 1:
            key = f"{asset.kind.code}:{asset.external_id}"
        else:
            key = f"{asset.kind.code}:{fold(asset.name)}@{_degrees(asset.lon)},{_degrees(asset.lat)}"
        seen[key] += 1
        keys.append(key if seen[key] == 1 else f"{key}#{seen[key]}")
    return keys


def _degrees(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"


def _refuse_unknown_kinds(kinds: Sequence[str]) -> None:
    known = set(AssetKind.objects.order_by().values_list("code", flat=True))
    if unknown := sorted(set(kinds) - known):
        raise InvalidInput(
            say(
                "No existe la clase de activos {unknown}. Hay: {known}.",
                unknown=named([f"«{code}»" for code in unknown]),
                known=", ".join(sorted(known)) or say("ninguna todavía"),
            )
        )


def kinds_with_defaults(supposed: Mapping[str, KindDefaults]) -> dict[str, KindDefaults]:
    """What is supposed of each kind: what the office wrote for it, else what the engine brings."""
    found = dict(supposed)
    for kind in AssetKind.objects.all():
        before = found.get(kind.code, KindDefaults())
        value = before.value
        if kind.default_value_pab is not None:
            value = _constant(float(kind.default_value_pab))
        found[kind.code] = replace(
            before,
            building_class=kind.default_building_class or before.building_class,
            occupancy=kind.default_occupancy or before.occupancy,
            value=value,
            people=float(kind.default_people) if kind.default_people is not None else before.people,
            source_es=kind.default_source if kind.default_value_pab is not None else before.source_es,
            source_en=kind.default_source if kind.default_value_pab is not None else before.source_en,
        )
    return found


def _constant(value: float) -> "_Constant":
    return _Constant(value)


@dataclass(frozen=True, slots=True)
class _Constant:
    """The same value whoever is inside."""

    value: float

    def __call__(self, people: float) -> float:  # noqa: ARG002  # the shape of every default of value
        return self.value


def codes_within(codes: Sequence[str]) -> set[str]:
    """The living divisions with these codes and all that is part of them; refuse a code that is not there."""
    parents = dict(Division.objects.filter(valid_until__isnull=True).order_by().values_list("pk", "parent_id"))
    code_of = dict(Division.objects.filter(valid_until__isnull=True).order_by().values_list("pk", "code"))
    unknown = sorted(set(codes) - set(code_of.values()))
    if unknown:
        raise InvalidInput(
            say(
                "No existe el territorio {unknown}: use el código de un territorio vigente («manglar territory list» los muestra).",
                unknown=named([f"«{code}»" for code in unknown]),
            )
        )
    inside = {pk for pk, code in code_of.items() if code in codes}
    while more := {pk for pk, parent in parents.items() if parent in inside and pk not in inside}:
        inside |= more
    return {code_of[pk] for pk in inside}


def division_pks(codes: Sequence[str]) -> dict[str, int]:
    """Living divisions by code."""
    found = Division.objects.filter(code__in=codes, valid_until__isnull=True).order_by()
    return dict(found.values_list("code", "pk"))


def division_names(codes: Sequence[str]) -> dict[str, str]:
    """Names of living divisions by code."""
    found = Division.objects.filter(code__in=codes, valid_until__isnull=True).order_by()
    return dict(found.values_list("code", "name"))
