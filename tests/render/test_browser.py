"""The pages in a real Chromium: no error, no request, folding and filters by keyboard, print, phone, accessibility.

These tests run where Chromium, its driver and Selenium are installed; the one with axe-core where `BVN_AXE` names its
script, or `node_modules/axe-core` is found beside the project.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from places import HERE
from shared import cohere_against, shipped_atlas

from bvn_asp import Library
from bvn_asp.papers.report import report
from bvn_asp.render.atlas import page as atlas_page
from bvn_asp.render.browser import FLAGS, ROOT, find_browser, write_pdf
from bvn_asp.render.diff import page as diff_page
from bvn_asp.render.html import to_html
from bvn_asp.render.report import page as report_page
from bvn_asp.render.stricter import page as stricter_page
from bvn_asp.texts.diff import diff

PROJECT = HERE.parent
DRIVER = shutil.which("chromedriver")
AXE = Path(os.environ.get("BVN_AXE") or PROJECT / "node_modules" / "axe-core" / "axe.min.js")
PAGES = ("report", "atlas", "diff", "stricter")
DESKTOP, PHONE = (1280, 900), (390, 844)
LETTER, A4, MARGIN = (816, 1056), (794, 1123), 53

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed: pip install bvn-asp[browser]")
pytestmark = pytest.mark.skipif(
    not (find_browser() and DRIVER), reason="no Chromium with chromedriver on this machine: apt install chromium-driver"
)


@pytest.fixture(scope="module")
def pages(shipped, tmp_path_factory):
    """Each page as a file."""
    folder = tmp_path_factory.mktemp("pages")
    case = shipped.case(PROJECT / "cases" / "splits" / "d16-discectomy-five-months-ago.yaml")
    toy = Library(HERE / "toy")
    texts = {
        "report": to_html(report_page(shipped, report(shipped, case))),
        "atlas": to_html(atlas_page(shipped, shipped_atlas())),
        "diff": to_html(diff_page(toy, diff(toy, toy.revision("plan@2024"), toy.revision("plan@2025")))),
        "stricter": to_html(stricter_page(shipped, cohere_against("lcd-l39420"))),
    }
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    options = webdriver.ChromeOptions()
    options.binary_location = find_browser()
    for flag in (*FLAGS, *(["--no-sandbox"] if ROOT else [])):
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('profile')}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


def opened(driver, pages, name, size=DESKTOP, dark=False, media="screen"):
    """A page, freshly loaded in a window of some size."""
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size[0] < 600},
    )
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": [scheme]})
    driver.get("about:blank")
    driver.get_log("browser")
    driver.get_log("performance")
    driver.get((pages / f"{name}.html").as_uri())
    return driver


def visible(driver, selector):
    """How many elements are shown."""
    script = "return [...document.querySelectorAll(arguments[0])].filter(e => e.checkVisibility()).length"
    return driver.execute_script(script, selector)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_without_a_word_in_the_console_and_asks_for_nothing(chromium, pages, name):
    opened(chromium, pages, name)

    events = [json.loads(entry["message"])["message"] for entry in chromium.get_log("performance")]
    asked = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
    assert [entry["message"] for entry in chromium.get_log("browser")] == []
    assert {url for url in asked if not url.startswith("about:")} == {(pages / f"{name}.html").as_uri()}


def test_a_worksheet_folds_by_keyboard(chromium, pages):
    opened(chromium, pages, "report")
    before = visible(chromium, "#w0 .sheet tr")
    summary = chromium.find_element("css selector", "#w0 > summary")

    summary.send_keys("\ue007")  # Enter

    assert before == 0
    assert visible(chromium, "#w0 .sheet tr") > 1
    assert chromium.switch_to.active_element == summary


def test_a_filter_leaves_only_the_rows_on_which_policies_part(chromium, pages):
    opened(chromium, pages, "report")
    whole = visible(chromium, ".matrix tbody tr")

    chromium.find_element("id", "parting").send_keys(" ")

    assert 0 < visible(chromium, ".matrix tbody tr") < whole
    assert visible(chromium, ".matrix tbody tr.same") == 0


def test_unmet_first_puts_what_stands_in_the_way_on_top_and_back_again(chromium, pages):
    opened(chromium, pages, "report")
    order = "return [...document.querySelectorAll('details[open] .sheet tbody tr')].map(e => e.id)"
    document = chromium.execute_script(order)
    button = chromium.find_element("xpath", "//button[text()='unmet first']")

    button.click()
    rows = "[...document.querySelectorAll('details[open] .sheet tbody tr')]"
    first = chromium.execute_script(f"return {rows}.find(e => e.checkVisibility()).className")
    pressed = button.get_attribute("aria-pressed")
    button.click()

    assert "bad" in first
    assert pressed == "true"
    assert chromium.execute_script(order) == document


def test_a_cell_of_the_matrix_leads_to_its_place_in_a_folded_worksheet(chromium, pages):
    opened(chromium, pages, "report")
    link = chromium.find_element("css selector", ".matrix td a[href^='#c0-']")
    target = link.get_attribute("href").partition("#")[2]

    chromium.execute_script("arguments[0].click()", link)

    waiting = pytest.importorskip("selenium.webdriver.support.wait")
    waiting.WebDriverWait(chromium, 5).until(lambda d: visible(d, f"#{target}") == 1)


def test_everything_unfolds_at_once(chromium, pages):
    opened(chromium, pages, "report")

    chromium.find_element("xpath", "//button[text()='unfold all']").click()

    assert chromium.execute_script("return document.querySelectorAll('.folds details:not([open])').length") == 0


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_scrolls_a_page_down_only(chromium, pages, name):
    opened(chromium, pages, name, PHONE)
    chromium.execute_script("document.querySelectorAll('details').forEach(e => e.open = true)")

    assert chromium.execute_script("return document.documentElement.scrollWidth") <= PHONE[0]


def test_long_words_and_addresses_break_on_a_phone(chromium, tmp_path):
    toy, word = Library(HERE / "toy"), "https://example.org/" + "a" * 300
    record = {"value": 17, "evidence": {"document": word, "note": word}}
    conflicting = {"conflicting": [{"value": 0, "evidence": word}, {"value": -3, "evidence": word}]}
    case = {"title": word, "about": word, "hypothetical": word, "request": {"bodies": ["L4"]}}
    case["facts"] = {"age": record, "t_score": conflicting}
    text = to_html(report_page(toy, report(toy, toy.parse(json.dumps(case)))))
    (tmp_path / "long.html").write_text(text, encoding="utf-8")

    opened(chromium, tmp_path, "long", PHONE)
    chromium.execute_script("document.querySelectorAll('details').forEach(e => e.open = true)")

    assert chromium.execute_script("return document.documentElement.scrollWidth") <= PHONE[0]


WIDER = """
const width = arguments[0];
return [...document.querySelectorAll('table, svg, td, th')]
  .filter(e => e.getClientRects().length && !e.closest('.sideways') === arguments[1])
  .filter(e => e.getBoundingClientRect().right > width + 1).map(e => e.outerHTML.slice(0, 80));
"""


@pytest.mark.parametrize("paper", [LETTER, A4], ids=["letter", "a4"])
@pytest.mark.parametrize("name", PAGES)
def test_no_table_is_cut_in_print(chromium, pages, name, paper):
    for upright in (True, False):
        width = (paper[0] if upright else paper[1]) - 2 * MARGIN
        opened(chromium, pages, name, (width, 900), media="print")
        chromium.execute_script("document.querySelectorAll('details').forEach(e => e.open = true)")

        assert chromium.execute_script(WIDER, width, upright) == []


def test_a_report_is_printed_to_a_pdf(pages, tmp_path):
    target = tmp_path / "case.pdf"

    write_pdf((pages / "report.html").read_text(encoding="utf-8"), str(target))

    assert target.read_bytes().startswith(b"%PDF-")
    assert target.stat().st_size > 50_000


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not here: npm install axe-core, or BVN_AXE=…/axe.min.js")
@pytest.mark.parametrize(
    ("size", "dark"), [(DESKTOP, False), (DESKTOP, True), (PHONE, False)], ids=["light", "dark", "phone"]
)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_amiss(chromium, pages, name, size, dark):
    opened(chromium, pages, name, size, dark)
    chromium.execute_script("document.querySelectorAll('details').forEach(e => e.open = true)")
    chromium.execute_cdp_cmd("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})

    found = chromium.execute_async_script(
        "const done = arguments[arguments.length - 1]; axe.run(document, {resultTypes: ['violations']}).then(done)"
    )

    assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found["violations"]] == []
    assert len(found["passes"]) > 10
