import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

ROLES = [
    ("secretary", "Branch secretary"),
    ("organiser", "Organiser"),
    ("editor", "Editor"),
    ("correspondent", "Correspondent"),
    ("lecturer", "Lecturer"),
    ("system_admin", "System administrator"),
    ("security_admin", "Security administrator"),
    ("audit_admin", "Audit administrator"),
]


class Migration(migrations.Migration):
    dependencies = [("members", "0021_earlier_imports_are_counted")]
    operations = [
        migrations.AlterField("rolegrant", "role", models.CharField(choices=ROLES, max_length=20)),
        migrations.AddField(
            "rolegrant",
            "deputy_for",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deputy_grants",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            "rolegrant",
            models.CheckConstraint(
                condition=Q(deputy_for=None) | Q(until__isnull=False) & ~Q(deputy_for=F("user")),
                name="a_deputy_has_an_end",
            ),
        ),
    ]
