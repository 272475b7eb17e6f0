#!/usr/bin/env python3
"""Tests the manual pages: groff sets each on a terminal of 80 columns without a warning."""

import glob
import os

import harness


def no_page_has_a_warning(scratch):
    harness.need("groff")
    pages = [os.path.join(harness.BUILDDIR, "daemon", "animed.8")]
    for folder in ("client", "daemon", "plugins"):
        pages += glob.glob(os.path.join(harness.SRCDIR, folder, "*.[1-8]"))
    assert len(pages) >= 8, pages
    scratch.env["MANWIDTH"] = "80"
    for page in pages:
        out, err = scratch.run(harness.need("man"), "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page)
        assert out.startswith("x T utf8"), (page, out[:80])
        assert err == "", (page, err)


if __name__ == "__main__":
    harness.main([no_page_has_a_warning])
