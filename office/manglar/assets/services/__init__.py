"""Use cases of assets, by noun."""

from manglar.assets.services.assets import locate_assets, record_asset, revise_asset
from manglar.assets.services.importing import import_assets, look_at_assets
from manglar.assets.services.kinds import KINDS, KindDefaults, ensure_kinds, record_kind, set_defaults
from manglar.assets.services.previews import AssetOptions, AssetPreview

__all__ = [
    "KINDS", "AssetOptions", "AssetPreview", "KindDefaults", "ensure_kinds", "import_assets", "locate_assets",
    "look_at_assets",
    "record_asset", "record_kind", "revise_asset", "set_defaults",
]
