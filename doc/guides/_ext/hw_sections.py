# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Sections of the hardware reference by the names that code cites: "qm.md 4.4".

Each numbered section of hw/*.md gets the anchor qm-4-4 and the label "qm.md 4.4", and wherever a
page says qm.md 4.4 that is a link. A citation of a section that does not exist is a warning, and
so is a multiplication sign that Markdown took for emphasis: the sign would be lost.
"""

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

logger = logging.getLogger(__name__)
HEADING = re.compile(r"(\d+(?:\.\d+)*|Appendix [A-Z])\.? ")
CITATION = re.compile(r"\b((?:qm|zip|sec|hpre|vfio-user)\.md) (\d+(?:\.\d+)?|Appendix [A-Z])")


def page_of(docname):
    return docname[3:] + ".md" if docname.startswith("hw/") else None


class NumberSections(SphinxTransform):
    """Before the tables of contents are collected, so that they use these anchors."""

    default_priority = 10

    def apply(self, **kwargs):
        page = page_of(self.env.docname)
        if page is None:
            return
        for section in self.document.findall(nodes.section):
            title = section.next_node(nodes.title).astext()
            match = HEADING.match(title)
            if match is None:
                continue
            number = match[1]
            anchor = re.sub(r"[. ]", "-", f"{page[:-3]} {number}").lower()
            section["ids"].insert(0, anchor)
            self.document.ids[anchor] = section
            label = f"{page} {number}".lower()
            std = self.env.get_domain("std")
            std.labels[label] = (self.env.docname, anchor, title)
            std.anonlabels[label] = (self.env.docname, anchor)


class LinkCitations(SphinxTransform):
    """Text such as "qm.md 4.4" becomes a link, also as literal text."""

    default_priority = 700

    def apply(self, **kwargs):
        for text in list(self.document.findall(nodes.Text)):
            parent = text.parent
            if isinstance(parent, (nodes.title, nodes.literal_block, nodes.comment, nodes.raw,
                                   addnodes.pending_xref)):
                continue
            pieces, at = [], 0
            for match in CITATION.finditer(text):
                pieces += [nodes.Text(text[at:match.start()]), self.link(match)]
                at = match.end()
            if pieces:
                pieces.append(nodes.Text(text[at:]))
                parent.replace(text, pieces)

    def link(self, match):
        link = addnodes.pending_xref("", refdomain="std", reftype="ref", refexplicit=True,
                                     refwarn=True, refdoc=self.env.docname,
                                     reftarget=f"{match[1]} {match[2]}".lower())
        link += nodes.inline("", match[0])
        return link


def is_joined(text, at):
    """Is there a letter or digit of the same word at the border of an emphasis?"""
    return isinstance(text, nodes.Text) and text != "" and text[at].isalnum()


def find_lost_signs(app, doctree):
    if page_of(app.env.docname) is None:
        return
    for node in doctree.findall(nodes.emphasis):
        at = node.parent.index(node)
        before = node.parent[at - 1] if at > 0 else None
        after = node.parent[at + 1] if at + 1 < len(node.parent) else None
        if is_joined(before, -1) or is_joined(after, 0) or not node.astext()[0].isalnum():
            logger.warning("emphasis inside a word, write \\* or \\_ for the sign: %s",
                           node.astext()[:60], location=node)


def setup(app):
    app.add_transform(NumberSections)
    app.add_transform(LinkCitations)
    app.connect("doctree-read", find_lost_signs)
    return {"version": "1", "parallel_read_safe": True}
