"""The numbers of the design: colours of both themes, type, heights. Nothing but values, so that the first window needs no more."""

from __future__ import annotations

LIGHT = {
    "bg": "#F4F6F5", "surface": "#FFFFFF", "sunken": "#EBEFED", "line": "#DCE2DF", "ctl": "#7F8C88",
    "ink": "#14201E", "ink2": "#46534F", "ink3": "#5F6B68",
    "accent": "#0B646B", "onaccent": "#FFFFFF", "accent2": "#084F55", "soft": "#E2F0EF", "softline": "#A9D0CD",
    "att": "#7F4C00", "attsoft": "#FBF1DF", "attline": "#E3C58F",
    "fault": "#A8201A", "faultsoft": "#FBEAE8", "faultline": "#E3A8A3",
}  # fmt: skip
DARK = {
    "bg": "#0F1615", "surface": "#17201F", "sunken": "#212C2A", "line": "#2D3A38", "ctl": "#72827E",
    "ink": "#E9EFED", "ink2": "#BAC6C3", "ink3": "#98A6A2",
    "accent": "#63C7C4", "onaccent": "#04211F", "accent2": "#86D8D5", "soft": "#163735", "softline": "#2F615E",
    "att": "#EBBB70", "attsoft": "#33291A", "attline": "#6B5228",
    "fault": "#FFA198", "faultsoft": "#3C1F1D", "faultline": "#7F3C37",
}  # fmt: skip

FONT_PX = {"h1": 24, "h2": 18, "h3": 15, "row": 15, "body": 14, "small": 13, "caption": 12}
FONT_PX_LARGE = {"h1": 30, "h2": 23, "h3": 19, "row": 19, "body": 18, "small": 16, "caption": 15}
FONT_WEIGHT = {"h1": 600, "h2": 600, "h3": 600, "row": 500, "body": 400, "small": 400, "caption": 600}
SIZES = {
    "topbar": 44, "message": 36, "keybar": 44, "keybar2": 56, "rail": 88, "railitem": 52, "field": 36, "button": 34,
    "main": 48, "chip": 26, "digit": 34, "row": 36, "header": 30, "cap": 20, "allowance": 56,
}  # fmt: skip
LARGE_SCALE = 1.08
"""Sizes grow less than letters in large text."""
