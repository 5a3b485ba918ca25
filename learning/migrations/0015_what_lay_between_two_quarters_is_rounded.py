"""Lines written before hours were counted in quarters are rounded once, as they would be today (decision 0090)."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import migrations

QUARTER = Decimal("0.25")


def rounded(hours):
    """The nearest quarter, and at least one; of a reversal the same against it."""
    quarters = max(QUARTER, (abs(hours) / QUARTER).quantize(Decimal(1), ROUND_HALF_UP) * QUARTER)
    return quarters if hours > 0 else -quarters


def round_lines(apps, schema_editor):
    entries = apps.get_model("learning", "HoursEntry").objects
    for hours in entries.order_by().values_list("hours", flat=True).distinct():
        if hours and hours % QUARTER:
            entries.filter(hours=hours).update(hours=rounded(hours))


class Migration(migrations.Migration):
    dependencies = [("learning", "0014_hours_have_targets_claims_and_group_study")]
    operations = [migrations.RunPython(round_lines, migrations.RunPython.noop)]
