"""What was typed goes back into the fields where it was typed, and nowhere else."""

from html.parser import HTMLParser

from django import forms
from hypothesis import given
from hypothesis import strategies as st

from members.accounts.form_filling import fill_form

text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)


class Note(forms.Form):
    topic = forms.CharField(required=False)
    kind = forms.MultipleChoiceField(choices=[("a", "甲"), ("b", "乙"), ("c", "丙")], required=False)
    way = forms.ChoiceField(choices=[("x", "X"), ("y", "Y")], widget=forms.RadioSelect, required=False)
    ticks = forms.MultipleChoiceField(
        choices=[("1", "一"), ("2", "二")], widget=forms.CheckboxSelectMultiple, required=False
    )
    minutes = forms.CharField(widget=forms.Textarea, required=False, initial="早先的")


class Sent(HTMLParser):
    """What a browser would send of a form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.area = self.select = None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name, value = given.get("name"), given.get("value") or ""
        if tag == "textarea":
            self.area, self.fields[name] = name, [""]
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in given:
            self.fields.setdefault(self.select, []).append(value)
        elif tag == "input" and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self.fields.setdefault(name, []).append(value)

    def handle_data(self, data):
        if self.area:
            self.fields[self.area][0] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.fields[self.area][0] = self.fields[self.area][0].removeprefix("\n")
            self.area = None


@given(
    topic=text,
    minutes=text,
    kind=st.lists(st.sampled_from("abc"), unique=True),
    ticks=st.lists(st.sampled_from("12"), unique=True),
    way=st.sampled_from("xy"),
)
def test_a_filled_form_sends_what_was_typed(topic, minutes, kind, ticks, way):
    typed = {"topic": [topic], "minutes": [minutes], "way": [way]}
    typed |= {name: sorted(values) for name, values in (("kind", kind), ("ticks", ticks)) if values}
    filled = fill_form(str(Note()), {**typed, "kind": kind})
    assert Sent(filled.html).fields == typed
    assert not filled.left_over


def test_secrets_and_hidden_fields_stay_and_what_has_no_field_is_told():
    page = '<input type="hidden" name="next" value="/a"><input type="password" name="secret"><br/><p>a &amp; b&#33;</p>'
    filled = fill_form(page, {"next": ["/evil"], "secret": ["s"], "gone": ["写过的话"]})
    assert filled.html == page
    assert filled.left_over == {"gone": ["写过的话"]}


def test_each_of_several_fields_of_one_name_gets_its_own():
    assert fill_form('<input name="a"><input name="a">', {"a": ["一", "二"]}).html == (
        '<input name="a" value="一"><input name="a" value="二">'
    )
