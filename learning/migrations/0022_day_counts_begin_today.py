"""What is counted today is where the counts of each day begin: what was before that day was not kept."""

from django.db import migrations
from django.db.models import Count, Sum
from django.utils import timezone


def begin(apps, schema_editor) -> None:
    """What waits to be folded is left out: it comes with its fold."""
    enrolments = apps.get_model("learning", "Enrolment").objects.filter(left_on=None)
    waiting = apps.get_model("learning", "Delta").objects.filter(plan_item=None)
    where = "plan_id", "organisation_id", "standing"
    counts = {tuple(key): number for *key, number in enrolments.values_list(*where).annotate(Count("pk")).order_by()}
    for *key, change in waiting.values_list(*where).annotate(Sum("change")).order_by():
        counts[tuple(key)] = counts.get(tuple(key), 0) - change
    day, day_count = timezone.localdate(), apps.get_model("learning", "DayCount")
    day_count.objects.bulk_create(
        (
            day_count(plan_id=plan, organisation_id=unit, standing=standing, day=day, change=number)
            for (plan, unit, standing), number in counts.items()
            if number
        ),
        batch_size=1000,
    )


class Migration(migrations.Migration):
    dependencies = [("learning", "0021_counts_have_a_day")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
