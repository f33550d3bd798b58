"""A folder of cases as a pytest suite: every expectation of every case becomes one test.

Configuration, in `pyproject.toml` (or the same keys in `pytest.ini`):

    [tool.pytest.ini_options]
    bvn_cases = ["cases"]

and `bvn_policies = "policies"` where the policies are not the shipped ones. A case file anywhere below such a folder is
collected when pytest is asked for the folder, for the file, or for nothing in particular.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from bvn_asp.model.library import Library
    from bvn_asp.upkeep.testing import Check, Result, Runner


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the two lines of configuration."""
    parser.addini("bvn_cases", "folders of cases whose expectations are tests", type="paths", default=[])
    parser.addini("bvn_policies", "the folder of policies; the shipped ones if empty", default="")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> CaseFile | None:
    """Collect the case files below the folders named by `bvn_cases`."""
    folders: list[Path] = parent.config.getini("bvn_cases")
    if file_path.suffix not in (".yaml", ".yml", ".json"):
        return None
    if not any(file_path.is_relative_to(each.resolve()) for each in folders):
        return None
    made: CaseFile = CaseFile.from_parent(parent, path=file_path)
    return made


def pytest_configure(config: pytest.Config) -> None:
    """Look into the folders of cases when pytest is called without arguments."""
    config.addinivalue_line("markers", "bvn: an expectation of a case, of a policy")
    if config.args_source is pytest.Config.ArgsSource.ARGS:
        return
    looked_into = [(config.invocation_params.dir / each).resolve() for each in config.args]
    for folder in config.getini("bvn_cases"):  # pytest before 9 finds nothing at all when given a folder and its parent
        if folder.is_dir() and not any(folder.resolve().is_relative_to(each) for each in looked_into):
            config.args.append(str(folder))


_ENGINE = pytest.StashKey[Any]()


def _engine(config: pytest.Config) -> tuple[Library, Runner]:
    """The library and the runner of this run, grounded once."""
    if _ENGINE not in config.stash:
        from bvn_asp.model.library import Library
        from bvn_asp.upkeep.testing import Runner

        named = config.getini("bvn_policies")
        library = Library((config.rootpath / named) if named else None)
        config.stash[_ENGINE] = (library, Runner(library))
    found: tuple[Library, Runner] = config.stash[_ENGINE]
    return found


class CaseFile(pytest.File):
    """A case file; its expectations are its tests."""

    def collect(self) -> Iterable[pytest.Item]:
        """One item an expectation."""
        from bvn_asp.upkeep.testing import collect

        library, _ = _engine(self.config)
        found = collect(library, [self.path])
        if found.faults:
            raise self.CollectError("\n".join(map(str, found.faults)))
        yield from self._items(found.checks)

    def _items(self, checks: Iterable[Check]) -> Iterator[pytest.Item]:
        for check in checks:
            item: CaseItem = CaseItem.from_parent(self, name=check.id.rsplit("::", 1)[-1], check=check)
            yield item


class CaseItem(pytest.Item):
    """One expectation of a case."""

    def __init__(self, *, check: Check, **rest: Any) -> None:
        super().__init__(**rest)
        self.check = check
        self.add_marker(pytest.mark.bvn)

    def runtest(self) -> None:
        """Put the case to the policy."""
        _, runner = _engine(self.config)
        result = runner.run(self.check)
        if not result.passed:
            raise Unexpected(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Expected and got side by side, with what went the other way."""
        from bvn_asp.errors import BvnError
        from bvn_asp.render.testing import failure
        from bvn_asp.render.text import to_text

        if isinstance(excinfo.value, Unexpected):
            return to_text(failure(_engine(self.config)[0], excinfo.value.result))
        if isinstance(excinfo.value, BvnError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the expectation stands."""
        return self.path, self.check.expectation.place.line - 1, f"{self.path.name}::{self.name}"


class Unexpected(Exception):
    """A policy says something else than a case expects."""

    def __init__(self, result: Result) -> None:
        super().__init__(result.check.id)
        self.result = result
