from django.db import migrations


class Migration(migrations.Migration):
    """Removal, signed: `has_quiz` said no more than that `pass_percent` is there; back, it is filled from that."""

    dependencies = [("learning", "0027_what_passes_today_is_written_down")]
    operations = [migrations.RemoveField("studyitem", "has_quiz")]
