"""Use cases of the network, by noun."""

from manglar.network.services.importing import InstitutionPreview, import_institutions, look_at_institutions
from manglar.network.services.institutions import record_institution, record_post, revise_institution
from manglar.network.services.people import appoint, end_appointment, erase_person, record_person, revise_person

__all__ = [
    "InstitutionPreview", "appoint", "end_appointment", "erase_person", "import_institutions", "look_at_institutions",
    "record_institution",
    "record_person", "record_post", "revise_institution", "revise_person",
]
