"""The campaign's settings for making the tables: straight from the models, without migrations.

That they come to the same is checked elsewhere (`makemigrations --check`); here it saves time.
"""

from campaign.settings import *  # noqa: F403

MIGRATION_MODULES = dict.fromkeys(
    (name.rpartition(".")[2] for name in INSTALLED_APPS),  # noqa: F405
)
