"""How a name is spoken: kept beside it, so that a list of any size is ordered and searched in the database."""

from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models import Q
from pypinyin import lazy_pinyin

SOUND_CHARACTERS = 300
INITIALS_CHARACTERS = 100


@lru_cache(maxsize=4096)
def sound_of(name: str) -> str:
    """The syllables with blanks between them, so that texts sort as lists of syllables do."""
    return " ".join(lazy_pinyin(name)).lower()[:SOUND_CHARACTERS]


@lru_cache(maxsize=4096)
def initials_of(name: str) -> str:
    """The first letter of every syllable."""
    return "".join(part[0] for part in lazy_pinyin(name) if part.strip()).lower()[:INITIALS_CHARACTERS]


class SpokenField(models.CharField):
    """Follows `name`, also where many rows are written at once."""

    def pre_save(self, model_instance: Any, add: bool) -> str:
        rule = sound_of if self.name == "name_sound" else initials_of
        spoken = rule(model_instance.name)
        setattr(model_instance, self.attname, spoken)
        return spoken


class SpokenQuerySet(models.QuerySet):
    """A name that is changed takes along how it is spoken."""

    def update(self, **changes: Any) -> int:
        name = changes.get("name")
        if isinstance(name, str):
            changes |= {"name_sound": sound_of(name), "name_initials": initials_of(name)}
        return super().update(**changes)

    def bulk_update(self, objs, fields, batch_size=None) -> int:
        if "name" in fields:
            objs, fields = list(objs), [*fields, "name_sound", "name_initials"]
            for each in objs:
                each.name_sound, each.name_initials = sound_of(each.name), initials_of(each.name)
        return super().bulk_update(objs, fields, batch_size=batch_size)

    def called(self, typed: str) -> "SpokenQuerySet":
        """Whose name holds what was typed, or is spoken so; everything where nothing is typed."""
        return self.filter(spoken_like(typed)) if typed.strip() else self


def spoken_like(typed: str) -> Q:
    """A name that holds what was typed, or begins with these syllables or their first letters."""
    typed = " ".join(typed.split()).lower()
    spoken = Q(name_initials__startswith=typed.replace(" ", "")) | Q(name_sound__startswith=typed)
    return Q(name__icontains=typed) | spoken


class Spoken(models.Model):
    """Something with a name."""

    name_sound = SpokenField(max_length=SOUND_CHARACTERS, editable=False, default="")
    name_initials = SpokenField(max_length=INITIALS_CHARACTERS, editable=False, default="")

    class Meta:
        abstract = True

    def save(self, *args: Any, **rest: Any) -> None:
        fields = rest.get("update_fields")
        if fields and "name" in fields:
            rest["update_fields"] = {*fields, "name_sound", "name_initials"}
        super().save(*args, **rest)
