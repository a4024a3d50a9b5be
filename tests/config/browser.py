"""A Chromium in a thread of its own.

Playwright keeps an event loop running in the thread that drives it. Django takes such a thread for an asynchronous
context with database connections of its own, for every test that comes later too; so the tests' thread stays without.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 320, "height": 640}
TIMEOUT = 10_000  # milliseconds
GRAVE = {"serious", "critical"}
AXE = Axe().axe_script
RUN = """async ({ context, options }) => {
    const found = await axe.run("exclude" in context ? context : document, options);
    return found.violations.map(({ id, impact, nodes }) => ({
        id, impact, nodes: nodes.map(({ target, html }) => ({ target, html })),
    }));
}"""
OF_COLOUR = ["color-contrast", "link-in-text-block"]  # the rules of axe that a scheme can break
HOLD_STILL = """text => {
    const sheet = new CSSStyleSheet();  // the pages' policy lets no <style> in
    sheet.replaceSync(text);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
STILL = "*, *::before, *::after { transition: none !important; animation: none !important; }"

P = ParamSpec("P")
R = TypeVar("R")
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="browser")


def in_browser_thread(function: Callable[P, R]) -> Callable[P, R]:
    """Give the function with its body run where the browser is driven. Such a body touches no database."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        return _thread.submit(function, *args, **kwargs).result()

    return run


@in_browser_thread
def launch(path: str) -> tuple[Playwright, Browser]:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    driver = sync_playwright().start()
    return driver, driver.chromium.launch(
        executable_path=path, args=["--disable-gpu", "--disable-dev-shm-usage", *sandbox]
    )


@in_browser_thread
def quit_browser(driver: Playwright, browser: Browser) -> None:
    browser.close()
    driver.stop()


def find_violations(page: Page, *, beside: str = "") -> list[str]:
    """What axe-core finds serious or critical on the page, a line each; in both schemes, where it is about colours.

    What lies in the element that `beside` selects is left out: what stands on every page is looked at once.
    """
    page.evaluate(HOLD_STILL, STILL)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = _run_axe(page, beside, {})
    page.emulate_media(color_scheme="dark")
    # Unfold reads the scheme when a page is loaded, and says by a class which it is.
    page.evaluate("document.documentElement.matches('[x-data]') && document.documentElement.classList.add('dark')")
    found += [f"dark: {each}" for each in _run_axe(page, beside, {"runOnly": OF_COLOUR})]
    page.emulate_media(color_scheme="light")
    return found


def list_missing(page: Page) -> list[str]:
    """What a page lacks that each has: one main part, and a way past what stands before it."""
    wanted = (
        "[role=main], main",
        "a.skip-link[href='#content'], a.skip",
        "#content[tabindex='-1'], #main[tabindex='-1']",
    )
    return [selector for selector in wanted if page.locator(selector).count() != 1]


def _run_axe(page: Page, beside: str, options: dict[str, Any]) -> list[str]:
    context = {"exclude": [[beside]]} if beside else {}
    given = {"context": context, "options": {"resultTypes": ["violations"], **options}}
    return [
        f"{each['id']} ({each['impact']}): {node['target']} {node['html'][:160]}"
        for each in page.evaluate(RUN, given)
        if each["impact"] in GRAVE
        for node in each["nodes"]
    ]


class Visit:
    """Pages of one test, and what the browser complained of while they were open."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.browser = browser
        self.site = site
        self.contexts: list[BrowserContext] = []
        self.faults: list[str] = []
        self.expected = ["404 (Not Found)"]  # what the browser says of pages that are meant to answer so

    def open(self, path: str, **options: Any) -> Page:
        """Open a page in a fresh profile. What its Content-Security-Policy keeps out is a fault."""
        context = self.browser.new_context(**{"viewport": DESK, "base_url": self.site, **options})
        self.contexts.append(context)
        context.set_default_timeout(TIMEOUT)
        context.on("request", lambda request: self.note_request(request.url))
        page = context.new_page()
        page.on("console", lambda message: self.note_message(message.type, message.text))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.goto(path)
        return page

    def note_request(self, url: str) -> None:
        if urlsplit(url).hostname not in LOOPBACK:
            self.faults.append(f"request to {url}")

    def note_message(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and not any(each in text for each in self.expected):
            self.faults.append(f"{kind}: {text}")

    @in_browser_thread
    def close(self) -> None:
        for context in self.contexts:
            context.close()


def sign_in_to_admin(visit: Visit, email: str = "ada@example.org", **options: Any) -> Page:
    """Open the admin site's start page as somebody whose password is `right`."""
    page = visit.open("/admin/login/", **options)
    page.fill("[name=username]", email)
    page.fill("[name=password]", "right")
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")
    return page
