-- The same keys as words/zh.lua, in English.

return {
    -- every page
    skip = "Skip to main content",
    tools = "Page tools",
    elder_on = "Large type",
    elder_off = "Standard view",
    logo = "Site logo",
    nav = "Main",
    here = "You are here",
    body = "This page",
    preparing = "In preparation",
    preparing_text = "This site is in preparation. Only what is published "
                     .. "after its opening is valid.",
    more = "More",
    more_of = "More: ",
    external = " (external link)",
    contents_of = ": ",
    comma = ", ",
    unit_items = "",

    -- emergency banner
    alerts = "Emergency information",
    alert_red = "Red alert",
    alert_orange = "Orange alert",
    alert_yellow = "Yellow alert",
    alert_blue = "Blue alert",
    alert_more = "Details",

    -- home
    interpret = "Explained",

    -- lists
    subs = "Other sections",
    source = "Source: ",
    written = "Signed: ",
    published_on = "Published: ",
    number = "Number: ",
    validity = "Validity: ",
    in_force = "In force",
    not_yet = "Not yet in force",
    expired = "Expired",
    repealed = "Repealed",
    amended = "Amended",
    empty = "Nothing has been published here yet.",
    pinned = "Pinned",
    feed = "Subscribe to this section",
    feed_title = "Feed",
    total = "",
    total_items = " items",

    -- pages of a list
    pager = "Pages",
    page = "Page ",
    page_of = " of ",
    page_end = "",
    prev_page = "Previous page",
    next_page = "Next page",
    gap = "…",

    -- document
    meta = "About this document",
    published = "Published: ",
    updated = "Updated: ",
    author = "Author: ",
    changed = "Changed: ",
    reason = "Reason: ",
    correction = "Corrections",
    preview = "Preview: this version is not public, please do not pass it on.",
    preview_until = " The link ends ",
    by_reference = "Published by, and shown here by reference: ",
    warn_not_yet = "This document is not yet in force.",
    warn_expired = "This document has expired and is kept for reference.",
    warn_repealed = "This document is repealed and is kept for reference.",
    warn_amended = "This document has been amended. "
                   .. "The amended text applies.",
    replaced_by = "Replaced by: ",
    replaces = "The document replaced",
    interprets = "The document explained here",
    interpretations = "Explanations",
    attachments = "Attachments",
    print = "Print this page",
    short = "Short link: ",
    related = "Related",
    around = "Previous and next",
    prev_doc = "Previous",
    next_doc = "Next",

    -- map
    sites = "Government sites",

    -- notices
    because = "Reason: ",
    replacement = "See instead: ",
    ways = "Where to go from here",
    go_home = "Home page",
    status = "Status: ",

    -- footer
    sponsor = "Run by: ",
    operator = "Operated by: ",
    contact = "Contact: ",
    site_id_code = "Site code: ",
    icp = "ICP: ",
    psb = "PSB: ",
    map = "Site map",
    fault = "Report a problem with this site",
    to_top = "Back to top"
}
