from django.db import migrations, models
from django.db.models import Q

from learning.hours.models import YearOf


class Migration(migrations.Migration):
    dependencies = [("learning", "0008_hours_say_where_they_come_from")]
    operations = [
        migrations.AddConstraint(
            "hoursentry",
            models.CheckConstraint(
                condition=Q(year=YearOf("earned_on")), name="hours_count_in_the_year_in_which_they_were_earned"
            ),
        ),
    ]
