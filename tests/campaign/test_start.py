"""What a start looks at once the database answers."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from campaign.management.commands.start import _peppers_must_be_there
from petitions.models import Petition


@pytest.mark.django_db
def test_a_site_does_not_start_without_the_pepper_of_a_petition(
    petition: Petition, settings: Settings
) -> None:
    former, settings.PETITIONS_INDEX_PEPPER = settings.PETITIONS_INDEX_PEPPER, "a newer pepper"
    with pytest.raises(ImproperlyConfigured, match="PETITIONS_INDEX_PEPPER_FALLBACKS"):
        _peppers_must_be_there()
    settings.PETITIONS_INDEX_PEPPER_FALLBACKS = [former]
    _peppers_must_be_there()
