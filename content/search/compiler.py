"""What was asked, in the words of the engine: exactly, by sound, nearly."""

from collections.abc import Iterator, Sequence

from modelsearch.backends.base import BaseSearchQueryCompiler
from modelsearch.index import AutocompleteField
from modelsearch.query import And, Boost, Fuzzy, MatchAll, Not, Or, Phrase, PlainText, SearchQuery

from content.search import engine
from content.search.documents import BEGINNINGS, SOUNDS, WORDS, WRITTEN, field_weights, index_of, root_of
from content.search.engine import SearchIndex
from content.search.syllables import sound_pairs
from content.search.tokens import SOUND, Term, asked, bigrams, heard, is_han, long_words, neighbours

QUERY_MAX = 255
RAREST = 8  # so many rare pairs are enough to recognise a mistyped sentence


class QueryCompiler(BaseSearchQueryCompiler):
    """A search for whole words; Han characters need no spaces between them."""

    DEFAULT_OPERATOR = "and"
    HANDLES_ORDER_BY_EXPRESSIONS = True

    @property
    def index(self) -> SearchIndex:
        return index_of(root_of(self.queryset.model)._meta.label_lower)

    @property
    def weights(self) -> dict[str, float]:
        """The fields to look into, each with its boost."""
        known = field_weights(self.queryset.model)
        wanted = {name: known[name] for name in self.fields if name in known} if self.fields else known
        return {WRITTEN + name: boost for name, boost in wanted.items()}

    def exactly(self) -> engine.Query:
        return self._compile(self.query)

    def wider(self) -> Iterator[engine.Query]:
        """What else may have been meant, nearest first. Only for plain words in all fields."""
        if isinstance(self.query, PlainText) and not self.fields:
            text = self.query.query_string[:QUERY_MAX]
            yield by_sound(text)
            yield self._nearly(text)

    def _compile(self, asked_for: SearchQuery, boost: float = 1.0) -> engine.Query:
        match asked_for:
            case PlainText():
                text, boost = asked_for.query_string[:QUERY_MAX], boost * asked_for.boost
                return self._plain(text, asked_for.operator, boost)
            case Phrase():
                return self._phrase(asked_for.query_string[:QUERY_MAX], boost)
            case Fuzzy():
                text = asked_for.query_string[:QUERY_MAX]
                plain = self._plain(text, asked_for.operator, boost)
                return engine.any_of([plain, by_sound(text), self._nearly(text)])
            case Boost():
                return self._compile(asked_for.subquery, boost * asked_for.boost)
            case And():
                return engine.all_of(self._compile(each, boost) for each in asked_for.subqueries)
            case Or():
                return engine.any_of(self._compile(each, boost) for each in asked_for.subqueries)
            case Not():
                return engine.none_of(self._compile(asked_for.subquery))
            case MatchAll():
                return engine.everything()
        raise NotImplementedError(f"{type(asked_for).__name__} is not supported by this search backend.")

    def _plain(self, text: str, operator: str, boost: float) -> engine.Query:
        terms = [self._term(term, boost) for term in asked(text)]
        if not terms:
            return engine.nothing()
        found = engine.all_of(terms) if operator == "and" else engine.any_of(terms)
        words = [engine.term(WORDS, word, boost) for word in long_words(text)]
        return engine.preferring(found, engine.any_of(words)) if words else found

    def _term(self, term: Term, boost: float) -> engine.Query:
        return engine.all_of(self._run(run, boost) for run in term)

    def _run(self, run: str, boost: float) -> engine.Query:
        tokens = bigrams(run) if is_han(run) and len(run) > 1 else [run]
        return self._together(tokens, boost)

    def _phrase(self, text: str, boost: float) -> engine.Query:
        runs = [run for term in asked(text) for run in term]
        together = [self._together(neighbours(runs), boost)] if len(runs) > 1 else []
        return engine.all_of([*(self._run(run, boost) for run in runs), *together])

    def _together(self, tokens: Sequence[str], boost: float) -> engine.Query:
        """All of them in one of the fields."""
        return engine.any_of(
            engine.all_of(engine.term(name, token, boost * weight) for token in tokens)
            for name, weight in self.weights.items()
        )

    def _nearly(self, text: str) -> engine.Query:
        runs = [run for term in asked(text) for run in term if is_han(run)]
        pairs = self.index.rarest(self.weights, {pair for run in runs for pair in bigrams(run)}, RAREST)
        written_so = [engine.term(name, pair, weight) for name, weight in self.weights.items() for pair in pairs]
        readings = [way for ways in heard(text) for way in ways]
        spoken_so = [engine.term(SOUNDS, pair) for way in readings for pair in sound_pairs(way)]
        return engine.any_of(written_so + spoken_so)


class AutocompleteCompiler(QueryCompiler):
    """A search for what has been typed so far: a beginning, from any character of a title, in pinyin too."""

    @property
    def weights(self) -> dict[str, float]:
        known = field_weights(self.queryset.model, AutocompleteField)
        wanted = {name: known[name] for name in self.fields if name in known} if self.fields else known
        return {BEGINNINGS + name: boost for name, boost in wanted.items()}

    def wider(self) -> Iterator[engine.Query]:
        return iter(())

    def _plain(self, text: str, operator: str, boost: float) -> engine.Query:
        terms = [self._term(term, boost) for term in asked(text)]
        if not terms:
            return engine.nothing()
        return engine.all_of(terms) if operator == "and" else engine.any_of(terms)

    def _run(self, run: str, boost: float) -> engine.Query:
        typed = [run] if is_han(run) else [run, SOUND + run]
        return engine.any_of(
            engine.beginning(name, each, boost * weight) for name, weight in self.weights.items() for each in typed
        )

    def _phrase(self, text: str, boost: float) -> engine.Query:
        return self._plain(text, "and", boost)


def by_sound(text: str) -> engine.Query:
    """Texts that sound like this: pinyin typed in Latin letters, or a homophone."""
    parts = heard(text)
    if not parts:
        return engine.nothing()
    return engine.all_of(
        engine.any_of(engine.all_of(engine.term(SOUNDS, pair) for pair in sound_pairs(way)) for way in ways)
        for ways in parts
    )
