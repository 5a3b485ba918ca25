"""Makes `record.docx`, the template of a record in Word: `python -m members.activities.record_template`.

Only whoever changes the template needs this; the file is committed. Words in double braces are filled in by docxtpl.
"""

from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

FILE = Path(__file__).with_name("record.docx")
FACTS = (
    ("活动类型", "{{ kinds }}"),
    ("主办党组织", "{{ units }}"),
    ("时间", "{{ when }}"),
    ("地点", "{{ where }}"),
    ("主持人", "{{ host }}"),
    ("记录人", "{{ recorder }}"),
    ("应到、实到", "{{ attendance }}"),
    ("到会", "{{ present }}"),
    ("迟到", "{{ late }}"),
    ("请假", "{{ on_leave }}"),
    ("未到会", "{{ absent }}"),
    ("列席", "{{ guests }}"),
    ("学时", "{{ hours }}"),
)


def make_template(path: Path = FILE) -> None:
    """Writes the template: a title, a table of facts, the minutes, and the fixed sentence under figures."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    section.top_margin = section.bottom_margin = Cm(2.6)
    _set_font(document.styles["Normal"], "仿宋", 14)
    title = document.add_paragraph("{{ topic }}")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _set_font(title.runs[0], "宋体", 20, is_bold=True)
    _add_facts(document)
    heading = document.add_paragraph("会议记录")
    heading.paragraph_format.space_before = Pt(14)
    _set_font(heading.runs[0], "黑体", 15)
    document.add_paragraph("{%p for line in minutes %}")
    line = document.add_paragraph("{{ line }}")
    line.paragraph_format.first_line_indent = Pt(28)
    line.paragraph_format.line_spacing = 1.5
    document.add_paragraph("{%p endfor %}")
    ending = document.add_paragraph("{{ state }}")
    ending.paragraph_format.space_before = Pt(18)
    statement = document.add_paragraph("{{ statement }}")
    _set_font(statement.runs[0], "宋体", 10.5)
    document.core_properties.author = document.core_properties.comments = ""
    document.save(str(path))


def _add_facts(document) -> None:
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    for label, value in FACTS:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, value
        cells[0].width, cells[1].width = Cm(3.2), Cm(12.6)
        _set_font(cells[0].paragraphs[0].runs[0], "黑体", 12)
        _set_font(cells[1].paragraphs[0].runs[0], "仿宋", 13)


def _set_font(part, name: str, points: float, *, is_bold: bool = False) -> None:
    part.font.name, part.font.size, part.font.bold = name, Pt(points), is_bold
    fonts = part.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), name)


if __name__ == "__main__":
    make_template()
