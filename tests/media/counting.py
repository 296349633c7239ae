"""A web server on loopback that counts who comes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Counter:
    """Answers nothing useful, remembers everything."""

    port: int = 0
    seen: list[str] = field(default_factory=list)

    def address(self, path: str = "video.mp4") -> str:
        return f"http://127.0.0.1:{self.port}/{path}"


@contextmanager
def counting_server() -> Iterator[Counter]:
    counter = Counter()

    class Handler(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            counter.seen.append(str(self.rfile.readline(200)))

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    counter.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield counter
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def lures(address: str) -> dict[str, str]:
    """By file name, play lists that ask their reader for `address`."""
    hls = f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{address}\n#EXT-X-ENDLIST\n"
    concat = f"ffconcat version 1.0\nfile '{address}'\n"
    dash = (
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"'
        ' mediaPresentationDuration="PT9S" profiles="urn:mpeg:dash:profile:isoff-live:2011">'
        f"<Period><AdaptationSet mimeType='video/mp4'><BaseURL>{address}</BaseURL>"
        "<Representation id='0' bandwidth='1'/></AdaptationSet></Period></MPD>"
    )
    return {
        "list.m3u8": hls,
        "list.mp4": hls,
        "list.ffconcat": concat,
        "concat.mp4": concat,
        "list.mpd": dash,
        "dash.mp4": dash,
        "list.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n",
    }


LURES = tuple(lures(""))
