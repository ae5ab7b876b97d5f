from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ("petitions", "0008_riding_certainty"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="reminder",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                fields=["petition", "address_index", "reminder"],
                condition=Q(reminder__isnull=False),
                name="delivery_each_reminder_once",
            ),
        ),
        migrations.AddField(
            model_name="exportrecord",
            name="destroy_by",
            field=models.DateField(null=True, help_text="As the recipient has promised."),
        ),
        migrations.CreateModel(
            name="ListEnd",
            fields=[
                (
                    "petition",
                    models.OneToOneField(
                        on_delete=models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="petitions.petition",
                    ),
                ),
                ("warned_first_at", models.DateTimeField(null=True)),
                ("warned_last_at", models.DateTimeField(null=True)),
                ("erased_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddIndex(
            model_name="signature",
            index=models.Index(
                fields=["confirmed_at"],
                condition=Q(confirmed_at__isnull=False, mail_address__isnull=False),
                name="signature_address_kept",
            ),
        ),
    ]
