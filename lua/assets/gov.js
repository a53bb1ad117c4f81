/*
 * Comfort only: every page is whole without it.
 */

(function () {
    "use strict";

    document.querySelectorAll("[data-print]").forEach(function (b) {
        b.hidden = false;
        b.addEventListener("click", function () { window.print(); });
    });

    /* A table that scrolls can be reached by the keyboard in every browser. */
    document.querySelectorAll(".prose table").forEach(function (t) {
        if (t.scrollWidth > t.clientWidth) {
            t.tabIndex = 0;
        }
    });

    /* Browsers that cannot open a fold by style open it here on a desk. */
    if (!(window.CSS && CSS.supports
          && CSS.supports("selector(::details-content)"))
        && window.matchMedia("(min-width: 641px)").matches)
    {
        document.querySelectorAll(".normal .fold").forEach(function (d) {
            d.open = true;
        });
    }
}());
