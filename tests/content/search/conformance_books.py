"""What the assertions of modelsearch's suite expect to find in the database."""

from datetime import date, time

from modelsearch.test.testapp.models import (
    AgendaItem,
    Author,
    Book,
    Character,
    Meeting,
    MPAnimal,
    Novel,
    NSAnimal,
    ProgrammingGuide,
    Speaker,
    UnindexedBook,
)

AUTHORS = {
    "George R.R. Martin": date(1948, 9, 20),
    "J. R. R. Tolkien": date(1892, 1, 3),
    "Isaac Asimov": date(1920, 1, 2),
    "David Ascher": None,
    "Mark Lutz": None,
    "Daniel Roy Greenfeld": None,
    "Audrey Roy Greenfeld": None,
    "Douglas Crockford": None,
    "David Flanagan": None,
    "Steve Klabnik": None,
    "Carol Nichols": None,
    "Jim Blandy": None,
    "Jason Orendorff": None,
}
WESTEROS, MIDDLE_EARTH, EMPIRE = "Westeros", "Middle Earth", "Galactic Empire"
MARTIN, TOLKIEN, ASIMOV = list(AUTHORS)[:3]
STARKS = ["Daenerys Targaryen", "Jon Snow"]
RING = ["Frodo Baggins", "Bilbo Baggins", "Gandalf"]
# pk, title, author, published, pages, setting, characters, whether the first of them is the protagonist
NOVELS = [
    (1, "A Game of Thrones", MARTIN, date(1996, 8, 1), 694, WESTEROS, [*STARKS, "Eddard Stark"], False),
    (2, "A Clash of Kings", MARTIN, date(1998, 1, 1), 768, WESTEROS, STARKS, False),
    (3, "A Storm of Swords", MARTIN, date(2000, 1, 1), 973, WESTEROS, STARKS, False),
    (4, "The Fellowship of the Ring", TOLKIEN, date(1954, 7, 29), 423, MIDDLE_EARTH, RING, True),
    (5, "The Two Towers", TOLKIEN, date(1954, 11, 11), 352, MIDDLE_EARTH, RING, True),
    (6, "The Return of the King", TOLKIEN, date(1955, 10, 20), 440, MIDDLE_EARTH, RING, True),
    (7, "The Hobbit", TOLKIEN, date(1937, 9, 21), 320, MIDDLE_EARTH, ["Bilbo Baggins", "Thorin Oakenshield"], True),
    (10, "Foundation", ASIMOV, date(1951, 1, 1), 255, EMPIRE, ["Hari Seldon", "Salvor Hardin"], False),
]
# pk, title, authors, published, pages, language
GUIDES = [
    (11, "Learning Python", ["David Ascher", "Mark Lutz"], date(1999, 1, 1), 1160, "py"),
    (12, "Two Scoops of Django 1.11", ["Daniel Roy Greenfeld", "Audrey Roy Greenfeld"], date(2017, 4, 26), 556, "py"),
    (13, "JavaScript: The good parts", ["Douglas Crockford"], date(2008, 5, 18), 172, "js"),
    (14, "JavaScript: The Definitive Guide", ["David Flanagan"], date(1998, 6, 11), 792, "js"),
    (15, "The Rust Programming Language", ["Steve Klabnik", "Carol Nichols"], date(2018, 5, 22), 440, "rs"),
]


def shelve_books() -> None:
    authors = {name: Author.objects.create(name=name, date_of_birth=born) for name, born in AUTHORS.items()}
    for pk, title, author, published, pages, setting, characters, has_protagonist in NOVELS:
        novel = Novel.objects.create(
            pk=pk, title=title, publication_date=published, number_of_pages=pages, setting=setting
        )
        novel.authors.set([authors[author]])
        cast = [Character.objects.create(name=name, novel=novel) for name in characters]
        if has_protagonist:
            novel.protagonist = cast[0]
            novel.save()
    for pk, title, names, published, pages, language in GUIDES:
        guide = ProgrammingGuide.objects.create(
            pk=pk, title=title, publication_date=published, number_of_pages=pages, programming_language=language
        )
        guide.authors.set([authors[name] for name in names])
    rust = Book.objects.create(pk=16, title="Programming Rust", publication_date=date(2017, 12, 1), number_of_pages=622)
    rust.authors.set([authors["Jim Blandy"], authors["Jason Orendorff"]])
    UnindexedBook.objects.create(title="A Game of Thrones U", publication_date=date(1996, 8, 1), number_of_pages=694)


def hold_meetings() -> None:
    Meeting.objects.create(name="Breakfast yoga", start_time=time(8))
    standing = Meeting.objects.create(name="Stand-up meeting", start_time=time(10))
    Meeting.objects.create(name="Evening yoga", start_time=time(19, 30))
    case = AgendaItem.objects.create(meeting=standing, topic="An unsolved case")
    Speaker.objects.create(agenda_item=case, name="Arthur Conan Doyle")


def name_animals() -> None:
    for model in (MPAnimal, NSAnimal):
        animal = model.add_root(name="Animal")
        mammal = model.objects.get(pk=animal.pk).add_child(name="Mammal")
        model.objects.get(pk=animal.pk).add_child(name="Reptile")
        for name in ("Dog", "Cat"):
            model.objects.get(pk=mammal.pk).add_child(name=name)
