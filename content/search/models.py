from django.db import models
from django.utils import timezone


class IndexChangeQuerySet(models.QuerySet):
    def missing_from(self, generation: str) -> "IndexChangeQuerySet":
        """Those that this generation of the index does not yet know, oldest first."""
        return self.exclude(applied_to=generation).order_by("pk")


class IndexChange(models.Model):
    """One object that the index has to look at again; written in the transaction that changed the object.

    Every change adds a row and a fold deletes exactly the rows it has read: a change made meanwhile has
    a row of its own and survives, two writers never wait for each other, and a fold killed half-way
    finds its rows again.
    """

    root = models.CharField(max_length=100)  # the model whose index holds the object, "wagtailcore.page"
    object_pk = models.CharField(max_length=64)
    is_deletion = models.BooleanField(default=False)
    # While a rebuild runs, a row goes into the live index and is kept here for the one being built.
    applied_to = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = IndexChangeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["root", "id"], name="index_change_by_root")]

    def __str__(self) -> str:
        return f"{self.root} {self.object_pk}"
