from django.db import migrations, models
from django.db.models import Q

KINDS = [
    ("sign", "Confirm, or already signed"),
    ("remind", "Reminder to confirm"),
    ("counted", "Your signature is counted"),
    ("manage", "Links to my signature"),
    ("goal", "Goal reached"),
    ("account", "About an account of the desk"),
]


class Migration(migrations.Migration):

    dependencies = [
        ("petitions", "0003_reminders"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="content",
            field=models.BinaryField(null=True),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=8),
        ),
        migrations.AlterField(
            model_name="mailing",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=8),
        ),
        migrations.RemoveConstraint(
            model_name="delivery",
            name="delivery_kind_known",
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=Q(kind__in=[value for value, _name in KINDS]),
                name="delivery_kind_known",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="delivery",
            name="delivery_final_has_no_address",
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=Q(address=None, content=None) | Q(state__in=["queued", "sending"]),
                name="delivery_final_has_no_address",
            ),
        ),
    ]
