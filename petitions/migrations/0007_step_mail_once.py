from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ("petitions", "0006_member_lists"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                fields=["event", "address_index"],
                condition=Q(event__isnull=False),
                name="delivery_once_per_step_and_address",
            ),
        ),
    ]
