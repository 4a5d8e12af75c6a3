from django.utils.translation import override

from manglar.foundation.labels import in_every_language
from manglar.foundation.provenance import Mark


def test_a_file_in_either_language_is_understood_whatever_language_the_page_is_in():
    for language in ("es", "en"):
        with override(language):
            found = in_every_language(Mark)
        assert ("estimacion", "estimación") in found
        assert ("estimacion", "estimate") in found
