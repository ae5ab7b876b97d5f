from typing import Any

from django.db import migrations, models

BOUNDARIES = "2023"


def know_what_is_there(apps: Any, _editor: Any) -> None:
    """Ridings so far are of the order of 2023; what tables showed has been told."""
    Signature = apps.get_model("petitions", "Signature")
    Signature.objects.exclude(riding=None).update(riding_boundaries=BOUNDARIES)
    Signature.objects.filter(riding_method="chosen").update(riding_method="signer")
    for row in apps.get_model("petitions", "Tally").objects.exclude(provinces={}):
        shown = {cell: number for cell, number in row.provinces.items() if cell != "other"}
        row.told = {"province": shown}
        row.save(update_fields=["told"])


def say_chosen(apps: Any, _editor: Any) -> None:
    Signature = apps.get_model("petitions", "Signature")
    Signature.objects.filter(riding_method="certain").update(riding_method="likely")
    Signature.objects.filter(riding_method="signer").update(riding_method="chosen")


class Migration(migrations.Migration):

    dependencies = [
        ("petitions", "0007_step_mail_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="signature",
            name="riding_boundaries",
            field=models.CharField(blank=True, max_length=4),
        ),
        migrations.AlterField(
            model_name="signature",
            name="riding_method",
            field=models.CharField(
                blank=True,
                choices=[
                    ("certain", "certain: the whole territory is one riding"),
                    ("likely", "likely, by your postal code"),
                    ("estimated", "estimated from your postal code: it may be another one"),
                    ("signer", "as you told us"),
                ],
                max_length=9,
            ),
        ),
        migrations.AddField(
            model_name="tally",
            name="desk",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="tally",
            name="told",
            field=models.JSONField(default=dict),
        ),
        migrations.RunPython(know_what_is_there, say_chosen),
    ]
