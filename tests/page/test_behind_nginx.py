"""The page behind nginx: the shipped configuration, and some that lack a line."""

import re
import ssl
import urllib.error
import urllib.request

import pytest
from browser import Page, Server, needs_chromium, sync_api
from proxies import NGINX, Ports, nginx

pytestmark = [
    *needs_chromium,
    pytest.mark.skipif(NGINX is None, reason="nginx is not there: apt-get install nginx-light"),
]
TEXT = "the memory of a cell is what it keeps"


@pytest.fixture(scope="module")
def ports():
    return Ports.free()


@pytest.fixture(scope="module")
def copies(checkpoints, ports, tmp_path_factory):
    """Two servers below a path, each with its log."""
    folder = tmp_path_factory.mktemp("logs")
    running = [
        Server(
            checkpoints,
            log=folder / name,
            root_path="/nestscope",
            frames=f"http://127.0.0.1:{ports.listed}",
        )
        for name in ("first", "second")
    ]
    yield running
    for server in running:
        server.stop()


@pytest.fixture(scope="module")
def proxied(copies, ports, tmp_path_factory):
    with nginx(tmp_path_factory.mktemp("nginx"), ports, [server.port for server in copies]):
        yield f"https://127.0.0.1:{ports.secure}/nestscope/"


@pytest.fixture
def visit(browser, proxied):
    """Opens an address; a self-signed certificate is no hindrance."""
    pages = []

    def opened(address):
        pages.append(Page(browser, address, overhear=True, ignore_https_errors=True))
        return pages[-1]

    yield opened
    for page in pages:
        page.close()


def sessions(server):
    """How many visitors a copy has, by its own count."""
    with urllib.request.urlopen(f"{server.url}metrics") as answer:
        return int(float(re.search(r"^nestscope_sessions (\S+)", answer.read().decode(), re.M)[1]))


def ask(address):
    """Status and headers; redirects are not followed, the certificate is not looked at."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    lenient = ssl.create_default_context()
    lenient.check_hostname, lenient.verify_mode = False, ssl.CERT_NONE
    opener = urllib.request.build_opener(Stay, urllib.request.HTTPSHandler(context=lenient))
    try:
        with opener.open(address) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers


def test_below_a_path_and_by_tls_everything_works(visit, proxied, ports):
    page = visit(proxied)
    page.settle()
    page.write(TEXT)
    for _ in range(2):  # its two hundred files, anew: that is no flood
        page.tab.reload()
        page.settle()
    assert page.said == []
    home = f"127.0.0.1:{ports.secure}/nestscope/"
    assert any(address.startswith(f"wss://{home}") for address in page.asked)
    assert all(home in address for address in page.asked), page.asked
    for path in ("timescales", "results", "docs"):
        assert ask(proxied + path)[0] == 200, path
    root = f"https://127.0.0.1:{ports.secure}/"
    assert ask(f"http://127.0.0.1:{ports.open}/")[0] == 301
    status, headers = ask(root)
    assert (status, headers["location"].rpartition(str(ports.secure))[2]) == (302, "/nestscope/")
    assert ask(f"{proxied}metrics")[0] == 404  # of one copy, and for Prometheus alone


def test_without_upgrade_the_page_says_what_to_set(visit, ports, copies):
    page = visit(f"http://127.0.0.1:{ports.plain}/")
    said = sync_api.expect(page.tab.locator("#lost"))
    said.to_contain_text("proxy_set_header Upgrade $http_upgrade")
    said.to_contain_text("proxy_http_version 1.1")
    assert "a page got no live channel" in copies[0].log.read_text()


def test_a_page_of_a_foreign_origin_is_told_the_setting_as_the_log_is(visit, ports, copies):
    origin = f"http://127.0.0.1:{ports.renamed}"
    page = visit(origin)
    said = sync_api.expect(page.tab.locator("#lost"))
    said.to_contain_text(f"NESTSCOPE_ORIGINS={origin}")
    said.to_contain_text("proxy_set_header Host $http_host")
    assert f"NESTSCOPE_ORIGINS={origin} would allow it" in copies[0].log.read_text()


def test_a_listed_site_shows_the_page_in_a_frame_and_another_does_not(visit, ports):
    page = visit(f"http://127.0.0.1:{ports.listed}/")
    frame = page.tab.frame_locator("iframe")
    figure = sync_api.expect(frame.locator("#figure"))
    figure.to_have_attribute("aria-busy", "false")
    frame.locator("#text").fill(TEXT)
    sync_api.expect(frame.locator(".block .text").first).to_have_text(TEXT)
    figure.to_have_attribute("aria-busy", "false")
    assert page.said == []
    other = visit(f"http://127.0.0.1:{ports.unlisted}/")
    other.tab.wait_for_timeout(2000)
    assert other.tab.frame_locator("iframe").locator("#figure").count() == 0
    assert any("frame-ancestors" in line for line in other.said)


def test_one_copy_dies_while_typing_and_the_page_goes_on_at_the_other(visit, proxied, copies):
    page = visit(proxied)
    page.settle()
    page.write(TEXT)
    (mine,) = [server for server in copies if sessions(server)]
    (other,) = [server for server in copies if server is not mine]
    mine.process.kill()
    for letter in " and for how":
        page.tab.locator("#text").press_sequentially(letter, delay=30)
    page.settle()
    assert sessions(other) == 1
    assert page.tab.input_value("#text") == f"{TEXT} and for how"
    sync_api.expect(page.tab.locator("#lost")).to_be_hidden()
    fresh = visit(proxied)
    fresh.settle()
    fresh.write(f"{TEXT} and for how")
    assert page.pixels() == fresh.pixels()
