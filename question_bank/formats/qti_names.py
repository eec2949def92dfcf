"""QTI's two spellings: 2.x says simpleChoice and maxChoices, 3.0 says qti-simple-choice and max-choices. Inside, items are in that of 2.x."""

import re
from dataclasses import dataclass

from lxml import etree

from question_bank.formats.xml_reading import Element

HTML = frozenset((
    "p", "div", "span", "br", "hr", "img", "a", "em", "i", "strong", "b", "u", "small", "big", "sub", "sup", "code", "pre", "kbd", "samp",
    "var", "tt", "cite", "q", "dfn", "abbr", "acronym", "address", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "table", "caption",
    "thead", "tbody", "tfoot", "tr", "td", "th", "colgroup", "col", "h1", "h2", "h3", "h4", "h5", "h6", "object", "param", "audio",
    "video", "source", "track", "picture", "figure", "figcaption", "section", "article", "aside", "header", "footer", "nav", "details",
    "summary", "ruby", "rb", "rt", "rp", "bdo", "bdi", "label", "math",
))  # fmt: skip  # a list to look at
"""Elements that both versions take from HTML; every other name is QTI's own."""
CAPITAL = re.compile(r"([A-Z])")
HYPHEN = re.compile(r"-([a-z0-9])")
KEPT_ATTRIBUTES = ("data-", "aria-")


@dataclass(frozen=True, slots=True)
class Version:
    """What tells the versions of QTI apart in files that are written."""

    item_namespace: str
    manifest_namespace: str
    schema: str
    schema_version: str
    resource: str
    """The end of the types of resources: imsqti_item_xmlv3p0."""
    templates: str
    has_stimuli: bool
    """Whether a text that items share is a file of its own; otherwise it stands in each of them."""


QTI_3 = Version(
    "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    "QTI Package",
    "3.0.0",
    "xmlv3p0",
    "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/",
    has_stimuli=True,
)
QTI_2 = Version(
    "http://www.imsglobal.org/xsd/imsqti_v2p2",
    "http://www.imsglobal.org/xsd/imscp_v1p1",
    "QTIv2.2 Package",
    "1.0.0",
    "xmlv2p2",
    "http://www.imsglobal.org/question/qti_v2p2/rptemplates/",
    has_stimuli=False,
)


def as_read(root: Element) -> Element:
    """Return a tree of either version without namespaces, in the names of 2.x."""
    is_three = etree.QName(root).localname.startswith("qti-")
    for element in root.iter(etree.Element):
        name = etree.QName(element).localname
        element.tag = _joined(name.removeprefix("qti-")) if name.startswith("qti-") else name
        if is_three:
            for attribute in [each for each in map(str, element.attrib) if "-" in each and not each.startswith(KEPT_ATTRIBUTES)]:
                element.set(_joined(attribute), element.attrib.pop(attribute))
    return root


def as_written(root: Element, version: Version) -> bytes:
    """Return a tree in the names of 2.x as a file of `version`."""
    written = _copy(root, version)
    return etree.tostring(written, encoding="UTF-8", xml_declaration=True) + b"\n"


def _copy(element: Element, version: Version) -> Element:
    is_three = version.has_stimuli
    is_own = str(element.tag) not in HTML
    name = f"qti-{_split(str(element.tag))}" if is_three and is_own else str(element.tag)
    copy = etree.Element(f"{{{version.item_namespace}}}{name}", nsmap={None: version.item_namespace})  # type: ignore[dict-item]  # lxml's own way to name the default
    for attribute, value in element.attrib.items():
        copy.set(_split(str(attribute)) if is_three and is_own else str(attribute), str(value))
    copy.text, copy.tail = element.text, element.tail
    inside = copy
    if is_three and element.tag == "rubricBlock":
        inside = etree.SubElement(copy, f"{{{version.item_namespace}}}qti-content-body")
    for child in element:
        inside.append(_copy(child, version))
    return copy


def _joined(name: str) -> str:
    return HYPHEN.sub(lambda found: found.group(1).upper(), name)


def _split(name: str) -> str:
    return CAPITAL.sub(lambda found: f"-{found.group(1).lower()}", name)
