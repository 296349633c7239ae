"""A link in, the same link behind the site's two challenges out.  Pure.

Both are turned round by a player script of the shape that yt-dlp-ejs 0.8.0 looks for: one
function whose body calls ``set("alr", "yes")`` on the link that it builds, and a method of
that link which changes ``n``.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

PLAYER_ID = "0a1b2c3d"
PLAYER_PATH = f"/s/player/{PLAYER_ID}/player_ias.vflset/en_US/base.js"
SIGNATURE_TIMESTAMP = 20000

PLAYER_SCRIPT = f"""
(function(g) {{
  var about = {{signatureTimestamp: {SIGNATURE_TIMESTAMP}}};
  var turn = function(text) {{ return text.split("").reverse().join(""); }};
  var Link = function() {{ this.told = {{}}; }};
  Link.prototype.set = function(name, value) {{ this.told[name] = value; }};
  Link.prototype.get = function(name) {{ return this.told[name]; }};
  Link.prototype.solve = function() {{ if (this.told.n) this.told.n = turn(this.told.n); }};
  var build = function(address, name, signature) {{
    var link = new Link();
    link.set("alr", "yes");
    if (signature) link.set(name, encodeURIComponent(turn(decodeURIComponent(signature))));
    return link;
  }};
}}).call(this, {{}});
"""


def locked(link: str, grant: int) -> dict[str, str]:
    """Members of a format that stand for this link until both challenges are solved."""
    throttling, signature = _given(grant)
    cipher = {"s": signature, "sp": "sig", "url": f"{link}&n={throttling}"}
    return {"signatureCipher": urlencode(cipher)}


def is_solved(query: Mapping[str, str], grant: int) -> bool:
    """Whether a link of this grant has both answers."""
    throttling, signature = _given(grant)
    return (query.get("n"), query.get("sig")) == (throttling[::-1], signature[::-1])


def _given(grant: int) -> tuple[str, str]:
    return f"nChallenge{grant:07}", f"AJfQdSswRQIhSignatureOfGrant{grant:07}"
