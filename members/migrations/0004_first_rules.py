"""The figures the house begins with, each with its source; data, never constants in code."""

from datetime import date

from django.db import migrations

REGULATIONS = "党员教育管理工作条例（2019）"
BRANCH_REGULATIONS = "中国共产党支部工作条例（试行）（2018）"
LOCAL = "本平台默认，可由本单位改定"

RULES = [
    ("hours.member.year", 32, f"{REGULATIONS}第二十条"),
    ("hours.team_member.year", 56, "2019—2023年全国党员教育培训工作规划"),
    ("hours.counted_categories", ["training", "group"], "2019—2023年全国党员教育培训工作规划"),
    ("hours.minutes_per_hour", 60, LOCAL),
    ("hours.lesson_preset", [[1800, "1.00"], [900, "0.50"], [0, "0.25"]], LOCAL),
    ("completion.gap_seconds", 3, LOCAL),
    ("beat.rate.media", 2, LOCAL),
    ("beat.rate.text", 4, LOCAL),
    ("beat.slack_seconds", 5, LOCAL),
    ("text.characters_per_minute", 260, LOCAL),
    ("general_meeting.months", 3, BRANCH_REGULATIONS),
    ("committee_meeting.months", 1, f"{BRANCH_REGULATIONS}第十二条"),
    ("group_meeting.months", 1, f"{BRANCH_REGULATIONS}第十三条"),
    ("theme_day.months", 1, f"{REGULATIONS}第十六条"),
    ("org_life_meeting.months", 12, f"{REGULATIONS}第十七条"),
    ("democratic_appraisal.months", 12, f"{REGULATIONS}第十八条"),
    ("heart_talk.months", 12, f"{BRANCH_REGULATIONS}第十九条"),
    ("mobile.threshold_months", 6, f"{REGULATIONS}第三十二条"),
    ("mobile.contact.abroad_months", 6, f"{REGULATIONS}第三十四条"),
    ("mobile.contact.default_months", 3, LOCAL),
    ("branch.size_warning", 50, BRANCH_REGULATIONS),
    ("audit.retention_months", 6, "网络安全法"),
]
SINCE = date(2019, 5, 21)


def write(apps, schema_editor):
    rule = apps.get_model("members", "Rule")
    rule.objects.bulk_create(
        rule(key=key, value=value, source=source, effective_from=SINCE) for key, value, source in RULES
    )


def erase(apps, schema_editor):
    keys = [key for key, _, _ in RULES]
    apps.get_model("members", "Rule").objects.filter(key__in=keys, organisation=None, effective_from=SINCE).delete()


class Migration(migrations.Migration):
    dependencies = [("members", "0003_audit_is_insert_only")]
    operations = [migrations.RunPython(write, erase)]
