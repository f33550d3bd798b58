"""The chart page in a real Chromium: the whole job of a nurse, of a director, by keyboard, on a phone, for everybody.

These tests run where Chromium, its driver and Selenium are installed; those with axe-core where `BVN_AXE` names its
script, or `node_modules/axe-core` is found beside the project.
"""

from __future__ import annotations

import base64
import difflib
import json
import os
import re
import shutil
import threading
import time
from pathlib import Path

import pytest
import yaml
from places import HERE, ROOT

from bvn_asp.errors import InputError
from bvn_asp.model.case import case_data
from bvn_asp.render.browser import FLAGS, find_browser
from bvn_asp.render.browser import ROOT as IS_ROOT

pytest.importorskip("starlette", reason="the server is not installed: pip install bvn-asp[serve]")
pypdfium2 = pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed: pip install bvn-asp[browser]")
webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed: pip install bvn-asp[browser]")
uvicorn = pytest.importorskip("uvicorn")

from selenium.webdriver.common.keys import Keys  # noqa: E402

from bvn_asp.serve import live  # noqa: E402
from bvn_asp.serve.app import application  # noqa: E402
from bvn_asp.serve.guard import Door  # noqa: E402
from bvn_asp.serve.papers import PAPERS  # noqa: E402
from bvn_asp.serve.run import _bound, demo_of  # noqa: E402

DRIVER = shutil.which("chromedriver")
AXE = Path(os.environ.get("BVN_AXE") or HERE.parent / "node_modules" / "axe-core" / "axe.min.js")
DESKTOP, PHONE, ZOOMED = (1440, 900), (390, 844), (640, 450)
BASELINE = ROOT / "cases" / "baseline.yaml"
pytestmark = pytest.mark.skipif(
    not (find_browser() and DRIVER), reason="no Chromium with chromedriver on this machine: apt install chromium-driver"
)


@pytest.fixture(scope="module")
def address(shipped):
    """Where a server with the demo listens."""
    bound = _bound("127.0.0.1", 0)
    port = bound.getsockname()[1]
    made = application(shipped, Door(port=port), threads=2, demo=demo_of(shipped))
    server = uvicorn.Server(uvicorn.Config(made, log_config=None, access_log=False, ws="none", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{port}/"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Where the browser puts what it is handed."""
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def chromium(tmp_path_factory, files):
    options = webdriver.ChromeOptions()
    options.binary_location = find_browser()
    for flag in (*FLAGS, *(["--no-sandbox"] if IS_ROOT else [])):
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('profile')}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(files)})
    yield driver
    driver.quit()


class Sheets:
    """A PDF: the text of each of its pages."""

    def __init__(self, data):
        self.pages = [each.get_textpage().get_text_range() for each in pypdfium2.PdfDocument(data)]

    @property
    def text(self):
        return re.sub(r"\s+", " ", " ".join(self.pages))


class Page:
    """The page as somebody uses it."""

    def __init__(self, driver, address, size=DESKTOP, dark=False):
        self.driver, self.address = driver, address
        width, height = size
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        driver.get("about:blank")
        driver.get_log("browser")
        driver.get_log("performance")
        driver.get(address)
        self.settle()

    def script(self, text, *given):
        return self.driver.execute_script(text, *given)

    def find(self, what):
        return self.driver.find_element("css selector", what)

    def until(self, what, seconds=40):
        """Waits until a script says yes."""
        end = time.monotonic() + seconds
        while not (found := self.script(f"return {what}")):
            assert time.monotonic() < end, (what, self.script("return document.getElementById('news')?.textContent"))
            time.sleep(0.05)
        return found

    def settle(self, after=0):
        """Waits until the verdicts are those of the chart."""
        self.until(f"Number(document.body.dataset.turn || 0) > {after} && !document.body.dataset.busy")

    def doing(self, act):
        """Does something that changes the chart, and waits for the verdicts."""
        turn = int(self.script("return document.body.dataset.turn || 0"))
        act()
        self.settle(turn)

    def click(self, what):
        self.script("arguments[0].scrollIntoView({block: 'center'})", self.find(what))
        self.find(what).click()

    def tick(self, what):
        """Clicks what changes the chart; a radio button lies under its label."""
        self.doing(lambda: self.script("document.querySelector(arguments[0]).click()", what))

    def choose(self, slot, value):
        self.doing(
            lambda: self.script(
                "const e = document.querySelector(`select[data-slot='${arguments[0]}']`); e.value = arguments[1];"
                "e.dispatchEvent(new Event('change', {bubbles: true}))", slot, value)
        )

    def write(self, what, text):
        def act():
            field = self.find(what)
            self.script("arguments[0].closest('details')?.setAttribute('open', ''); arguments[0].value = ''", field)
            field.send_keys(text, Keys.TAB)

        self.doing(act)

    def verdict(self, policy):
        return self.script(f"return document.querySelector('[data-policy={policy}]').dataset.verdict")

    def text(self, what):
        return self.find(what).text

    def there(self, path):
        """Waits for a file that the browser is handed."""
        end = time.monotonic() + 60
        while not path.exists():
            assert time.monotonic() < end, self.text("#news")
            time.sleep(0.1)
        time.sleep(0.2)

    def handed(self, files, name):
        """A file that the browser was handed."""
        self.there(files / name)
        return (files / name).read_text(encoding="utf-8")

    def menu(self, what):
        self.find(".menu summary").click()
        self.find(f".menu [data-do={what}]").click()

    def paper(self, name, policy):
        """Looks at a paper about one policy."""
        self.tick(f"[data-policy={policy}]")
        if self.script("return document.body.dataset.view") != "papers":
            self.click("[data-view=papers]")
        self.script(
            "const e = document.getElementById('which'); e.value = arguments[0];"
            "e.dispatchEvent(new Event('change', {bubbles: true}))", name)
        self.until(f"document.getElementById('paper').dataset.shows === '{name} {policy}'")

    def on_paper(self):
        """The text of the paper that is shown."""
        return self.script("return document.getElementById('paper').shadowRoot.lastElementChild.innerText")

    def printed(self):
        """What Print gives."""
        made = self.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"]
        return Sheets(base64.b64decode(made))

    def dropped(self, path):
        """Lets a file fall on the page, as a hand with a mouse does."""
        data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            self.driver.execute_cdp_cmd("Input.dispatchDragEvent", {"type": kind, "x": 300, "y": 300, "data": data})

    def quiet(self):
        """Nothing in the console, and nothing asked of anybody else."""
        assert [entry["message"] for entry in self.driver.get_log("browser")] == []
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        asked = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
        own = (self.address, "data:", "about:", f"blob:{self.address.rstrip('/')}")
        assert [url for url in asked if not url.startswith(own)] == []


# -- the nurse ---------------------------------------------------------------------------------


def test_a_nurse_fills_an_empty_chart_sees_what_is_missing_and_saves_the_case(chromium, address, files, shipped):
    page = Page(chromium, address)
    page.menu("new")
    page.until("document.getElementById('date').value === ''")
    page.write("#title", "A 52-year-old with three years of back pain")
    page.doing(lambda: page.script(
        "const d = document.getElementById('date'); d.value = '2026-12-03';"
        "d.dispatchEvent(new Event('change', {bubbles: true}))"))
    page.choose("line_of_business", "medicare_advantage")
    page.choose("state", "ga")
    for body in ("L4", "L5"):
        page.tick(f"[data-body={body}]")
    page.write("#diagnoses", "M54.51")
    page.write("#procedures", "64628: 1")
    page.write("input[data-slot=age]", "52")
    page.write("input[data-slot=pain_duration]", "since 2023-11-15")
    page.write("input[data-slot=care_duration]", ">= 8 months")
    page.tick("input[data-slot=functional_deficit][value=yes]")
    page.choose("modic.L4", "type_1")
    page.choose("modic.L5", "type_1")
    governing = page.text("#hero .name")

    page.click("#tab-open")
    page.until("document.querySelectorAll('#open [data-go]').length > 3")
    page.tick("#open [data-record]")
    (files / "case.yaml").unlink(missing_ok=True)
    page.menu("save")
    case = shipped.parse(page.handed(files, "case.yaml"))
    page.paper("request", "lcd-l39420")
    page.click("[data-do=paper-html]")
    request = page.handed(files, "request-lcd-l39420.html")
    shown = page.on_paper()
    asked_for = page.printed()
    page.menu("paper][data-paper=one-page")
    page.until("document.getElementById('paper').dataset.shows === 'one-page lcd-l39420'")
    sheet = page.on_paper()
    sheets = page.printed()

    assert shipped.request(case, "lcd-l39420").html() == request
    assert "things are still needed" in sheet or "thing is still needed" in sheet
    assert "Request" in shown
    assert shown.splitlines()[1] in asked_for.text
    assert sheet.splitlines()[1] in sheets.text
    assert "Save as a page" not in sheets.text
    assert 1 <= len(sheets.pages) <= 2
    assert governing.startswith("lcd-l39420")
    recorded = {str(slot): str(value) for slot, value in case.recorded.items()}
    assert recorded["age"] == "52 years"
    assert recorded["modic.L5"] == "type 1"
    assert "8 months" in recorded["care_duration"]
    assert case.requested(shipped.vocabulary) == ("L4", "L5")
    found = shipped.compare(case, "lcd-l39420").evaluations[0]
    assert found.verdict.value == page.verdict("lcd-l39420") == "pend"
    page.quiet()


def test_every_verdict_moves_at_once_what_moved_is_marked_and_undo_takes_it_back(chromium, address):
    page = Page(chromium, address)
    before = page.verdict("cohere-ma")

    page.write("input[data-slot=age]", "17")
    after, marked = page.verdict("cohere-ma"), page.text("[data-policy=cohere-ma] .was")
    page.tick("[data-do=undo]")
    back = page.verdict("cohere-ma")
    page.tick("[data-do=redo]")

    assert (before, after, marked) == ("pend", "deny", "was pend")
    assert back == "pend"
    assert page.verdict("cohere-ma") == "deny"
    page.quiet()


def test_what_cannot_be_read_is_told_beside_the_field_and_the_verdicts_stay(chromium, address):
    page = Page(chromium, address)
    before = page.verdict("cohere-ma")

    page.write("input[data-slot=bmi]", "heavy")

    assert "heavy" in page.text("#f-bmi .wrong")
    assert page.verdict("cohere-ma") == before
    page.tick("[data-do=undo]")
    assert not page.find("#f-bmi .wrong").is_displayed()


def test_a_record_can_be_a_range_a_contradiction_or_a_silent_report_with_document_date_and_page(
    chromium, address, files, shipped
):
    page = Page(chromium, address)

    def record(fact, kind, **fields):
        page.script("document.querySelector(`[data-more=${arguments[0]}]`).click()", fact)
        page.script(
            "const f = document.getElementById('details-form').elements; f.kind.value = arguments[0];"
            "for (const [k, v] of Object.entries(arguments[1])) f[k].value = v;", kind, fields)
        page.doing(lambda: page.script("document.querySelector('#details-form [value=save]').click()"))

    record("bmi", "conflict", v1="39", d1="vital signs", t1="2026-11-10", v2="41", d2="anesthesia record")
    record("pain_score", "range", range="4 to 6", document="pain questionnaire", when="2026-11-01", page="2")
    record("pain_axial", "silent", document="history and physical")
    record("pregnant", "unknown", document="history and physical")
    record("modic", "value", slot="modic.somewhere", choice="type_1", document="MRI report")
    page.choose("prior_surgery.L2", "not_reported")
    said = page.text("#f-bmi .said")
    (files / "case.yaml").unlink(missing_ok=True)
    page.menu("save")
    data = yaml.load(page.handed(files, "case.yaml"), yaml.BaseLoader)["facts"]

    assert "conflicting: 39" in said
    assert data["bmi"]["conflicting"][0]["evidence"] == {"document": "vital signs", "date": "2026-11-10"}
    assert data["pain_score"]["evidence"] == {"document": "pain questionnaire", "date": "2026-11-01", "page": "2"}
    assert data["pain_score"]["at_least"] == "4 points"
    assert data["pain_axial"] == {"value": "not_reported", "evidence": {"document": "history and physical"}}
    assert set(data["pregnant"]["one_of"]) == {"yes", "no"}
    assert data["modic"]["somewhere"] == {"value": "type_1", "evidence": {"document": "MRI report"}}
    assert data["prior_surgery"]["L2"] == "not_reported"
    assert "the report on file does not say" in page.text("#f-pain_axial .said")
    assert "not known" in page.text("#f-pregnant .said")
    assert "type 1 somewhere, which is not stated (MRI report)" in " ".join(page.text("#f-modic .said").split())


def test_only_what_is_missing_is_asked_one_question_at_a_time_until_nothing_matters(chromium, address):
    page = Page(chromium, address)
    page.tick("[data-policy=cohere-ma]")
    page.click("[data-view=interview]")
    asked = []
    for _ in range(12):
        page.until("document.querySelector('#question')")
        if not page.script("return document.querySelectorAll('.answers .answer').length"):
            break
        asked.append(page.text("#question"))
        good = page.script(
            "return [...document.querySelectorAll('.answers .answer')]"
            ".findIndex(e => !e.textContent.includes('deny'))")
        before = page.text("#question")
        page.doing(lambda n=good: page.driver.switch_to.active_element.send_keys(str(n + 1)))
        page.until(f"document.querySelector('#question')?.textContent.trim() !== {json.dumps(before)}")

    assert 2 <= len(asked) == len(set(asked))
    assert page.text("#question") == "Nothing is left to ask"
    assert page.verdict("cohere-ma") == "approve"
    page.quiet()


# -- the director ------------------------------------------------------------------------------


def test_a_director_opens_a_case_contests_supposes_drops_and_prints(chromium, address, files):
    page = Page(chromium, address)
    page.doing(lambda: page.find("#file").send_keys(str(ROOT / "cases" / "founding" / "document-004.yaml")))
    page.tick("[data-policy=cohere-ma]")
    page.click("#tab-ways")
    page.until("document.querySelector('#ways .wayhead [data-try]')")
    contested = page.text("#ways")
    page.tick("#ways .wayhead [data-try]")
    banner = page.text("#hero .supposed")
    page.tick("#hero [data-do=drop]")
    denied = page.verdict("cohere-ma")

    page.menu("new")
    page.settle(1)
    page.doing(lambda: page.find("#file").send_keys(str(BASELINE)))
    page.tick("[data-policy=cohere-ma]")
    page.write("input[data-slot=care_duration]", "3 weeks")
    page.until("document.querySelector('#ways .wayhead [data-try]')")
    before = page.verdict("cohere-ma")
    page.script("document.querySelector('#ways .wayhead [data-try]').dispatchEvent("
                "new MouseEvent('mouseover', {bubbles: true}))")
    page.until("document.querySelector('[data-policy=cohere-ma] .ghost').textContent === 'then approve'")
    page.tick("#ways .wayhead [data-try]")
    supposed, marked = page.verdict("cohere-ma"), page.text("#hero .supposed")
    (files / "case.yaml").unlink(missing_ok=True)
    page.menu("save")
    saved = page.handed(files, "case.yaml")
    page.paper("one-page", "cohere-ma")
    sheets, hypothetical = page.printed(), page.on_paper()
    page.paper("letter-adverse", "cohere-ma")
    letter, left_out = page.on_paper(), page.find("#left-out").is_displayed()
    page.click("[data-view=chart]")
    page.tick("#hero [data-do=drop]")
    dropped = page.verdict("cohere-ma")
    answer = page.printed()
    page.menu("report-one")
    report = page.handed(files, "report-cohere-ma.html")

    assert "Contest" in contested
    assert "not on record" in banner
    assert denied == "deny"
    assert (before, supposed, dropped) == ("deny", "approve", "deny")
    assert "not on record" in marked
    assert "supposed, not on record" in hypothetical
    assert "supposed, not on record" in sheets.text
    assert len(sheets.pages) <= 2
    assert left_out
    assert "3 weeks" in letter
    assert "3 weeks" in saved
    assert "deny" in answer.text
    assert "Search the chart" not in answer.text
    assert "Not a coverage decision" in report
    page.quiet()


def test_a_judgement_that_can_be_contested_is_tried_and_what_it_would_turn_is_shown(chromium, address):
    page = Page(chromium, address)
    page.doing(lambda: page.find("#file").send_keys(str(BASELINE)))
    page.tick("[data-policy=cohere-ma]")
    page.click("#tab-ways")
    page.until("document.querySelector('#ways h3')")
    page.tick("input[data-slot=vertebral_pathology_causes][value=yes]")
    page.until("document.querySelector('#ways [aria-label^=\"Try contest\"]')")
    before, said = page.verdict("cohere-ma"), page.text("#ways")
    page.script("document.querySelector('#ways [aria-label^=\"Try contest\"]').focus()")
    page.until("document.querySelector('[data-policy=cohere-ma] .ghost').textContent === 'then approve'")
    page.tick("#ways [aria-label^='Try contest']")

    assert (before, page.verdict("cohere-ma")) == ("deny", "approve")
    assert "second judgement" in said
    assert "to be asked of" in said
    page.quiet()


def test_a_record_that_is_contested_turns_the_verdict_where_it_alone_was_in_the_way(chromium, address):
    page = Page(chromium, address)
    page.doing(lambda: page.find("#file").send_keys(str(BASELINE)))
    page.tick("[data-policy=cohere-ma]")
    page.click("#tab-ways")
    page.until("document.querySelector('#ways h3')")
    page.tick("input[data-slot=osteoporosis][value=yes]")
    page.until("document.getElementById('ways').textContent.includes('Contest')")
    before = page.verdict("cohere-ma")
    page.tick("#ways .wayhead [data-try]")

    assert (before, page.verdict("cohere-ma")) == ("deny", "approve")
    assert page.text("#ways .wayhead [data-try]") == "Drop"
    page.quiet()


@pytest.mark.parametrize("paper", PAPERS)
def test_every_paper_is_shown_printed_and_handed_over_as_the_command_makes_it(chromium, address, files, shipped, paper):
    page = Page(chromium, address)
    page.paper(paper, "cohere-ma")
    text, sheets = page.on_paper(), page.printed()
    made = {}
    for form, end in (("html", "html"), ("markdown", "md"), ("docx", "docx")):
        page.click(f"[data-do=paper-{form}]")
        path = files / f"{paper}-cohere-ma.{end}"
        page.there(path)
        made[form] = path.read_bytes()
    verb, *purpose = paper.replace("one-page", "one_page").split("-")
    plain = {"plain": True} if purpose[1:] else {}
    answer = getattr(shipped, verb)(shipped.folder / "demo.yaml", *purpose[:1], policy="cohere-ma", **plain)

    assert made["html"].decode() == answer.html()
    assert made["markdown"].decode() == answer.markdown()
    assert made["docx"][:2] == b"PK"
    heading = text.splitlines()[1]
    assert heading.lower() in answer.html().lower()
    assert heading in sheets.text
    page.quiet()


def test_the_interview_and_the_ways_are_asked_of_any_policies_together(chromium, address):
    page = Page(chromium, address)
    page.script("for (const name of ['cohere-ma', 'lcd-l39642']) document.querySelector("
                "`#interview [data-together=${name}]`).click()")
    page.click("[data-view=interview]")
    page.until("document.querySelector('#ask')?.textContent.includes('under lcd-l39642')")
    asked = page.text("#ask")
    page.click("#tab-ways")
    page.until("document.querySelector('#ways h3')?.textContent.includes('cohere-ma and lcd-l39642')")

    assert "under cohere-ma" in asked
    assert page.text("#interview .asked-of") == "cohere-ma and lcd-l39642"
    assert page.script("return document.querySelector('#panel-ways [data-together=cohere-ma]').checked")
    page.quiet()


def test_an_interview_that_is_cut_short_says_so(chromium, address, monkeypatch):
    monkeypatch.setattr(live, "PATIENCE", 0.0)
    page = Page(chromium, address)
    page.tick("[data-policy=cohere-ma]")
    page.click("[data-view=interview]")
    page.until("document.querySelector('#question')")

    assert "cut short" in page.text("#ask")
    page.quiet()


# -- files -------------------------------------------------------------------------------------


def test_a_case_that_is_opened_and_saved_keeps_its_comments_and_what_it_expects(chromium, address, files, tmp_path):
    text = BASELINE.read_text(encoding="utf-8") + "\n# Told by telephone.\n"
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    page = Page(chromium, address)
    page.doing(lambda: page.dropped(tmp_path / "mine.yaml"))
    page.tick("[data-policy=cohere-ma]")
    opened = page.verdict("cohere-ma")
    (files / "case.yaml").unlink(missing_ok=True)
    page.menu("save")
    untouched = page.handed(files, "case.yaml")
    page.write("input[data-slot=bmi]", "41")
    (files / "case.yaml").unlink()
    page.menu("save")
    changed = page.handed(files, "case.yaml")

    assert opened == "approve"
    assert untouched == text
    differ = [each for each in difflib.ndiff(text.splitlines(), changed.splitlines()) if each[0] in "+-"]
    assert "expect" in changed
    assert "# Told by telephone." in changed
    assert all("bmi" in each for each in differ), differ
    page.quiet()


LOOSE = """\
title: What no field of the page shows
request: {date: 2026-12-03, bodies: [L4, L5]}
facts:
  modic: {L1: none, L3-S1: {somewhere: {value: type_1, count: 2}}, L2: not_reported}
  pain_axial: not_reported
  other_explanation_clinical: {by: {treating_clinician: none, reviewer: facet}}
  operations: [{at: "L2, L3", prior_surgery: fusion}]
"""


def test_what_no_field_shows_is_told_in_words_and_kept(chromium, address, files, shipped, tmp_path):
    (tmp_path / "mine.yaml").write_text(LOOSE, encoding="utf-8")
    page = Page(chromium, address)
    page.doing(lambda: page.dropped(tmp_path / "mine.yaml"))
    said = {fact: " ".join(page.script("return document.querySelector(arguments[0]).textContent", f"#f-{fact} .said")
                           .split()) for fact in ("modic", "other_explanation_clinical", "prior_surgery")}
    page.script("document.querySelector('[data-more=other_explanation_clinical]').click()")
    page.script("document.querySelector('#details-form [value=save]').click()")
    page.choose("modic.L1", "type_2")
    page.write("input[data-slot=bmi]", "31")
    (files / "case.yaml").unlink(missing_ok=True)
    page.menu("save")
    saved = shipped.parse(page.handed(files, "case.yaml"))

    before, after = (case_data(each, shipped.vocabulary)["facts"] for each in (shipped.parse(LOOSE), saved))
    assert after == {**before, "modic": {**before["modic"], "L1": "type_2"}, "bmi": "31 kg/m2"}
    assert "type 1 of at least 2 in L3-S1, which is not stated" in said["modic"]
    assert "L2: the report on file does not say" in said["modic"]
    assert "treating clinician: none; by reviewer: facet" in said["other_explanation_clinical"]
    assert "fusion at L2, L3, as one of the operations" in said["prior_surgery"]
    page.quiet()


def test_an_answer_that_the_report_does_not_say_is_recorded_and_not_asked_again(chromium, address):
    page = Page(chromium, address)
    page.doing(lambda: page.find("#file").send_keys(str(BASELINE)))
    page.tick("[data-policy=cohere-ma]")
    page.choose("modic.L4", "")
    page.choose("modic.L5", "")
    page.click("[data-view=interview]")
    page.until("document.querySelector('#ask [data-value*=not_reported]')")
    slot = page.script("return document.querySelector('#ask [data-value*=not_reported]').dataset.answer")
    page.tick("#ask [data-value*=not_reported]")
    page.until(f"!document.querySelector(`#ask [data-answer='{slot}']`)")
    page.click("#tab-open")
    page.until("document.getElementById('open').textContent.includes('report on file is silent')")

    assert slot.startswith("modic.")
    assert page.script(f"return document.querySelector(`select[data-slot='{slot}']`).value") == "not_reported"


def test_a_record_in_fhir_falls_on_the_page_and_is_a_chart(chromium, address, files, shipped, tmp_path):
    pytest.importorskip("fhirkit", reason="FHIR is not installed: pip install bvn-asp[fhir]")
    from bvn_asp.fhir.write import write

    (tmp_path / "chart.json").write_text(json.dumps(write(shipped, shipped.case(BASELINE))), encoding="utf-8")
    page = Page(chromium, address)
    page.doing(lambda: page.dropped(tmp_path / "chart.json"))
    verdict = page.verdict("cohere-ma")
    (files / "case.yaml").unlink(missing_ok=True)
    page.menu("save")
    saved = shipped.parse(page.handed(files, "case.yaml"))

    assert saved.recorded == shipped.case(BASELINE).recorded
    assert verdict == "approve"
    page.quiet()


def test_what_falls_on_the_page_and_is_no_case_is_told_and_changes_nothing(chromium, address, tmp_path):
    (tmp_path / "notes.txt").write_text("not a case: [", encoding="utf-8")
    page = Page(chromium, address)
    before = page.script("return document.getElementById('title').value")
    page.dropped(tmp_path / "notes.txt")
    page.until("document.getElementById('news').classList.contains('bad')")

    assert "not YAML" in page.text("#news")
    assert page.script("return document.getElementById('title').value") == before


@pytest.mark.parametrize("words", ["sciatica", "PT", "M54.51", "pacemaker", "no such thing", "modic L4"])
def test_the_search_finds_what_the_command_finds(chromium, address, shipped, words):
    page = Page(chromium, address)
    page.find("#search").send_keys(words)
    try:
        wanted = {hit.fact for hit in shipped.facts(words.split()).found}
    except InputError:
        wanted = set()
    there = set(page.script("return [...document.querySelectorAll('.fact')].map(e => e.dataset.fact)"))
    page.until(f"[...document.querySelectorAll('.fact:not([hidden])')].length === {len(wanted & there)}")

    seen = set(page.script("return [...document.querySelectorAll('.fact:not([hidden])')].map(e => e.dataset.fact)"))
    assert seen == wanted & there
    assert page.find("#none").is_displayed() == (not seen)
    page.quiet()


def test_a_reading_is_a_switch(chromium, address, shipped):
    page = Page(chromium, address)
    page.doing(lambda: page.find("#file").send_keys(str(BASELINE)))
    page.tick("[data-policy=cohere-ma]")
    page.click("#tab-readings")
    page.until("document.querySelectorAll('#readings [data-reading]').length > 20")

    page.tick("#readings [data-reading=O1]:not(:checked)")

    option = page.script("return document.querySelector('#readings [data-reading=O1]:checked').value")
    said = shipped.compare(BASELINE, "cohere-ma", readings={"cohere-ma": {"O1": option}}).evaluations[0].verdict.value
    assert page.verdict("cohere-ma") == said


def test_a_patient_on_whom_two_editions_part_opens_as_a_chart(chromium, address):
    page = Page(chromium, address)
    page.click("[data-view=policies]")
    page.until("document.querySelector('form.pair')")
    page.script("const e = document.querySelector('form.pair').elements; e.what.value = 'stricter';"
                "e.old.value = 'isass-2020@2022'; e.new.value = 'lcd-l39420@2023-03-05'")
    page.click("form.pair button")
    page.until("document.querySelector('[data-patient]')", 90)

    page.doing(lambda: page.click("[data-patient]"))

    assert (page.verdict("isass-2020") == "approve") != (page.verdict("lcd-l39420") == "approve")
    assert page.find("#title").is_displayed()
    page.quiet()


# -- keyboard, sizes, everybody ----------------------------------------------------------------


def test_by_keyboard_alone_a_fact_is_found_recorded_and_taken_back(chromium, address):
    page = Page(chromium, address)
    keys = lambda *pressed: page.driver.switch_to.active_element.send_keys(*pressed)  # noqa: E731
    page.find("body").send_keys("/")
    found = page.script("return document.activeElement.id")
    keys("pacemaker")
    page.find("#search").send_keys(Keys.TAB)
    for _ in range(12):
        if page.script("return document.activeElement.dataset.slot === 'electronic_implant'"):
            break
        keys(Keys.TAB)
    page.doing(lambda: keys("1"))
    recorded = page.script("return document.activeElement.value")
    page.doing(lambda: keys("o"))
    opened = page.script("return document.querySelector('#f-electronic_implant').classList.contains('has')")
    page.doing(lambda: keys("n"))
    page.doing(lambda: keys(Keys.CONTROL, "z"))

    assert found == "search"
    assert recorded == "yes"
    assert not opened
    assert page.script("return document.querySelector('#f-electronic_implant input:checked').value") == ""


def test_a_modic_change_is_recorded_by_disc_or_by_body(chromium, address):
    page = Page(chromium, address)
    page.script("document.querySelector('[data-bydisc]').click()")
    page.choose("modic.L4+modic.L5", "type_2")
    page.script("document.querySelector('[data-bydisc]').click()")

    values = page.script("return ['L4', 'L5', 'S1'].map(b => document.querySelector(`[data-slot='modic.${b}']`).value)")

    assert values == ["type_2", "type_2", ""]


@pytest.mark.parametrize("size", [PHONE, ZOOMED], ids=["390 px", "200%"])
@pytest.mark.parametrize("view", ["chart", "interview", "papers", "policies"])
def test_nothing_runs_out_of_a_small_window(chromium, address, view, size):
    page = Page(chromium, address, size)
    page.click(f"[data-view={view}]")
    page.until({"chart": "true", "interview": "document.querySelector('#question')",
                "papers": "document.getElementById('paper').shadowRoot?.querySelector('article')",
                "policies": "document.querySelector('form.pair')"}[view])
    for tab in ("sheet", "open", "ways", "readings", "matrix"):
        page.script(f"document.getElementById('tab-{tab}').click()")
        page.until(f"document.querySelector('#{tab} :is(h3, table, fieldset, li)')", 60)
        wide = page.script("return document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, (tab, wide)


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not here: npm install axe-core, or BVN_AXE=…/axe.min.js")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_wrong_in_any_view(chromium, address, size, dark):
    page = Page(chromium, address, size, dark)
    page.script(AXE.read_text(encoding="utf-8"))

    def wrong(where):
        found = page.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document, {resultTypes: ['violations']}).then(r => done(r.violations.map("
            "v => [v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 160))])))")
        return [(where, *each) for each in found]

    found = wrong("chart")
    for tab in ("open", "ways", "readings", "matrix"):
        page.script(f"document.getElementById('tab-{tab}').click()")
        page.until(f"document.querySelector('#{tab} :is(h3, table, fieldset, li)')", 60)
        found += wrong(tab)
    page.click("[data-view=interview]")
    page.until("document.querySelector('#question')")
    page.script("document.querySelector('#interview .together').open = true")
    found += wrong("interview")
    page.click("[data-view=papers]")
    for paper in ("one-page", "letter-adverse"):
        page.paper(paper, "cohere-ma")
        found += wrong(paper)
    page.find(".menu summary").click()
    found += wrong("menu")
    page.find(".menu summary").click()
    page.click("[data-view=policies]")
    page.until("document.querySelector('form.pair')")
    found += wrong("policies")
    page.script("document.querySelector('[data-text^=\"/app/policy/\"]').click()")
    page.until("document.querySelector('.outline')")
    found += wrong("policy")
    page.click("[data-view=chart]")
    page.script("document.querySelector('[data-more=modic]').click()")
    found += wrong("details")

    assert found == []


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not here: npm install axe-core, or BVN_AXE=…/axe.min.js")
@pytest.mark.parametrize("path", ["docs", "enter"])
def test_axe_finds_nothing_wrong_in_the_other_pages(chromium, address, path):
    chromium.get(address + path)
    chromium.execute_script(AXE.read_text(encoding="utf-8"))
    found = chromium.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "axe.run().then(r => done(r.violations.map(v => [v.id, v.nodes[0].html.slice(0, 200)])))")

    assert found == []
