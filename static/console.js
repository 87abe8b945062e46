// The console's script: quicker hands on long lists. Everything works without it.
// It stores nothing, asks nothing of the network, and writes no HTML (Trusted Types: none).
//
// Markup it understands:
//   .rows                              a list; its row boxes carry data-row
//   tbody input[data-all]              selects all rows of that tbody (one tbody per host)
//   thead input[data-all]              selects all rows of the list
//   .bulk__count [data-count]          shows how many are selected
//   button[data-copy="id"]             copies the text or value of that element
//   button[data-copied]                ... and says this when done
//   input[data-fragment]               takes what stands behind the "#" of the address, which no server sees
//   .idle[data-after]                  shown after so many seconds
"use strict";
(function () {
  var said = document.querySelector("[data-said]");

  function all(root, selector) {
    return Array.prototype.slice.call(root.querySelectorAll(selector));
  }

  // ---- selection ----

  function rowsOf(box) {
    return all(box.closest("thead") ? box.closest(".rows") : box.closest("tbody"), "[data-row]");
  }

  function paint(list) {
    all(list, "[data-all]").forEach(function (box) {
      var rows = rowsOf(box);
      var on = rows.filter(function (row) { return row.checked; }).length;
      box.checked = on > 0 && on === rows.length;
      box.indeterminate = on > 0 && on < rows.length;
    });
    var count = all(list, "[data-row]:checked").length;
    all(document, "[data-count]").forEach(function (place) { place.textContent = String(count); });
  }

  function wire(list) {
    var last = null;
    list.addEventListener("click", function (event) {
      var box = event.target;
      if (!box.matches("input[type=checkbox]")) return;
      if (box.hasAttribute("data-all")) {
        rowsOf(box).forEach(function (row) { row.checked = box.checked; });
      } else if (event.shiftKey && last) {
        between(list, last, box).forEach(function (row) { row.checked = box.checked; });
      }
      if (box.hasAttribute("data-row")) last = box;
      paint(list);
    });
    list.addEventListener("keydown", function (event) { move(list, event); });
    paint(list);
  }

  function between(list, a, b) {
    var rows = all(list, "[data-row]");
    var from = rows.indexOf(a), to = rows.indexOf(b);
    return rows.slice(Math.min(from, to), Math.max(from, to) + 1);
  }

  // j and k step from row to row, only while the focus is inside the list (WCAG 2.1.4).
  function move(list, event) {
    var box = event.target;
    if (!box.matches("[data-row]") || event.ctrlKey || event.metaKey || event.altKey) return;
    var step = { j: 1, k: -1 }[event.key];
    if (!step) return;
    var rows = all(list, "[data-row]");
    var next = rows[rows.indexOf(box) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  all(document, ".rows").forEach(wire);

  // A page brought back by Back keeps its ticks; count them again.
  window.addEventListener("pageshow", function () { all(document, ".rows").forEach(paint); });

  // ---- copying ----

  // A button that needs the script is hidden in the page and shown here.
  function wireCopy(button) {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      var from = document.getElementById(button.getAttribute("data-copy"));
      var text = "value" in from ? from.value : from.textContent;
      navigator.clipboard.writeText(text).then(function () {
        if (said) said.textContent = button.getAttribute("data-copied") || "";
        button.textContent = button.getAttribute("data-copied") || button.textContent;
      });
    });
  }
  all(document, "[data-copy]").forEach(wireCopy);

  // ---- invitation ----

  var token = document.querySelector("[data-fragment]");
  if (token && location.hash.length > 1) {
    token.value = location.hash.slice(1);
    history.replaceState(null, "", location.pathname);
  }

  // ---- errors and idle time ----

  var errors = document.querySelector(".govuk-error-summary");
  if (errors) errors.focus();

  var idle = document.querySelector(".idle");
  if (idle) {
    var after = Number(idle.getAttribute("data-after")) * 1000, more = 120000, begun = Date.now(), over = false;

    var close = function () { // nothing is left on the screen of who has gone
      if (over) return;
      over = idle.hidden = true;
      document.getElementById("main").replaceChildren(idle.querySelector("template").content);
    };

    setTimeout(function () {
      if (over) return;
      idle.hidden = false;
      idle.querySelector("button").focus();
      setTimeout(close, more);
    }, after);

    // No timer runs in a device that sleeps: the clock says how long it was.
    setInterval(function () { if (Date.now() - begun >= after + more) close(); }, 500);
  }
})();
