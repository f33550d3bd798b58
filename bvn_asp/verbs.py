"""The verbs as methods of a library, for notebooks: names in, answers out that can be read, printed and passed on.

    lib = Library()
    case = lib.case("cases/founding/document-004.yaml")
    lib.compare(case, "cohere-ma")

Every verb imports what it needs when it is asked, so that a library costs nothing until then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from bvn_asp.errors import Fault, did_you_mean, fault, shown
from bvn_asp.model import library as model
from bvn_asp.model.case import Case

if TYPE_CHECKING:
    from bvn_asp.cases.ask import Questions
    from bvn_asp.cases.claimed import Claimed
    from bvn_asp.cases.compare import Comparison
    from bvn_asp.cases.explain import Explanation
    from bvn_asp.cases.record import Verification
    from bvn_asp.cases.whatif import WhatIf
    from bvn_asp.model.policy import Policy, Revision
    from bvn_asp.model.search import Hit
    from bvn_asp.papers.checklist import Checklist, Form
    from bvn_asp.papers.letter import Letter
    from bvn_asp.papers.one_page import OnePage
    from bvn_asp.papers.report import Report
    from bvn_asp.papers.request import InformationRequest
    from bvn_asp.render.blocks import Block
    from bvn_asp.repairs.answer import Repairs
    from bvn_asp.repairs.partial import Partial
    from bvn_asp.routing.claims import Claim
    from bvn_asp.routing.governs import Governance
    from bvn_asp.texts.atlas import Atlas
    from bvn_asp.texts.diff import Diff
    from bvn_asp.texts.sources import Sources
    from bvn_asp.texts.split import Split
    from bvn_asp.texts.stricter import Strictness
    from bvn_asp.upkeep.coverage import Coverage
    from bvn_asp.upkeep.lint import Report as LintReport
    from bvn_asp.upkeep.mutate import Mutation
    from bvn_asp.upkeep.synth import Synthesis
    from bvn_asp.upkeep.testing import Check, Result

Found = TypeVar("Found", covariant=True)
CaseLike = Any  # a Case, a path, or a mapping of the shape of a case file
Names = str | Iterable[str]
Readings = Mapping[str, Mapping[str, str]]


class Answer(Generic[Found]):
    """What a verb found, with its text and its data.

    Attributes:
        found: what the function of the same name returns; its attributes can be asked of the answer itself.
    """

    def __init__(
        self,
        found: Found,
        blocks: Callable[[], Iterable[Block]],
        data: Callable[[], Any],
    ) -> None:
        self.found = found
        self._blocks, self._data = blocks, data

    def data(self) -> Any:
        """What the command prints with `--format json`, as dicts and lists."""
        return self._data()

    def json(self) -> str:
        """The JSON text: the command prints it, and the server sends it."""
        from bvn_asp.render.data import to_json

        return to_json(self.data())

    def blocks(self) -> Iterable[Block]:
        """What the text and the page are made of."""
        return self._blocks()

    def text(self, width: int = 80, colour: bool = False) -> str:
        """What the command prints."""
        from bvn_asp.render.text import to_text

        return to_text(self._blocks(), width, colour)

    def markdown(self) -> str:
        """The text as Markdown."""
        from bvn_asp.render.markdown import to_markdown

        return to_markdown(self._blocks())

    def html(self) -> str:
        """The page that the command makes.

        Raises: InputError: it makes none.
        """
        from bvn_asp.render.blocks import Page

        made = self._blocks()
        if not isinstance(made, Page):
            raise fault("this answer is no page", "`text()`, `markdown()` and `data()` give it")
        from bvn_asp.render.html import to_html

        return to_html(made)

    def docx(self, target: str) -> None:
        """Write the page as a DOCX to a file.

        Raises: InputError: it is no page, or the file cannot be written.
        """
        from bvn_asp.render.blocks import Page
        from bvn_asp.render.docx import write_docx

        made = self._blocks()
        if not isinstance(made, Page):
            raise fault("this answer is no page", "`text()`, `markdown()` and `data()` give it")
        write_docx(made, target)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.__dict__["found"], name)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *dir(self.found)})

    def __iter__(self) -> Iterator[Any]:
        return iter(self.found)  # type: ignore[call-overload, no-any-return]

    def __len__(self) -> int:
        return len(self.found)  # type: ignore[arg-type]

    def __getitem__(self, item: Any) -> Any:
        return self.found[item]  # type: ignore[index]

    def __bool__(self) -> bool:
        return self.found is not None

    def __repr__(self) -> str:
        return self.text()

    def _repr_markdown_(self) -> str:
        return self.markdown()


def listed(names: Names | Path) -> tuple[str, ...]:
    """Names as a tuple; one name stands for itself."""
    return (str(names),) if isinstance(names, str | Path) else tuple(map(str, names))


class Library(model.Library):
    """The policies of one folder, and what they can be asked; the shipped ones if no folder is given.

    `case` is a case, a path, or a mapping of the shape of a case file; `policies` are names, one or several, all
    policies if none; `readings` are policy to reading to option. Every verb raises InputError for what is not there.
    """

    def __repr__(self) -> str:
        return f"<Library {self.folder}>"

    # -- cases ---------------------------------------------------------------------------------

    def case(self, source: CaseLike) -> Case:
        """The case of a file or a mapping, checked to be possible.

        Raises: InputError: faults of the file, or records that contradict what a patient can be.
        """
        from bvn_asp.cases.possible import load_case, make_case

        if isinstance(source, Case):
            return source
        return make_case(self, source) if isinstance(source, Mapping) else load_case(self, source)

    def parse(self, text: str | bytes, name: str = "<case>") -> Case:
        """The case in YAML or JSON text, checked to be possible."""
        from bvn_asp.cases.possible import parse_case

        return parse_case(self, text, name)

    def forget(self) -> None:
        """Let go of all that this thread remembers of charts, and of what is grounded; the next question grounds anew.

        For a process that asks of hundreds of thousands of charts: what is remembered of one speeds up the next, and
        grows. Call it between questions, not within one.
        """
        from bvn_asp.engine import session

        session.forget(programs=True)

    # -- what there is -------------------------------------------------------------------------

    def listing(self) -> Answer[dict[str, Policy]]:
        """Which policies are there?"""
        from bvn_asp.render import library as render
        from bvn_asp.render.data import data

        return Answer(self.policies, lambda: render.policies(self), lambda: data(self, "policies", None))

    def facts(self, words: Names = ()) -> Answer[tuple[Hit, ...]]:
        """What can a case record? With words, the facts about them, the nearest first.

        Raises: InputError: none is about them.
        """
        from bvn_asp.model.search import Hit, search_facts
        from bvn_asp.render import library as render
        from bvn_asp.render.data import data

        wanted, known = listed(words), self.vocabulary.facts
        found = search_facts(self.vocabulary, wanted) if wanted else tuple(Hit(name) for name in known)
        searched = " ".join(wanted)
        if not found:
            hint = did_you_mean(searched, known, "no source asks about it; `bvn facts` lists what they ask about")
            raise fault(f"no fact is about `{shown(searched)}`", hint)
        names, places = [hit.fact for hit in found], {hit.fact: hit.places for hit in found}
        return Answer(
            found, lambda: render.facts(self, names, searched, places), lambda: data(self, "facts", names)
        )

    # -- one case ------------------------------------------------------------------------------

    def compare(
        self,
        case: CaseLike,
        policies: Names = (),
        *,
        readings: Readings | None = None,
        strict: bool = False,
        under_readings: bool = True,
        stop: Callable[[], bool] = lambda: False,
    ) -> Answer[Comparison]:
        """Which policies approve a case, side by side, and where do they part?

        Args:
            stop: asked before each policy whether to end with those that are done.
        """
        from bvn_asp.cases.compare import compare
        from bvn_asp.render import pages
        from bvn_asp.render.data import data

        made, chosen = self.case(case), _known(self, readings)
        found = compare(self, made, listed(policies), chosen, strict, under_readings, stop)
        return Answer(found, lambda: pages.comparison(self, found), lambda: data(self, "compare", found))

    def compare_as_claimed(
        self, case: CaseLike, document: str, policies: Names = (), *, strict: bool = False
    ) -> Answer[Claimed]:
        """What would the policies say if they were read as a document claims?"""
        from bvn_asp.cases.claimed import claimed
        from bvn_asp.render import claims as render
        from bvn_asp.render.data import data

        found = claimed(self, self.case(case), document, listed(policies), strict)
        return Answer(found, lambda: render.claimed(self, found), lambda: data(self, "claimed", found))

    def explain(
        self,
        case: CaseLike,
        policy: str | None = None,
        *,
        readings: Readings | None = None,
        strict: bool = False,
        unmet_first: bool = False,
        rules: bool = False,
    ) -> Answer[Explanation]:
        """Why does a policy, or the one that governs, say this of a case, criterion by criterion?"""
        from bvn_asp.cases.explain import explain
        from bvn_asp.render import pages
        from bvn_asp.render.data import data

        made = self.case(case)
        found = explain(self, made, policy or self._governing(made), _known(self, readings), strict)
        return Answer(
            found,
            lambda: pages.explanation(self, found, made, unmet_first, rules),
            lambda: data(self, "explain", found, case=made),
        )

    def ask(
        self,
        case: CaseLike,
        policies: Names = (),
        *,
        readings: Readings | None = None,
        strict: bool = False,
        settled: bool = True,
        stop: Callable[[], bool] = lambda: False,
    ) -> Answer[Questions]:
        """What is left to ask, and what is best asked next? With `settled`, also what no longer matters, and why.

        Of a few policies that is always said.
        """
        from bvn_asp.cases.ask import SEVERAL, Asker
        from bvn_asp.render import ask as render
        from bvn_asp.render.data import data

        made = self.case(case)
        asker = Asker(self, self.revisions(listed(policies), made.date))
        with_settled = settled or len(asker.revisions) <= SEVERAL
        found = asker.ask(made, _known(self, readings), strict, with_settled=with_settled, stop=stop)
        return Answer(found, lambda: render.page(self, found), lambda: data(self, "ask", found))

    def whatif(
        self,
        case: CaseLike,
        suppositions: Names,
        policies: Names = (),
        *,
        readings: Readings | None = None,
        strict: bool = False,
    ) -> Answer[WhatIf]:
        """What would the policies say if some facts were otherwise? Suppositions are texts: `bmi=39`."""
        from bvn_asp.cases.whatif import parse_suppositions, split_day, whatif
        from bvn_asp.render import whatif as render
        from bvn_asp.render.data import data

        made = self.case(case)
        day, texts = split_day(listed(suppositions))
        values = parse_suppositions(self, made, texts)
        found = whatif(self, made, values, listed(policies), _known(self, readings), strict, day)
        return Answer(found, lambda: render.page(self, found), lambda: data(self, "whatif", found))

    def repair(
        self,
        case: CaseLike,
        policies: Names = (),
        *,
        need: int | None = None,
        readings: Readings | None = None,
        strict: bool = False,
        prefer: Names = (),
        limit: int = 5,
        seconds: float | None = None,
        stop: Callable[[], bool] = lambda: False,
        others: bool = False,
        contest: bool = False,
    ) -> Answer[Repairs]:
        """What would make a case approvable under all of these policies together, or `need` of them?"""
        from bvn_asp.render import repair as render
        from bvn_asp.render.data import data
        from bvn_asp.repairs.repair import Repairer

        made, chosen = self.case(case), _known(self, readings)
        repairer = Repairer(self, self.revisions(policies, made.date))
        answer = repairer.repair(
            made, chosen, strict, need, listed(prefer), limit, seconds, stop=stop, others=others, contest=contest
        )
        found = repairer.placed(answer, chosen)
        mode = "at-least" if need else "all"
        return Answer(found, lambda: render.page(self, found), lambda: data(self, "repair", (found,), mode=mode))

    def nearest(
        self,
        case: CaseLike,
        policies: Names = (),
        *,
        readings: Readings | None = None,
        strict: bool = False,
        prefer: Names = (),
        seconds: float | None = None,
        stop: Callable[[], bool] = lambda: False,
        others: bool = False,
        contest: bool = False,
    ) -> Answer[tuple[Repairs, ...]]:
        """Which policy is nearest to approving a case, each by itself, and what does it lack?"""
        from bvn_asp.render import repair as render
        from bvn_asp.render.data import data
        from bvn_asp.repairs.nearest import nearest

        made, chosen = self.case(case), _known(self, readings)
        names = listed(policies)
        found = nearest(self, made, names, chosen, strict, listed(prefer), 1, seconds, stop, others, contest)
        return Answer(found, lambda: render.survey(self, found), lambda: data(self, "repair", found, mode="any"))

    def repairs(
        self,
        case: CaseLike,
        policies: Names = (),
        *,
        mode: str | None = None,
        need: int | None = None,
        readings: Readings | None = None,
        strict: bool = False,
        prefer: Names = (),
        limit: int = 5,
        seconds: float | None = None,
        stop: Callable[[], bool] = lambda: False,
        others: bool = False,
        contest: bool = False,
    ) -> Answer[Any]:
        """As `repair` of one policy, with `mode` "all" of several together, or with `need`; else as `nearest`."""
        names = listed(policies)
        if len(names) == 1 or mode == "all" or need is not None:
            return self.repair(
                case, names, need=need, readings=readings, strict=strict, prefer=prefer, limit=limit,
                seconds=seconds, stop=stop, others=others, contest=contest,
            )
        return self.nearest(
            case, names, readings=readings, strict=strict, prefer=prefer, seconds=seconds, stop=stop, others=others,
            contest=contest,
        )

    def partial(
        self,
        case: CaseLike,
        policy: str | None = None,
        *,
        readings: Readings | None = None,
        strict: bool = False,
        limit: int = 3,
    ) -> Answer[Partial]:
        """Which part of what is requested does a policy, or the one that governs, approve, and what lack the others?"""
        from bvn_asp.render import partial as render
        from bvn_asp.render.data import data
        from bvn_asp.repairs.partial import partial

        made = self.case(case)
        found = partial(self, made, policy or self._governing(made), _known(self, readings), strict, limit)
        return Answer(found, lambda: render.page(self, found), lambda: data(self, "partial", found))

    def governs(self, case: CaseLike) -> Answer[Governance]:
        """Which policy binds this request, and by what rule?

        Raises: InputError: the policies do not say which of them governs.
        """
        from bvn_asp.render import governs as render
        from bvn_asp.render.data import data
        from bvn_asp.routing.governs import governs

        found = governs(self, self.case(case))
        if found is None:
            raise fault("these policies do not say which of them governs", "they say so in governs.lp and governs.yaml")
        return Answer(found, lambda: render.governance(self, found), lambda: data(self, "governs", found))

    def _governing(self, case: Case) -> str:
        """The one policy that governs a request.

        Raises: InputError: none does for sure, or several.
        """
        from bvn_asp.routing.governs import the_one

        return the_one(self, case)

    # -- papers --------------------------------------------------------------------------------

    def request(
        self,
        case: CaseLike,
        policy: str | None = None,
        *,
        readings: Readings | None = None,
        strict: bool = False,
    ) -> Answer[InformationRequest]:
        """The request for information: everything that a policy, or the one that governs, still needs, once."""
        from bvn_asp.papers.request import request
        from bvn_asp.render import request as render
        from bvn_asp.render.data import data

        made = self.case(case)
        found = request(self, made, policy or self._governing(made), _known(self, readings), strict)
        return Answer(found, lambda: render.page(self, found), lambda: data(self, "request", found))

    def checklist(
        self,
        case: CaseLike,
        policy: str | None = None,
        *,
        readings: Readings | None = None,
        strict: bool = False,
    ) -> Answer[Checklist]:
        """Before a submission: what is on file, what is missing, and what it is too early for."""
        from bvn_asp.papers.checklist import checklist
        from bvn_asp.render import checklist as render
        from bvn_asp.render.data import data

        made = self.case(case)
        found = checklist(self, made, policy or self._governing(made), _known(self, readings), strict)
        return Answer(found, lambda: render.page(self, found), lambda: data(self, "checklist", found))

    def form(self, policy: str) -> Answer[Form]:
        """The blank checklist of a policy."""
        from bvn_asp.papers.checklist import form
        from bvn_asp.render import checklist as render
        from bvn_asp.render.data import data

        found = form(self, policy)
        return Answer(found, lambda: render.blank(self, found), lambda: data(self, "checklist", found))

    def letter(
        self,
        case: CaseLike,
        purpose: str,
        policy: str | None = None,
        *,
        plain: bool = False,
        readings: Readings | None = None,
        strict: bool = False,
    ) -> Answer[Letter]:
        """The draft of a letter: five slots a criterion, filled from data.

        Args:
            purpose: `request`, `adverse` or `appeal`.
            plain: in plain language, for the person it is about.

        Raises: InputError: no such purpose.
        """
        from bvn_asp.papers.letter import Purpose, letter
        from bvn_asp.render import letter as render
        from bvn_asp.render import letter_plain as plain_draft
        from bvn_asp.render.data import data

        if purpose not in [each.value for each in Purpose]:
            raise fault(f"there is no letter for `{purpose}`", "a letter is for request, adverse or appeal")
        made = self.case(case)
        named = policy or self._governing(made)
        found = letter(self, made, named, Purpose(purpose), _known(self, readings), strict)
        drafted = plain_draft.page if plain else render.page
        return Answer(found, lambda: drafted(self, found), lambda: data(self, "letter", found))

    def one_page(
        self,
        case: CaseLike,
        policy: str | None = None,
        *,
        readings: Readings | None = None,
        strict: bool = False,
    ) -> Answer[OnePage]:
        """One policy's verdict on two sheets at most, what stands in the way first; its data are a letter's."""
        from bvn_asp.papers.one_page import one_page
        from bvn_asp.render import one_page as render
        from bvn_asp.render.data import data

        made = self.case(case)
        found = one_page(self, made, policy or self._governing(made), _known(self, readings), strict)
        return Answer(found, lambda: render.page(self, found), lambda: data(self, "letter", found.draft))

    def report(
        self,
        case: CaseLike,
        policies: Names = (),
        *,
        readings: Readings | None = None,
        strict: bool = False,
        looks: int | None = None,
        watch: Callable[[Sequence[Revision]], Iterable[Revision]] = iter,
    ) -> Answer[Report]:
        """Everything there is to say of a case, as one page: `html()`; its text is the comparison and what it lacks."""
        from bvn_asp.papers.report import report
        from bvn_asp.render.data import data
        from bvn_asp.render.report import page
        from bvn_asp.repairs.repair import LOOKS

        most = LOOKS if looks is None else looks
        found = report(self, self.case(case), listed(policies), _known(self, readings), strict, most, watch)
        return Answer(
            found,
            lambda: page(self, found),
            lambda: {
                "compare": data(self, "compare", found.comparison),
                "explain": [data(self, "explain", each, case=found.case) for each in found.explanations],
                "repair": data(self, "repair", found.repairs, mode="any"),
                "record": found.record,
            },
        )

    def verify(self, record: Mapping[str, Any]) -> Answer[Verification]:
        """Is a recorded decision made again, leaf by leaf?"""
        from bvn_asp.cases.record import verify
        from bvn_asp.render.blocks import Bullets, Paragraph
        from bvn_asp.render.data import data

        found = verify(self, record)
        said = Paragraph("the same" if found.same else "something moved")
        return Answer(found, lambda: [said, Bullets(found.moved)], lambda: data(self, "verify", found))

    # -- texts ---------------------------------------------------------------------------------

    def diff(
        self, old: str, new: str, *, readings: Readings | None = None, under_readings: bool = False,
        rules: bool = False,
    ) -> Answer[Diff]:
        """What did a revision change, by meaning? Names as `bvn diff` takes them: policies, editions, files, git."""
        from bvn_asp.model.edition import editions
        from bvn_asp.render import diff as render
        from bvn_asp.render.data import data
        from bvn_asp.texts.diff import diff

        found = diff(self, *editions(self, old, new), _known(self, readings), under_readings)
        return Answer(
            found,
            lambda: render.page(self, found, rules=rules),
            lambda: data(self, "diff", found),
        )

    def stricter(
        self, plan: str, governing: str, *, readings: Readings | None = None
    ) -> Answer[Strictness]:
        """Where is a plan's policy stricter than the one that governs, and where looser?"""
        from bvn_asp.model.edition import editions
        from bvn_asp.render import stricter as render
        from bvn_asp.render.data import data
        from bvn_asp.texts.stricter import stricter

        found = stricter(self, *editions(self, plan, governing), _known(self, readings))
        return Answer(
            found,
            lambda: render.page(self, found),
            lambda: data(self, "stricter", found),
        )

    def split(self, *policies: str, readings: Readings | None = None) -> Answer[Split]:
        """On which smallest patient do policies disagree?"""
        from bvn_asp.model.edition import edition
        from bvn_asp.render import split as render
        from bvn_asp.render.data import data
        from bvn_asp.texts.split import split

        if len(policies) < 2:
            raise fault("a split needs two policies or more", "name them one by one")
        found = split(self, [edition(self, each) for each in policies], _known(self, readings))
        return Answer(found, lambda: render.page(self, found), lambda: data(self, "split", found))

    def sources(self) -> Answer[Sources]:
        """What stands behind the library, and what does every source ask for?"""
        from bvn_asp.render import sources as render
        from bvn_asp.render.data import data
        from bvn_asp.routing.claims import claims
        from bvn_asp.texts.sources import sources

        found = sources(self)
        return Answer(
            found, lambda: render.everything(self, found, claims(self)), lambda: data(self, "sources", found)
        )

    def atlas(self, policies: Names = ()) -> Answer[Atlas]:
        """Policies at a glance, over all patients: what each asks for, who is stricter, and what is contested."""
        from bvn_asp.render.atlas import page
        from bvn_asp.texts.atlas import atlas

        found = atlas(self, listed(policies))
        return Answer(
            found,
            lambda: page(self, found),
            lambda: {
                "approving": list(found.approving),
                "pairs": [
                    {"first": x.first, "second": x.second, "relation": x.relation.value, "apart": x.apart}
                    for x in found.pairs
                ],
                "limits": [
                    {
                        "slots": [str(slot) for slot in x.slots],
                        "values": [str(cell) for cell in x.cells] or list(x.values),
                        "allowed": {
                            b.name: [str(x.cells[int(v)]) if x.cells else v for v in b.values] for b in x.bounds
                        },
                    }
                    for x in found.limits
                ],
            },
        )

    def claims(self, source: str | None = None) -> Answer[tuple[Claim, ...]]:
        """Who claims what about a source, and does the text bear it out?"""
        from bvn_asp.render import claims as render
        from bvn_asp.render.data import data
        from bvn_asp.routing.claims import claims

        found = claims(self, source)
        return Answer(found, lambda: render.ledger(self, found, source), lambda: data(self, "claims", found))

    def show(self, policy: str) -> Answer[Revision]:
        """A policy's criteria in the order of its document."""
        from bvn_asp.render import library as render
        from bvn_asp.render.data import data

        found = self.revision(policy)
        return Answer(found, lambda: render.outline(self, found), lambda: data(self, "show", found))

    # -- upkeep --------------------------------------------------------------------------------

    def test(self, paths: Names | Path) -> Answer[tuple[Result | Fault, ...]]:
        """Do the policies say of these cases what the cases expect?"""
        from bvn_asp.render import testing as render
        from bvn_asp.render.data import data
        from bvn_asp.upkeep.testing import Result, collect, run_checks

        listing = collect(self, listed(paths))
        found = (*listing.faults, *run_checks(self, listing.checks))
        results = [each for each in found if isinstance(each, Result)]
        faults = list(dict.fromkeys(each for each in found if isinstance(each, Fault)))
        failed = [each for each in results if not each.passed]

        def blocks() -> Iterator[Block]:
            from bvn_asp.render.blocks import Paragraph

            for each in failed:
                yield from render.failure(self, each)
            line = render.summary(len(results) - len(failed), len(failed), len(faults), listing.files)
            yield Paragraph(line)

        return Answer(found, blocks, lambda: data(self, "test", results, faults=faults, files=listing.files))

    def coverage(self, policy: str, paths: Names | Path) -> Answer[Coverage]:
        """What of a policy do some files and folders of cases exercise?"""
        from bvn_asp.render import coverage as render
        from bvn_asp.render.data import data
        from bvn_asp.upkeep.coverage import coverage

        found = coverage(self, self.revision(policy), _checks(self, paths))
        return Answer(found, lambda: render.table(found), lambda: data(self, "coverage", [found]))

    def mutate(self, policy: str, paths: Names | Path) -> Answer[Mutation]:
        """Which slips in writing a policy down would the cases not notice?"""
        from bvn_asp.render import coverage as render
        from bvn_asp.render.data import data
        from bvn_asp.upkeep.mutate import mutate

        found = mutate(self, self.revision(policy), _checks(self, paths))
        return Answer(found, lambda: render.mutation(found, 20), lambda: data(self, "mutate", [found]))

    def synth(self, policy: str, paths: Names | Path = ()) -> Answer[Synthesis]:
        """Which smallest patients would notice what no case notices yet?"""
        from bvn_asp.render import synth as render
        from bvn_asp.render.data import data
        from bvn_asp.upkeep.synth import synth

        found = synth(self, self.revision(policy), _checks(self, paths))
        return Answer(found, lambda: render.page(self, found), lambda: data(self, "synth", found))

    def lint(self, policies: Names = (), *, deep: bool = True) -> Answer[LintReport]:
        """What is wrong with some policies?"""
        from bvn_asp.render import lint as render
        from bvn_asp.render.data import data
        from bvn_asp.upkeep.lint import lint

        found = lint(self, listed(policies), deep)
        return Answer(found, lambda: render.findings(found), lambda: data(self, "lint", found))


def _checks(library: model.Library, paths: Names | Path) -> tuple[Check, ...]:
    """The checks of some files; where a file is at fault, nothing can be said of what the cases exercise."""
    from bvn_asp.errors import InputError
    from bvn_asp.upkeep.testing import collect

    found = collect(library, listed(paths))
    if found.faults:
        raise InputError(found.faults)
    return found.checks


def _known(library: model.Library, readings: Readings | None) -> Readings:
    """Readings whose policies and ids exist.

    Raises: InputError: they do not; a slip would otherwise be passed over.
    """
    for name, chosen in (readings or {}).items():
        policy = library.policies.get(name)
        if policy is None:
            raise fault(f"unknown policy `{name}`", did_you_mean(name, library.policies))
        known = {each.lower() for each in policy.readings}
        for identifier in chosen:
            if identifier.lower() not in known:
                hint = did_you_mean(identifier, policy.readings, f"`bvn show {name}` lists its readings")
                raise fault(f"{name} has no reading `{identifier}`", hint)
    return readings or {}
