"""Makes every page that the README shows, and their pictures.

    python docs/pages.py FOLDER                          the reports of the founding documents, the atlas, a comparison
    python docs/pages.py FOLDER --pictures docs/images   and pictures of them, and of `bvn serve --demo`

Pictures need Chromium, its driver, and Selenium (`pip install -e .[browser]`).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bvn_asp import Library
from bvn_asp.papers.report import report
from bvn_asp.render import atlas as atlas_html
from bvn_asp.render import diff as diff_html
from bvn_asp.render import report as report_html
from bvn_asp.render import stricter as stricter_html
from bvn_asp.render.browser import FLAGS, find_browser
from bvn_asp.render.browser import ROOT as IS_ROOT
from bvn_asp.render.html import to_html
from bvn_asp.texts.atlas import atlas
from bvn_asp.texts.diff import diff
from bvn_asp.texts.stricter import stricter

ROOT = Path(__file__).parent.parent
PICTURES = (
    # picture, page, anchor, width, height, dark
    ("report.png", "document-004.html", "", 1280, 900, False),
    ("matrix.png", "document-004.html", "matrix", 1280, 1000, False),
    ("report-dark.png", "document-004.html", "matrix", 1280, 1000, True),
    ("report-phone.png", "document-004.html", "", 390, 844, False),
    ("atlas.png", "atlas.html", "", 1280, 1000, False),
    ("atlas-lines.png", "atlas.html", "lines", 1280, 1000, False),
    ("diff.png", "diff.html", "", 1280, 900, False),
)


def make_pages(folder: Path) -> None:
    """Write every page into a folder."""
    library = Library(ROOT / "policies")
    cohere, palmetto = library.revision("cohere-ma"), library.revision("lcd-l39420")
    pages = {
        path.stem: lambda path=path: to_html(report_html.page(library, report(library, library.case(path))))
        for path in sorted((ROOT / "cases" / "founding").glob("*.yaml"))
    }
    pages |= {
        "atlas": lambda: to_html(atlas_html.page(library, atlas(library))),
        "diff": lambda: to_html(diff_html.page(library, diff(library, cohere, palmetto))),
        "stricter": lambda: to_html(stricter_html.page(library, stricter(library, cohere, palmetto))),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in pages.items():
        target = folder / f"{name}.html"
        target.write_text(make(), encoding="utf-8")
        print(f"{target}  {target.stat().st_size / 1000:.0f} kB")


def make_pictures(folder: Path, pictures: Path) -> None:
    """Write every picture into a folder."""
    from selenium import webdriver

    pictures.mkdir(parents=True, exist_ok=True)
    options = webdriver.ChromeOptions()
    options.binary_location = find_browser() or sys.exit("there is no browser on this machine")
    with tempfile.TemporaryDirectory() as profile:
        for flag in (*FLAGS, *(["--no-sandbox"] if IS_ROOT else []), f"--user-data-dir={profile}"):
            options.add_argument(flag)
        browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
        try:
            serve_pictures(browser, pictures)
            for name, page, anchor, width, height, dark in PICTURES:
                size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
                scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
                browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
                browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
                browser.get((folder / page).resolve().as_uri())
                if anchor:
                    browser.execute_script("document.getElementById(arguments[0]).scrollIntoView()", anchor)
                browser.save_screenshot(str(pictures / name))
                print(f"{pictures / name}  {(pictures / name).stat().st_size / 1000:.0f} kB")
        finally:
            browser.quit()


SERVED = (
    # picture, what to click, what to wait for, width, height, dark
    ("serve.png", (), "#sheet .sheet", 1440, 900, False),
    ("serve-ways.png", ("[data-policy=cohere-ma]", "#tab-ways", ".wayhead [data-try]"), ".supposed", 1440, 900, True),
    ("serve-papers.png", ("[data-policy=cohere-ma]", "[data-view=papers]"), "#paper[data-shows]", 1440, 900, False),
    ("serve-phone.png", ("[data-policy=cohere-ma]", "[data-view=interview]"), "#question", 390, 844, False),
)


def serve_pictures(browser: Any, pictures: Path) -> None:
    """Write the pictures of the chart page."""
    from selenium.webdriver.support.wait import WebDriverWait

    command = [sys.executable, "-m", "bvn_asp", "serve", "--demo", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT) as server:
        try:
            assert server.stderr is not None
            address = server.stderr.readline().split()[1]
            for name, clicks, wanted, width, height, dark in SERVED:
                size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
                scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
                browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
                browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
                browser.get(address)
                waits = WebDriverWait(browser, 60)
                for what in ("#sheet .sheet", *clicks):
                    waits.until(lambda b, what=what: b.find_elements("css selector", what))
                    if what in clicks:
                        browser.execute_script("document.querySelector(arguments[0]).click()", what)
                    waits.until(lambda b: not b.execute_script("return document.body.dataset.busy"))
                waits.until(lambda b, what=wanted: b.find_elements("css selector", what))
                if width < 600:
                    browser.execute_script("document.getElementById('left').scrollIntoView()")
                time.sleep(2)
                browser.save_screenshot(str(pictures / name))
                print(f"{pictures / name}  {(pictures / name).stat().st_size / 1000:.0f} kB")
        finally:
            server.terminate()


if __name__ == "__main__":
    if len(sys.argv) not in (2, 4) or (len(sys.argv) == 4 and sys.argv[2] != "--pictures"):
        sys.exit(__doc__)
    make_pages(Path(sys.argv[1]))
    if len(sys.argv) == 4:
        make_pictures(Path(sys.argv[1]), Path(sys.argv[3]))
