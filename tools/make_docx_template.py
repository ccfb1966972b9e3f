"""Makes templates/export/case_note.docx, the Word template of a note.

    python tools/make_docx_template.py [FILE]

A council that wants another look opens the made file in Word, changes styles, header and logo, and
leaves the {{ names }} and {% marks %} where they stand. The look lives in named styles only.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

if TYPE_CHECKING:
    from docx.document import Document as Doc
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.styles.style import CharacterStyle, ParagraphStyle
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

OUT = Path(__file__).parents[1] / "templates" / "export" / "case_note.docx"

FONT = "Arial"  # on every council machine; others stand in for it without moving a line
INK, QUIET, ACCENT = "1F2A2E", "4F5B60", "1B5E63"  # text, small print, headings: all above 7:1
RULE, TINT = "C9D3D5", "EEF5F5"
WIDTH_MM = 210 - 2 * 22


def main() -> None:
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else OUT
    out.parent.mkdir(parents=True, exist_ok=True)
    make().save(str(out))
    print(out)


def make() -> Doc:
    """The template as a document."""
    document = Document()
    _no_preview(document)
    _page(document)
    _settings(document)
    _styles(document)
    _header_and_footer(document)
    _opening(document)
    _sections(document)
    _pictures(document)
    _replies(document)
    document.add_paragraph("{{ approval }}.", "Approval")
    _about(document)
    return document


def _no_preview(document: Doc) -> None:
    """Leave out the small picture of an empty page that the library's own template brings."""
    package = document.part.package
    for key, related in list(package.rels.items()):
        if related.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            package.rels.pop(key)


def _page(document: Doc) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(22)
    page.top_margin, page.bottom_margin = Mm(25), Mm(24)
    page.header_distance = page.footer_distance = Mm(11)


def _about(document: Doc) -> None:
    about = document.core_properties
    about.author = about.last_modified_by = about.comments = about.title = ""
    about.created = about.modified = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - the format has no zone
    about.revision = 1


def _settings(document: Doc) -> None:
    """British English for readers aloud and spelling; the present way of laying out tables."""
    language = document.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
    language.set(qn("w:val"), "en-GB")
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def _styles(document: Doc) -> None:
    normal = document.styles["Normal"]
    _font(normal, 10.5, INK)
    normal.paragraph_format.space_after = Pt(5)
    normal.paragraph_format.line_spacing = 1.25
    normal.paragraph_format.widow_control = True
    _headings(document)
    _style(document, "Fact", 10.5, INK, after=2)
    _style(document, "Quotation", 11, INK, before=2, after=6).font.italic = True
    quotation = document.styles["Quotation"]
    quotation.paragraph_format.left_indent = Mm(5)
    _border(quotation.element.get_or_add_pPr(), "left", ACCENT, size=18, space=8)
    _style(document, "Picture", 10.5, INK, before=4, after=3).paragraph_format.keep_with_next = True
    _style(document, "Picture caption", 9, QUIET, after=10)
    _style(document, "Reply heading", 10.5, ACCENT, before=4, after=3).font.bold = True
    _style(document, "Approval", 10.5, INK, before=16).font.bold = True
    _style(document, "Small print", 8.5, QUIET, after=0)
    quiet = document.styles.add_style("Attribution", WD_STYLE_TYPE.CHARACTER)
    _font(quiet, 9.5, QUIET)


def _headings(document: Doc) -> None:
    title = document.styles["Title"]
    _font(title, 20, INK)
    title.font.bold = title.font.cs_bold = True
    title.paragraph_format.space_after = Pt(10)
    for border in title.element.get_or_add_pPr().findall(qn("w:pBdr")):
        title.element.pPr.remove(border)
    heading = document.styles["Heading 1"]
    _font(heading, 13, ACCENT)
    heading.font.bold = heading.font.cs_bold = True
    heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(15), Pt(5)
    heading.paragraph_format.keep_with_next = True
    kind = _style(document, "Kind of note", 10.5, ACCENT, after=0)
    kind.font.bold = kind.font.cs_bold = True
    kind.paragraph_format.keep_with_next = True


def _style(
    document: Doc, name: str, size: float, colour: str, *, before: float = 0, after: float = 5
) -> ParagraphStyle:
    style: ParagraphStyle = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    _font(style, size, colour)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    return style


def _font(style: CharacterStyle, size: float, colour: str) -> None:
    """Set the font for every script: Word keeps four, and a size of its own for complex ones."""
    style.font.name, style.font.size = FONT, Pt(size)
    style.font.color.rgb = RGBColor.from_string(colour)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
    for old in properties.findall(qn("w:szCs")):
        properties.remove(old)
    properties.find(qn("w:sz")).addnext(_element("w:szCs", val=str(round(size * 2))))


def _header_and_footer(document: Doc) -> None:
    page = document.sections[0]
    top = page.header.paragraphs[0]
    top.style = document.styles["Small print"]
    _right_tab(top)
    top.add_run("{{ person_name }}").bold = True
    top.add_run(" · Mosaic {{ person_id }}\tCase {{ case_ref }} · version {{ version }}")
    _border(top._p.get_or_add_pPr(), "bottom", RULE, size=6, space=6)  # noqa: SLF001 - no public way
    foot = page.footer.paragraphs[0]
    foot.style = document.styles["Small print"]
    _right_tab(foot)
    foot.add_run("{{ approval }}\tPage ")
    _field(foot, "PAGE")
    foot.add_run(" of ")
    _field(foot, "NUMPAGES")


def _right_tab(paragraph: Paragraph) -> None:
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT)


def _field(paragraph: Paragraph, name: str) -> None:
    field = _element("w:fldSimple", instr=name)
    run = _element("w:r")
    text = _element("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001 - the library has no fields


def _opening(document: Doc) -> None:
    document.add_paragraph("{{ kind }}", "Kind of note")
    document.add_paragraph("{{ title }}", "Title")
    table = _table(document, rows=7, widths=(38, WIDTH_MM - 38))
    _around(table, "for fact in facts", "endfor")
    _fill(table.cell(1, 0), "{{ fact.label }}", "Fact").runs[0].bold = True
    _fill(table.cell(1, 1), "{{ fact.value }}", "Fact")
    _fill(table.cell(3, 0), "Recorded by", "Fact").runs[0].bold = True
    _fill(table.cell(3, 1), "{{ worker_name }}", "Fact")
    _around(table, "if significant_event", "endif", first=4)
    _fill(table.cell(5, 0), "Significant event", "Fact").runs[0].bold = True
    _fill(table.cell(5, 1), "yes", "Fact")
    _rules(table, "bottom", "insideH", inside=0)
    _keep_rows_whole(table)


def _sections(document: Doc) -> None:
    _mark(document, "for block in blocks")
    document.add_paragraph("{{ block.heading }}", "Heading 1")
    _mark(document, "for line in block.lines")
    line = document.add_paragraph("{{ line.text }}", "Normal")
    credit = "{% if line.attribution %} ({{ line.attribution }}){% endif %}"
    line.add_run(credit, "Attribution")
    _mark(document, "for each in line.beside")
    document.add_paragraph("{{ each }}", "Quotation")
    _mark(document, "endfor")
    _mark(document, "endfor")
    _mark(document, "for quote in block.quotes")
    document.add_paragraph("{{ quote }}", "Quotation")
    _mark(document, "endfor")
    _mark(document, "if block.actions")
    _actions(document)
    _mark(document, "endif")
    _mark(document, "endfor")


def _actions(document: Doc) -> None:
    table = _table(document, rows=4, widths=(WIDTH_MM - 82, 38, 44))
    for cell, words in zip(table.rows[0].cells, ("What", "Who", "By when"), strict=True):
        _fill(cell, words, "Fact").runs[0].bold = True
        _shade(cell, TINT)
    table.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader"))  # noqa: SLF001 - no public way
    _around(table, "for action in block.actions", "endfor", first=1)
    for cell, name in zip(table.rows[2].cells, ("what", "who", "due"), strict=True):
        _fill(cell, f"{{{{ action.{name} }}}}", "Fact")
    _rules(table, "top", "bottom", "insideH")
    _keep_rows_whole(table)


def _pictures(document: Doc) -> None:
    _mark(document, "if pictures")
    document.add_paragraph("Drawings and pictures", "Heading 1")
    _mark(document, "endif")
    _mark(document, "for picture in pictures")
    document.add_paragraph("{{ picture.image }}", "Picture")
    document.add_paragraph("{{ picture.caption }}", "Picture caption")
    _mark(document, "endfor")


def _replies(document: Doc) -> None:
    _mark(document, "if replies")
    document.add_paragraph("Beside this record", "Heading 1")
    _mark(document, "endif")
    _mark(document, "for reply in replies")
    box = _table(document, rows=1, widths=(WIDTH_MM,))
    cell = box.cell(0, 0)
    _fill(cell, "{{ reply.heading }}", "Reply heading")
    cell.add_paragraph("{{ reply.text }}", "Normal")
    _shade(cell, TINT)
    _rules(box, "left", colour=ACCENT, size=24)
    document.add_paragraph("", "Small print")
    _mark(document, "endfor")


def _mark(document: Doc, words: str) -> None:
    """A paragraph that steers the filling and is gone in the result."""
    document.add_paragraph(f"{{%p {words} %}}")


def _around(table: Table, opening: str, closing: str, *, first: int = 0) -> None:
    """Steer the row after row `first`: rows `first` and `first + 2` are gone in the result."""
    table.cell(first, 0).text = f"{{%tr {opening} %}}"
    table.cell(first + 2, 0).text = f"{{%tr {closing} %}}"


def _table(document: Doc, *, rows: int, widths: tuple[float, ...]) -> Table:
    table: Table = document.add_table(rows, len(widths))
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def _keep_rows_whole(table: Table) -> None:
    """For short rows only: a long one, such as a reply, must be able to run over the page."""
    for row in table.rows:
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - no public way
        properties.insert(0, _element("w:cantSplit"))


def _fill(cell: _Cell, words: str, style: str) -> Paragraph:
    paragraph: Paragraph = cell.paragraphs[0]
    paragraph.style = style
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    paragraph.add_run(words)
    return paragraph


def _shade(cell: _Cell, fill: str) -> None:
    shade = _element("w:shd", val="clear", color="auto", fill=fill)
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 - no public way


def _rules(table: Table, *sides: str, colour: str = RULE, size: int = 4, inside: int = 110) -> None:
    """Lines on some sides of a table, and a little air inside its cells, in twentieths of a point."""
    borders, margins = _element("w:tblBorders"), _element("w:tblCellMar")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        if side in sides:
            line = _element(f"w:{side}", val="single", sz=str(size), space="0", color=colour)
            borders.append(line)
    for side, width in (("top", 50), ("left", inside), ("bottom", 30), ("right", 110)):
        margins.append(_element(f"w:{side}", w=str(width), type="dxa"))
    properties = table._tbl.tblPr  # noqa: SLF001 - no public way
    layout = properties.find(qn("w:tblLayout"))
    for old in properties.findall(qn("w:tblInd")):
        properties.remove(old)
    layout.addprevious(_element("w:tblInd", w="0", type="dxa"))
    layout.addprevious(borders)
    layout.addnext(margins)


def _border(properties: BaseOxmlElement, side: str, colour: str, *, size: int, space: int) -> None:
    borders = _element("w:pBdr")
    line = _element(f"w:{side}", val="single", sz=str(size), space=str(space), color=colour)
    borders.append(line)
    # The schema fixes the order of paragraph properties; borders stand right before these.
    after = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    following = [child for child in properties if child.tag in {qn(tag) for tag in after}]
    if following:
        following[0].addprevious(borders)
    else:
        properties.append(borders)


def _element(tag: str, **attributes: str) -> BaseOxmlElement:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


if __name__ == "__main__":
    main()
