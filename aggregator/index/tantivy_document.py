"""The local index's schema, and a document in it."""

import json
import zlib
from dataclasses import asdict
from itertools import accumulate, pairwise

from tantivy import Document, Schema, SchemaBuilder

from aggregator.index.document import TEXT_FIELDS, FoldedText, IndexDocument, Shown, order_key

TOKENIZER = "whitespace"  # the text arrives folded, terms with blanks between

_KEYWORD_LIMIT = 1000  # characters; the engine takes no keyword beyond 65,530 bytes


def build_schema() -> Schema:
    """A field for each purpose: text to match, keywords to filter and count, ``order`` to sort by."""
    builder = SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", tokenizer_name=TOKENIZER, index_option="position")
    builder.add_text_field("headline", tokenizer_name=TOKENIZER, index_option="position")
    builder.add_text_field("spelt", tokenizer_name=TOKENIZER, index_option="freq")
    for name in ("organisation", "province", "source", "section", "month"):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("mentions", fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("organisation_path", "section_key", "mention_path"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("day", fast=True)  # date.toordinal() of the day in Tehran
    builder.add_integer_field("order", fast=True)
    builder.add_bytes_field("stored", stored=True)  # see read_stored
    return builder.build()


def tantivy_document(document: IndexDocument) -> Document:
    """The document as the engine takes it.

    ``text`` has the headline twice: a word of it counts double, in one ranking over all of the text. Values
    of one field stand apart, so no phrase runs from the headline into the lead.
    """
    made = Document()
    made.add_text("id", document.id)
    texts = [document.texts[field] for field in TEXT_FIELDS]
    made.add_text("headline", texts[0].joined())
    for text in (texts[0], *texts):
        made.add_text("text", text.joined())
    made.add_text("spelt", document.spelt)
    for name in ("organisation", "province", "source", "section", "month"):
        if value := getattr(document, name):
            made.add_text(name, value[:_KEYWORD_LIMIT])
    for organisation in document.organisation_path:
        made.add_text("organisation_path", organisation)
    for key in document.section_keys:
        made.add_text("section_key", key[:_KEYWORD_LIMIT])
    for mentioned in document.mentions:
        made.add_text("mentions", mentioned)
    for key in document.mention_path:
        made.add_text("mention_path", key[:_KEYWORD_LIMIT])
    if document.day:
        made.add_integer("day", document.day.toordinal())
    made.add_integer("order", order_key(document.seconds, document.id))
    made.add_bytes("stored", _stored(document))
    return made


def read_stored(document: Document) -> tuple[Shown, dict[str, FoldedText]]:
    """What is shown of a document that was found, and its folded texts by ``TEXT_FIELDS``."""
    stored = json.loads(zlib.decompress(document.get_first("stored") or b""))
    texts = {
        field: FoldedText(terms.split(), list(accumulate(steps)))
        for field, (terms, steps) in stored["texts"].items()
    }
    return Shown(**stored["shown"]), texts


def _stored(document: IndexDocument) -> bytes:
    """The inverse of ``read_stored``. Places are kept as steps from one to the next, which compress well."""
    texts = {
        field: (text.joined(), [place - before for before, place in pairwise((0, *text.places))])
        for field, text in document.texts.items()
    }
    stored = {"shown": asdict(document.shown), "texts": texts}
    return zlib.compress(json.dumps(stored, ensure_ascii=False, separators=(",", ":")).encode(), level=3)
