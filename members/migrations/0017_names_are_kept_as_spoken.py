"""Beside each name stands how it is spoken: people are ordered by it, units found by its initials."""

from django.db import migrations

from members.organisation.sounds import SpokenField


def spoken(length):
    return SpokenField(default="", editable=False, max_length=length)


class Migration(migrations.Migration):
    dependencies = [("members", "0016_transfers_have_two_sides")]
    operations = [
        migrations.AddField("member", "name_sound", spoken(300)),
        migrations.AddField("member", "name_initials", spoken(100)),
        migrations.AddField("organisation", "name_sound", spoken(300)),
        migrations.AddField("organisation", "name_initials", spoken(100)),
    ]
