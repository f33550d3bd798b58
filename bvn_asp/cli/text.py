"""`bvn text`."""

from __future__ import annotations

from pathlib import Path

import click

from bvn_asp.anchors import editions, marks
from bvn_asp.anchors.copies import read_copy
from bvn_asp.anchors.find import Findings, compare
from bvn_asp.anchors.passages import Anchors, digest, dumped
from bvn_asp.anchors.words import Text
from bvn_asp.cli import options
from bvn_asp.errors import InputError, Place, fault
from bvn_asp.files import write_text
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.render import wording
from bvn_asp.render.data import data


@click.command("text")
@options.policy_argument
@click.argument("file", type=click.Path())
@click.option("--was", metavar="OLD", type=click.Path(), help="The text that was encoded: differences word by word.")
@options.texts_option
@click.option("--all", "every", is_flag=True, help="Also the source's words for what stands there as it was encoded.")
@click.option("--marks", "give_marks", is_flag=True, help="Print whose words are whose, for an author to edit.")
@click.option("--write", "marks_path", metavar="MARKS", type=click.Path(), help="Write the anchors that marks make.")
@click.option("--carry", metavar="FROM", help="Write the anchors of another edition, carried over to this text.")
@click.option("--copy", default="", metavar="NAME", help="With --write or --carry: a further copy of the same edition.")
@click.option("--of", default="", metavar="WORDS", help="With --write or --carry: which copy it is, in your words.")
@options.output_format("text", "json", "markdown")
@options.policies_folder
def text_command(
    policy: str,
    file: str,
    was: str | None,
    texts: str | None,
    every: bool,
    give_marks: bool,
    marks_path: str | None,
    carry: str | None,
    copy: str,
    of: str,
    form: str,
    folder: str | None,
) -> None:
    """Do the words of your own copy still say what was encoded?

    FILE is a .txt, .md, .html or .pdf that you have. Each criterion's words are found in it: exact, moved, changed or
    gone; and the words among the criteria that no entry claims. The project holds where the words stand and a digest
    of each clause, never the words.

    \b
    bvn text cohere-ma policy.pdf
    bvn text cohere-ma v4.pdf --was v3.pdf           word by word
    bvn text cohere-ma v4.pdf --marks > v4.marks     for the author of a revision
    bvn text cohere-ma@2026-05-29 v4.pdf --write v4.marks

    Exit status: 0 as encoded, 1 something differs or is new, 2 it is another text or cannot be read.
    """
    library = Library(folder)
    revision = library.revision(policy)
    text = read_copy(file)
    if marks_path is not None:
        _written(revision, marks.make(text, _read(marks_path), revision.entries, marks_path, of), copy)
        return
    if carry is not None:
        _written(revision, marks.carry(editions.best(library.revision(carry), text), of), copy)
        return
    if give_marks and not editions.anchors_of(revision):
        click.echo(marks.first_marks(text), nl=False)
        return
    findings = editions.best(revision, text)
    old = read_copy(was) if was else _kept(revision, findings, texts)
    if old is not None and not findings.same_text:
        findings = compare(_made_of(revision, old), old, text)
    if give_marks:
        click.echo(marks.marks_of(findings.anchors, text, findings), nl=False)
        return
    made = wording.page(revision, findings, old.name if old else "", every)
    options.write(form, lambda: made, lambda: data(library, "text", findings, revision=revision))
    if findings.other_text:
        raise SystemExit(2)
    same = set(findings.entries().values()) <= {"exact", "moved"}
    raise SystemExit(0 if same and not any(findings.in_criteria(each.at) for each in findings.new) else 1)


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "not plain UTF-8 text"
        raise fault(f"cannot read the marks: {(said or '').lower()}", place=Place(path)) from None


def _written(revision: Revision, anchors: Anchors, copy: str) -> None:
    path = editions.anchors_path(revision, copy)
    write_text(path, dumped(anchors))
    options.written(str(path))


def _kept(revision: Revision, findings: Findings, texts: str | None) -> Text | None:
    """The text that was encoded, if the folder of texts has it."""
    if not texts:
        return None
    named = editions.copy_in(texts, revision)
    for path in (named,) if named else editions.others_in(texts):
        try:
            text = read_copy(path)
        except InputError:
            continue
        if digest(text.forms, 10) == findings.anchors.digest:
            return text
    return None


def _made_of(revision: Revision, old: Text) -> Anchors:
    """The anchors that were made from the old text."""
    known = digest(old.forms, 10)
    for each in editions.anchors_of(revision):
        if each.digest == known:
            return each
    raise fault(f"{old.name} is not the text that was encoded", "name the very text that the anchors were made from")
