import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0002_invitations"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="sessions_ended",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.CreateModel(
            name="TeamEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("joined", "Accepted the invitation"), ("role", "Role changed"), ("deactivated", "Deactivated"), ("reactivated", "Reactivated")], max_length=12)),
                ("role", models.CharField(blank=True, choices=[("organizer", "Organizer"), ("list_keeper", "List keeper"), ("translator", "Translator"), ("briefer", "Briefer"), ("clerk", "Clerk"), ("admin", "Administrator")], max_length=12)),
                ("happened_at", models.DateTimeField()),
                ("by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="team_events", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["-happened_at", "-pk"],
            },
        ),
    ]
