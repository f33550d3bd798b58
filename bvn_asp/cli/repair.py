"""`bvn repair`."""

from __future__ import annotations

import click
import yaml

from bvn_asp.classes import replace
from bvn_asp.cli import options
from bvn_asp.cli.patience import patience
from bvn_asp.cli.proofs import certificate_option, write_certificates
from bvn_asp.errors import fault
from bvn_asp.files import write_text
from bvn_asp.model.case import case_data
from bvn_asp.render import repair as pages
from bvn_asp.repairs.answer import Repairs
from bvn_asp.repairs.repair import Repairer
from bvn_asp.verbs import Library


@click.command("repair")
@options.case_argument
@options.policy_names
@options.reading_options
@click.option("--all", "mode", flag_value="all", help="Under all named policies together.")
@click.option("--any", "mode", flag_value="any", help="Under each by itself, the nearest first (the default).")
@click.option("--at-least", "need", type=int, metavar="N", help="Under any N of the named policies together.")
@click.option("--prefer", multiple=True, metavar="KIND", help="Prefer document, precaution, request, treat or wait.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=5, show_default=True, help="List so many sets.")
@click.option("--seconds", type=float, metavar="S", help="Stop searching after so long, with what there is.")
@click.option("--apply", "number", type=click.IntRange(1), metavar="N", help="Write the case as set N leaves it (-o).")
@click.option("--other-bodies", "others", is_flag=True, help="Also propose evidence about bodies nobody asked for.")
@click.option("--contest", is_flag=True, help="Say what can be contested even where there is another way.")
@click.option("-o", "--output", "target", metavar="NEW.yaml", type=click.Path(), help="Where --apply writes.")
@certificate_option
@options.output_format("text", "json", "markdown")
@options.exit_code_option
@options.policies_folder
def repair_command(
    case_path: str,
    policies: tuple[str, ...],
    reading_texts: tuple[str, ...],
    strict: bool,
    mode: str | None,
    need: int | None,
    prefer: tuple[str, ...],
    limit: int,
    seconds: float | None,
    number: int | None,
    others: bool,
    contest: bool,
    target: str | None,
    proofs: str | None,
    form: str,
    with_code: bool,
    folder: str | None,
) -> None:
    """What would make this approvable: which smallest sets of facts, documented or changed?

    \b
    bvn repair CASE                                    every policy, the nearest first
    bvn repair CASE -p cohere-ma                       every smallest set for one policy
    bvn repair CASE -p cohere-ma -p lcd-l39420 --all   for both together
    bvn repair CASE -p cohere-ma --apply 1 -o new.yaml

    A set approves in every completion of what it leaves open, and each one listed has been evaluated. What is to be
    documented, is to be documented if the chart supports it.

    Exit status: 0, or 2 if the question could not be asked; with --exit-code also the verdict there is now.
    """
    library = Library(folder)
    case = options.load_case_argument(library, case_path)
    readings = options.parse_readings(library, reading_texts)
    wanted = [kind for text in prefer for kind in text.split(",")]
    single = len(policies) == 1 or mode == "all" or need is not None
    if need is not None and (mode is not None or not policies):
        raise fault("`--at-least N` asks for N of the named policies", "name them with -p, without --all or --any")
    if number is not None and (not single or target is None):
        raise fault("`--apply N` writes one set for one question", "give -o FILE, and one policy or --all")
    if target is not None and number is None:
        raise fault("`-o` needs `--apply N`", "`--apply 1` takes the first set")
    if proofs and not single:
        raise fault("`--certificate` is for one question", "give one policy, or --all")
    with patience("looking for repairs") as stop:
        answer = library.repairs(
            case, policies, mode=mode, need=need, readings=readings, strict=strict, prefer=wanted,
            limit=max(limit, number or 0), seconds=seconds, stop=stop, others=others, contest=contest,
        )
    answers: tuple[Repairs, ...] = (answer.found,) if single else answer.found
    if number is not None and target is not None:
        _apply(library, answers[0], number, target)
    options.put(answer, form)
    if proofs:
        from bvn_asp.certificates.answers import of_repair

        repairer = Repairer(library, library.revisions(policies, case.date))
        write_certificates(library, proofs, of_repair(library, repairer, answers[0], others))
    options.finish((each.verdict.value for found in answers for each in found.evaluations), with_code)


def _apply(library: Library, answer: Repairs, number: int, target: str) -> None:
    """Write the repaired case, marked as hypothetical."""
    if number > len(answer.repairs):
        raise fault(f"there is no set {number}", f"there are {len(answer.repairs)}")
    made = answer.repairs[number - 1]
    moves = "; ".join(pages.target(move) for move in made.moves) or "nothing"
    note = f"repair {number} for {', '.join(answer.policies)}, not what the chart says: {moves}"
    mended = replace(made.applied_to(library, answer.case), hypothetical=note)
    text = yaml.safe_dump(case_data(mended, library.vocabulary), sort_keys=False, allow_unicode=True, width=110)
    write_text(target, text)
    options.written(target)
