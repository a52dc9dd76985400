"""Files in an S3-compatible store: the real client, against a store of a few lines on loopback."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.conf import LazySettings

from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.files import services
from silian.kernel.files.tests.factories import PDF, make_upload

kept: dict[str, bytes] = {}


class Store(BaseHTTPRequestHandler):
    """Keeps what is put under a path, and gives it back; knows nothing else of S3."""

    def do_PUT(self) -> None:
        kept[self.path] = self.body()
        self.answer(200)

    def do_GET(self) -> None:
        self.answer(200 if self.path in kept else 404, kept.get(self.path, b""))

    def do_HEAD(self) -> None:
        self.answer(200 if self.path in kept else 404, kept.get(self.path, b""))

    def do_DELETE(self) -> None:
        kept.pop(self.path, None)
        self.answer(204)

    def body(self) -> bytes:
        if "aws-chunked" not in self.headers.get("Content-Encoding", ""):
            return self.rfile.read(int(self.headers["Content-Length"]))
        content = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            content += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass  # the checksum that follows the last chunk
        return content

    def answer(self, status: int, content: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Sun, 22 Nov 2026 12:00:00 GMT")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *words: object) -> None:
        """Says nothing."""


@pytest.fixture
def _s3(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    kept.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Store)
    Thread(target=server.serve_forever, daemon=True).start()
    options = {
        "bucket_name": "silian",
        "endpoint_url": f"http://127.0.0.1:{server.server_port}",
        "default_acl": "private",
        "file_overwrite": False,
    }
    s3 = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": s3}
    yield
    server.shutdown()
    server.server_close()


@pytest.mark.django_db
@pytest.mark.usefixtures("_s3")
def test_a_file_goes_to_the_store_and_comes_back() -> None:
    stored = services.store(make_upload("章程.pdf", PDF), by=make_user())

    assert list(kept.values()) == [PDF]
    assert "章程" not in next(iter(kept))  # nothing of the name is in the address
    answer = services.respond(stored)
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[arg-type]
    assert "attachment" in answer["Content-Disposition"]
