"""Packages of QTI items as they are written: a manifest, a file for each item, each shared text and each picture, and our own records beside them.

Players ignore the records (a resource with metadata of a namespace that is not theirs); see `own_record` for what they are good for.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from lxml import etree

from question_bank.formats.own_record import NAMESPACE, NOT_WHOLE, is_writable, own_text
from question_bank.formats.package import packed
from question_bank.formats.picture_types import suffix_of
from question_bank.formats.pictures import pictures_of
from question_bank.formats.qti_names import Version, as_written
from question_bank.formats.qti_writing import identifier_of, item_element, new, stimulus_element
from question_bank.formats.reading import Writing
from question_bank.formats.xml_reading import Element
from question_bank.item import Item
from question_bank.message import N_, Fault, Message

MANIFEST = "imsmanifest.xml"
RECORDS = "records.xml"
PICTURES = "media"
LOM = "http://ltsc.ieee.org/xsd/LOM"
DIFFICULTIES = ("very easy", "easy", "medium", "difficult", "very difficult")
"""LOM's words for 1 to 5."""


def write(items: Sequence[Item], media: Mapping[str, bytes], version: Version) -> Writing:
    """Return a package of `items`. QTI with our records holds every kind; a picture that is not at hand is a loss."""
    pictures = {digest: f"{PICTURES}/{digest}.{suffix}" for digest, content in media.items() if (suffix := suffix_of(content))}
    files: dict[str, bytes] = {}
    resources: dict[str, Element] = {}
    records = etree.Element(f"{{{NAMESPACE}}}records", nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # lxml's own way to name the default
    losses = []
    for item in items:
        if not is_writable(item):
            losses.append(Fault(item.id, NOT_WHOLE))
            continue
        own = _files_of(item, version, pictures)
        shown = [digest for digest in pictures_of(item) if digest in pictures]
        files |= own | {pictures[digest]: media[digest] for digest in shown}
        for resource in _resources(item, version, list(own), [pictures[digest] for digest in shown]):
            resources.setdefault(resource.get("identifier", ""), resource)
        href, *shared = own
        record = etree.SubElement(records, f"{{{NAMESPACE}}}record", href=href, shared="".join(shared), digest=files_digest(own))
        record.text = own_text(item)
        if missing := len(pictures_of(item)) - len(shown):
            losses.append(Fault(item.id, Message(N_("Pictures of the item are not at hand: %(count)d"), {"count": missing})))
    files[RECORDS] = etree.tostring(records, encoding="UTF-8", xml_declaration=True)
    return Writing(packed({MANIFEST: _manifest(resources.values(), version)} | files), tuple(losses))


def files_digest(files: Mapping[str, bytes]) -> str:
    """Return a digest of an item's file and of the text that it shares, in this order."""
    whole = hashlib.sha256()
    for content in files.values():
        whole.update(hashlib.sha256(content).digest())
    return whole.hexdigest()


def _files_of(item: Item, version: Version, pictures: Mapping[str, str]) -> dict[str, bytes]:
    """Return the files of an item by name, its own first."""

    def address(digest: str) -> str | None:
        return f"../{pictures[digest]}" if digest in pictures else None

    root = item_element(item, version, address)
    href = f"items/{identifier_of(item.id)}.xml"
    if item.case is None or not version.has_stimuli:
        return {href: as_written(root, version)}
    shared = f"stimuli/{identifier_of(item.case.id)}.xml"
    body = next(place for place, each in enumerate(root) if each.tag == "itemBody")
    root.insert(body, new("assessmentStimulusRef", identifier=identifier_of(item.case.id), href=f"../{shared}"))
    return {href: as_written(root, version), shared: as_written(stimulus_element(item.case, address), version)}


def _resources(item: Item, version: Version, files: Sequence[str], pictures: Sequence[str]) -> list[Element]:
    """Return the manifest's entries of an item and of the text that it shares."""
    href, *shared = files
    levels = new(f"{{{LOM}}}educational", new(f"{{{LOM}}}difficulty", *_vocabulary(item.difficulty))) if _is_difficulty(item.difficulty) else None
    entry = new("resource", identifier=f"item-{item.id}", type=f"imsqti_item_{version.resource}", href=href)
    if levels is not None:
        entry.append(new("metadata", new(f"{{{LOM}}}lom", levels)))
    entry.extend(new("file", href=name) for name in (href, *pictures))
    if item.case is None or not shared:
        return [entry]
    entry.append(new("dependency", identifierref=f"case-{item.case.id}"))
    stimulus = new("resource", identifier=f"case-{item.case.id}", type=f"imsqti_stimulus_{version.resource}", href=shared[0])
    stimulus.extend(new("file", href=name) for name in (*shared, *pictures))
    return [entry, stimulus]


def _is_difficulty(difficulty: int) -> bool:
    return difficulty - 1 in range(len(DIFFICULTIES))


def _vocabulary(difficulty: int) -> tuple[Element, Element]:
    return new(f"{{{LOM}}}source", text="LOMv1.0"), new(f"{{{LOM}}}value", text=DIFFICULTIES[difficulty - 1])


def _manifest(resources: Iterable[Element], version: Version) -> bytes:
    records = new("resource", new("file", href=RECORDS), identifier="records", type="resourceextmetadata/xml", href=RECORDS)
    metadata = new("metadata", new("schema", text=version.schema), new("schemaversion", text=version.schema_version))
    root = new("manifest", metadata, new("organizations"), new("resources", *resources, records), identifier="manifest")
    names = {None: version.manifest_namespace, "lom": LOM}
    written = etree.Element(f"{{{version.manifest_namespace}}}manifest", {"identifier": "manifest"}, nsmap=names)  # type: ignore[arg-type]  # as above
    written.extend(list(root))
    for element in written.iter(etree.Element):
        if etree.QName(element).namespace is None:
            element.tag = f"{{{version.manifest_namespace}}}{element.tag}"
    return etree.tostring(written, encoding="UTF-8", xml_declaration=True)
