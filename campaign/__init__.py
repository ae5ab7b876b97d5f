"""This campaign: the Django project. Importing it loads the Celery app."""

from campaign.celery import app as celery_app

__all__ = ["celery_app"]
