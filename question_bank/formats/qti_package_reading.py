"""Packages of QTI items, of whatever maker and version: what a manifest names is read item by item, and our own records where they are there.

A single item's file is read too, as if it were the only one of a package without pictures.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from question_bank.formats.markup import Markdown, Picture, picture_text
from question_bank.formats.own_record import NAMESPACE, Found, Outcome, is_writable, item_id_of, outcome_of, own_item, reconciled, unknown_notes
from question_bank.formats.package import NotAPackageError, Package, is_zip
from question_bank.formats.picture_types import suffix_of
from question_bank.formats.pictures import pictures_of
from question_bank.formats.qti_names import QTI_2, QTI_3, Version, as_read, as_written
from question_bank.formats.qti_package_writing import DIFFICULTIES, MANIFEST, PICTURES, RECORDS, files_digest
from question_bank.formats.qti_reading import NotTakenError, read_item
from question_bank.formats.qti_writing import item_element, stimulus_element
from question_bank.formats.reading import Reading
from question_bank.formats.xml_reading import Element, NotReadableError, children, descendants, local_name, read_xml, text_of
from question_bank.formats.yaml_document import shorten
from question_bank.item import Item
from question_bank.message import N_, Fault, Message

PAGES = ("text/html", "application/xhtml+xml")
MEGABYTE = 1024 * 1024
MEDIA_MOST = 24 * MEGABYTE
FAULTS_MOST = 2000
"""A person stops reading long before; a file of nothing but faults must not fill the memory."""
DATA_ADDRESS = "data:image/"


def read(content: bytes, name: str, defaults: Mapping[str, object]) -> Reading:
    """Return what a package or an item's file holds; `defaults` says what other makers' files do not (level, section …)."""
    reader = _Reader(name, defaults)
    try:
        if is_zip(content) or name.lower().endswith(".zip"):
            reader.read_package(Package(content))
        else:
            reader.read_file(name, content)
    except (NotAPackageError, NotReadableError) as error:
        reader.faults.append(Fault(name, error.message))
    return Reading(tuple(reader.items), tuple(reader.faults), reader.media, tuple(reader.notes), is_other=reader.is_other)


@dataclass(slots=True)
class _Own:
    """Our own record of an item, and the digest of its files as they were written."""

    item: Item
    digest: str
    shared: str
    """The file of the text that the item shares with others; empty if it has none of its own."""


@dataclass(slots=True)
class _Reader:
    """Reads one file, item after item."""

    name: str
    defaults: Mapping[str, object]
    items: list[Item] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)
    package: Package | None = None
    version: Version = QTI_3
    own: dict[str, _Own] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    is_other: bool = False
    pictures: dict[str, str] = field(default_factory=dict)
    """The names of our own packages' pictures by their digests."""

    def read_package(self, package: Package) -> None:
        """Read every item that the manifest names."""
        self.package = package
        self.pictures = {path.stem: str(path) for path in map(PurePosixPath, package.names) if path.parent.name == PICTURES}
        manifest = min((each for each in package.names if PurePosixPath(each).name == MANIFEST), key=len, default=None)
        self.is_other = manifest is None
        if manifest is None:
            self.faults.append(Fault(self.name, Message(N_("The package has no %(name)s; it is no QTI package"), {"name": MANIFEST})))
            return
        root = read_xml(package.read(manifest))
        records = package.find(RECORDS, manifest)
        if records is not None:
            self._take_records(records)
        found = 0
        for resource in descendants(root, "resource"):
            kind, href = resource.get("type", ""), resource.get("href", "")
            if kind.startswith("imsqti_item"):
                found += 1
                self._read_member(resource, package.find(href, manifest), href)
            elif kind.startswith(("imsqti_test", "imsqti_assessment", "imsqti_section")):
                self._note(href, Message(N_("Tests are not read, only the items that they are made of")))
            if len(self.faults) + len(self.notes) >= FAULTS_MOST:
                self._complain("", Message(N_("The file has more faults than are told; it is not read further")))
                return
        if not found:
            self._complain(manifest, Message(N_("The package names no items")))

    def read_file(self, member: str, content: bytes, difficulty: int | None = None) -> None:
        """Read one item's file; raise `NotReadableError` if it is no XML that is taken."""
        root = read_xml(content)
        self.version = QTI_3 if local_name(root).startswith("qti-") else QTI_2
        as_read(root)
        if root.tag != "assessmentItem":
            self.is_other = self.package is None
            raise NotReadableError(Message(N_("There is no QTI item in the file, but %(name)s"), {"name": f"<{shorten(root.tag)}>"}))
        outcome = self._outcome(root, member, difficulty)
        if outcome is not None:
            self._take(outcome, member)

    def _take(self, outcome: Outcome, member: str) -> None:
        place = self.name if member == self.name else f"{self.name}: {member}"
        self.faults += [Fault(f"{place}: {fault.place}", fault.message) for fault in outcome.faults]
        self.notes += [Fault(f"{place}: {note.place}", note.message) for note in outcome.notes]
        self.items += [outcome.item] if outcome.item is not None else []

    def _is_unchanged(self, own: _Own, member: str, content: bytes) -> bool:
        """Tell whether an item's file, and the text that it shares, are still those that were written."""
        files = {member: content}
        if self.package is not None and own.shared:
            files[own.shared] = self.package.read(own.shared)
        return own.digest == files_digest(files)

    def _outcome(self, root: Element, member: str, difficulty: int | None) -> Outcome | None:
        own = self.own.get(member)
        try:
            found = self._found(root, member)
        except NotTakenError as error:
            self._note(member, Message(N_("%(why)s. The item is left out"), {"why": error.message}), root.get("identifier", ""))
            return None
        if own is not None and is_writable(own.item):
            found = reconciled(found, self._written(own.item), own.item)
        elif difficulty is not None:
            found.record["difficulty"] = difficulty
        self._name_once(found)
        outcome = outcome_of(found, self.defaults, "", own is not None)
        if own is not None and outcome.item is not None:
            self._take_pictures(outcome.item)
        return outcome

    def _read_member(self, resource: Element, member: str | None, href: str) -> None:
        if self.package is None or member is None:
            self._complain(href, Message(N_("The manifest names the file, but it is not in the package")))
            return
        words = [text_of(value) for each in descendants(resource, "difficulty") for value in descendants(each, "value")]
        difficulty = DIFFICULTIES.index(words[0]) + 1 if words and words[0] in DIFFICULTIES else None
        try:
            content, own = self.package.read(member), self.own.get(member)
            if own is None or not self._is_unchanged(own, member, content):
                self.read_file(member, content, difficulty)
            else:
                self._take_pictures(own.item)
                self.taken.add(own.item.id)
                self.items.append(own.item)
        except (NotReadableError, NotAPackageError) as error:
            self._complain(member, error.message)

    def _found(self, root: Element, member: str) -> Found:
        """Return what an item's file says."""
        notes: list[tuple[str, Message]] = []
        found = read_item(root, self._picture_of(member, notes))
        reference = next(descendants(root, "assessmentStimulusRef"), None)
        page = next((each for each in descendants(root, "object") if each.get("type") in PAGES), None)
        if reference is not None:
            self._take_stimulus(found, reference.get("href", ""), member, notes)
        elif page is not None:
            self._take_stimulus(found, page.get("data", ""), member, notes)
        for place, message in notes:
            found.note(place, message)
        return found

    def _take_stimulus(self, found: Found, href: str, member: str, notes: list[tuple[str, Message]]) -> None:
        """Take a text that stands in a file of its own as the item's case."""
        name = None if self.package is None else self.package.find(href, member)
        if self.package is None or name is None:
            found.note("case", Message(N_("The file %(name)s is not in the package"), {"name": shorten(href)}))
            return
        try:
            root = as_read(read_xml(self.package.read(name)))
        except (NotReadableError, NotAPackageError) as error:
            found.note("case", error.message)
            return
        _take_case(found, root, PurePosixPath(name).stem, self._picture_of(name, notes))

    def _written(self, item: Item) -> Found:
        """Return what the item's file said when it was written, its pictures as far as they are in this package."""

        def address(digest: str) -> str | None:
            return digest if digest in self.media else None

        def picture(source: str, words: str) -> str:
            return picture_text(source, words)

        version = self.version
        found = read_item(_once_more(item_element(item, version, address), version), picture)
        if item.case is not None and version.has_stimuli:
            _take_case(found, _once_more(stimulus_element(item.case, address), version), "", picture)
        return found

    def _picture_of(self, member: str, notes: list[tuple[str, Message]]) -> Picture:
        """Return what finds the pictures that the file `member` names, puts them into `media`, and notes those that it does not find."""

        def picture(source: str, words: str) -> str | None:
            content = _from_data_address(source) if source.startswith(DATA_ADDRESS) else self._content_of(source, member)
            if content is None:
                notes.append(("stem", Message(N_("The picture %(name)s is not in the package"), {"name": shorten(source)})))
                return None
            return self._kept(content, words, source, notes)

        return picture

    def _kept(self, content: bytes, words: str, source: str, notes: list[tuple[str, Message]]) -> str | None:
        if suffix_of(content) is None:
            notes.append(("stem", Message(N_("%(name)s is no picture that is shown here (PNG, JPEG, GIF, WebP)"), {"name": shorten(source)})))
            return None
        digest = hashlib.sha256(content).hexdigest()
        if digest not in self.media and sum(map(len, self.media.values())) + len(content) > MEDIA_MOST:
            notes.append(("stem", Message(N_("The pictures of the file are larger than %(most)d MB"), {"most": MEDIA_MOST // MEGABYTE})))
            return None
        self.media[digest] = content
        return picture_text(digest, words)

    def _content_of(self, source: str, member: str) -> bytes | None:
        name = None if self.package is None else self.package.find(source, member)
        if self.package is None or name is None:
            return None
        try:
            return self.package.read(name)
        except NotAPackageError:
            return None

    def _take_pictures(self, item: Item) -> None:
        """Put the pictures of an unchanged item into `media`."""
        for digest in set(pictures_of(item)) - set(self.media):
            notes: list[tuple[str, Message]] = []
            content = self._content_of(self.pictures.get(digest, ""), "")
            if content is not None:
                self._kept(content, "", self.pictures[digest], notes)
            self.notes += [Fault(f"{self.name}: {item.id}.{place}", message) for place, message in notes]

    def _take_records(self, name: str) -> None:
        if self.package is None:
            return
        try:
            root = read_xml(self.package.read(name))
        except (NotReadableError, NotAPackageError) as error:
            self._complain(name, error.message)
            return
        if root.tag != f"{{{NAMESPACE}}}records":
            return
        for record in children(root, "record"):
            item = own_item(text_of(record))
            member = self.package.find(record.get("href", ""), name)
            if item is None:
                self._complain(name, Message(N_("Our own record of %(name)s is damaged and not used"), {"name": shorten(record.get("href", ""))}))
            elif member is not None:
                shared = self.package.find(record.get("shared", ""), name)
                self.own[member] = _Own(item, record.get("digest", ""), shared or "")

    def _name_once(self, found: Found) -> None:
        wanted = found.record["id"]
        found.record["id"] = item_id_of(wanted, self.taken)
        if found.record["id"] != wanted:
            found.note("id", Message(N_("The id %(id)s stands twice in the file; this is the second item with it"), {"id": wanted}))

    def _complain(self, member: str, message: Message) -> None:
        self.faults.append(Fault(self._place(member), message))

    def _note(self, member: str, message: Message, inside: str = "") -> None:
        self.notes.append(Fault(": ".join([self._place(member), shorten(inside)] if inside else [self._place(member)]), message))

    def _place(self, member: str) -> str:
        return self.name if member in ("", self.name) else f"{self.name}: {shorten(member)}"


def _take_case(found: Found, root: Element, name: str, picture: Picture) -> None:
    body = next(descendants(root, "stimulusBody", "body"), root)
    markdown = Markdown(picture)
    case_id = item_id_of(root.get("identifier", "") or name, set())
    title = root.get("title", "") or text_of(next(descendants(root, "title"), None)) or case_id
    found.case = {"case": case_id, "title": title, "text": markdown.of(body)}
    unknown_notes(found, "case", markdown.unknown)


def _once_more(root: Element, version: Version) -> Element:
    """Return a tree as it is after it was written and read."""
    return as_read(read_xml(as_written(root, version)))


def _from_data_address(address: str) -> bytes | None:
    try:
        return base64.b64decode(address.partition(";base64,")[2], validate=False) or None
    except binascii.Error:
        return None
