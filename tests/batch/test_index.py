"""The pages that a person looks through."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest

from digitize.batch import index as module
from digitize.batch.index import write_index
from digitize.batch.manifest import Manifest
from digitize.batch.records import Found, Outcome, Task, failure
from digitize.batch.store import Store
from digitize.model import Reason
from digitize.outputs.files import Format


class Page(HTMLParser):
    """The cards of a page in order, its links and its pictures."""

    def __init__(self, text):
        super().__init__()
        self.cards, self.links, self.images = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "article":
            self.cards.append(found["class"])
        if tag == "a":
            self.links.append(found["href"])
        if tag == "img":
            self.images.append(found["src"])


@pytest.fixture
def write(tmp_path):
    def write(rows, **task):
        manifest = Manifest(tmp_path / "manifest.sqlite")
        manifest.add(Found(source=f"/shots/{image}", image=image) for image, _ in rows)
        for entry, (_, outcome) in zip(list(manifest.pending()), rows, strict=True):
            manifest.record(entry, outcome)
        write_index(Store(str(tmp_path)), manifest, Task(**task))
        manifest.close()
        return (tmp_path / "index.html").read_text()

    return write


def outcome(status, **more):
    return Outcome(status=status, width=400, height=240, **more)


def test_the_doubtful_come_first_with_their_reasons(write):
    reason = Reason(code="few-ticks", message="the axis rests on <2> tick labels")
    text = write(
        [
            ("a & b.png", outcome("ok", panels=("ok", "ok"))),
            ("c.png", outcome("review", panels=("review", "ok"), reasons=(reason,), doubt=1.0)),
            ("d.png", failure("input", "the picture is damaged")),
            ("e.png", outcome("refused", duplicate_of="x.png")),
        ]
    )
    assert Page(text).cards == ["failed", "refused", "review", "ok"]
    assert "the axis rests on &lt;2&gt; tick labels" in text
    assert "a &amp; b.png" in text
    assert "the picture is damaged" in text
    assert "same bytes as x.png" in text
    assert re.search(r"1 ok\s*</div>|1 review; 1 ok|1 ok; 1 review", text)
    assert len(Page(text).images) == 3


def test_links_lead_to_what_is_there(write, tmp_path):
    text = write([("in & out/a #1.png", outcome("ok")), ("b.png", failure("input", "bad"))], forms=(Format.OVERLAY,))
    page = Page(text)
    assert [unquote(link) for link in page.links][-1] == "overlays/in _ out/a _1.png.overlay.png"
    assert (tmp_path / unquote(page.links[0])).resolve().as_posix() == "/shots/b.png"


def test_many_pictures_are_shared_out_among_pages(write, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "PAGE", 4)
    rows = [(f"{number:02d}.png", outcome("review" if number % 2 else "ok")) for number in range(10)]
    first = write(rows)
    pages = [tmp_path / "index.html", *sorted((tmp_path / "pages").iterdir())]
    parsed = [Page(path.read_text()) for path in pages]
    assert [card for page in parsed for card in page.cards] == ["review"] * 5 + ["ok"] * 5
    assert [len(page.cards) for page in parsed] == [4, 4, 2]
    for path, page in zip(pages, parsed, strict=True):
        targets = {(path.parent / link).resolve() for link in page.links if "page" in link or "index" in link}
        assert targets <= {other.resolve() for other in pages}
        assert (path.parent / page.images[0]).resolve().parent == (tmp_path / "thumbnails").resolve()
    assert "ok from page 2" in first


def test_wide_pictures_have_room(write):
    assert Page(write([("a.png", Outcome(status="ok", width=1600, height=400))])).cards == ["ok wide"]
