"""What the pages say of a member, held against the rows."""

import re
from collections import Counter
from datetime import date

from django.test import Client

from learning.completion.models import Enrolment
from learning.completion.standing import Standing
from learning.plans.models import StudyPlan
from members.accounts.models import Member, User
from members.organisation.models import Organisation


def pages_agree(user: User, *, leader: User, root: Organisation, today: date) -> None:
    """As many items as the rows say are studied on their own page, and on the one that the organiser reads of them."""
    member = Member.objects.get(user=user)
    unfinished = StudyPlan.objects.unfinished(today)
    there = Enrolment.objects.filter(member=member, left_on=None, plan__in=unfinished)
    own = page_of(client_of(user), "/study/") if there and not member.ended_on else ""
    said, counted, organiser = Counter(re.findall(r"\d+ 项，已学 (\d+) 项", own)), Counter(), client_of(leader)
    for enrolment in there:
        done = enrolment.completions.filter(standing=Standing.DONE).count()
        counted[str(done)] += 1
        path = f"/organise/{root.code}/people/{user.username}/?plan={enrolment.plan_id}"
        assert page_of(organiser, path).count('class="state state-done"') == done
    assert said == counted


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()
