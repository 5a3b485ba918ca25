"""Prints, for each visit that is named on stdin, the spans that are stored for it, as JSON."""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")
django.setup()

from django.utils import timezone  # noqa: E402 — Django must be set up first

from learning.progress.models import Progress  # noqa: E402
from learning.study.visits import read_visit  # noqa: E402

visits = [read_visit(signed, now=timezone.now()) for signed in json.load(sys.stdin)]
rows = Progress.objects.values_list("member_id", "item_id", "spans")
spans = {(member, item): held for member, item, held in rows}
sys.stdout.write(json.dumps([spans.get((visit.member_id, visit.item_id), []) for visit in visits]) + "\n")
