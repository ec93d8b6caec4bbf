# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Sphinx configuration of the guides. Built with all warnings as errors: devtools/check-docs.sh."""

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "_ext"))

project = "hisi-accel"
copyright = "2026 The hisi-accel authors"
release = re.search(r"version: '([^']+)'", (HERE.parents[1] / "meson.build").read_text())[1]
version = release

extensions = ["myst_parser", "hw_sections"]
exclude_patterns = ["_build", "_ext", "tables"]
highlight_language = "none"
nitpicky = True
# Two hyphens are an option, straight quotes are code.
smartquotes = False
# Headings of the hardware reference down to 4.4 are targets of links.
myst_heading_anchors = 3

html_theme = "sphinx_rtd_theme"
html_show_sphinx = False
html_copy_source = False
html_theme_options = {"collapse_navigation": False, "navigation_depth": 3}
