from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Round


class Migration(migrations.Migration):
    dependencies = [("learning", "0015_what_lay_between_two_quarters_is_rounded")]
    operations = [
        migrations.AddConstraint(
            "hoursentry",
            models.CheckConstraint(condition=Q(hours=Round(F("hours") * 4) / 4), name="hours_are_counted_in_quarters"),
        ),
    ]
