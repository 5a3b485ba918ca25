from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("learning", "0008_hours_say_where_they_come_from")]
    operations = [
        migrations.AddConstraint(
            "hoursentry",
            models.CheckConstraint(
                condition=Q(year=F("earned_on__year")), name="hours_count_in_the_year_in_which_they_were_earned"
            ),
        ),
    ]
