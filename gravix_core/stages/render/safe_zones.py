"""Where on a reel words can be read: the parts that Instagram's interface leaves free.  Pure.

Shares of the canvas.  Meta publishes one rule, for advertisements: keep the top 14 %, the bottom
35 % and 6 % at each side free of text (Business Help Center, "About safe zones for Stories and
Reels ads", as quoted by shotstack.io/learn/vertical-video-safe-zones and others, read 2026-11-26).
For posts it publishes none; measured guides give about 220 px above and 420 px below of 1920, and
120 px for the buttons at the right of 1080 (docs.rs/ffcine-reframe 0.2.0, SafeArea::REELS, same
day).  The default place keeps to the stricter rule.
"""

from __future__ import annotations

TOP = 0.14
BOTTOM = 0.65
"""Above this line nothing covers a word, whatever the post is."""
LOWEST = 0.78
"""Above this line nothing covers a word of a post that is no advertisement: 420 px of 1920."""
SIDE = 0.115
"""At the right for the buttons, 120 px and a little air; at the left as much, so that words stay
in the middle."""
WIDTH = 1 - 2 * SIDE
