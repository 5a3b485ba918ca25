"""Rows that come along with the row to which they belong, in one question to the database."""

from django.db.models import JSONField, QuerySet, Subquery
from django.db.models.functions import JSONArray


class Gathered(Subquery):
    """The rows of a correlated query as a list of lists of its `fields`, in its order; an empty list for none."""

    template = "(SELECT COALESCE(jsonb_agg(said), '[]') FROM (%(subquery)s) AS gathered)"
    output_field = JSONField()

    def __init__(self, rows: QuerySet, *fields: str) -> None:
        super().__init__(rows.values(said=JSONArray(*fields)))

    def as_sqlite(self, compiler, connection):
        template = "(SELECT json_group_array(json(said)) FROM (%(subquery)s) AS gathered)"
        return self.as_sql(compiler, connection, template=template)
