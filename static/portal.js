// The portal's script: a faster, cleaner way out, and nothing the page cannot do without.
// It stores nothing, asks nothing of the network, and writes no HTML (Trusted Types: none).
"use strict";
(function () {
  var exit = document.querySelector(".exit");
  var veil = document.querySelector(".veil");
  var said = document.querySelector("[data-exit]");
  if (!exit || !veil) return;

  // The veil goes up before anything else: the next site may take seconds to answer.
  // replace() takes this page's place in the history, so that Back does not lead here.
  function leave() {
    veil.hidden = false;
    location.replace(exit.getAttribute("href"));
  }

  exit.addEventListener("click", function (event) {
    event.preventDefault();
    leave();
  });

  // Shift three times, each within five seconds of the last. A Shift that was held for another
  // key (a capital letter) does not count.
  var presses = 0, timer = 0, combined = false;

  function reset(words) {
    clearTimeout(timer);
    presses = 0;
    if (said) said.textContent = words || "";
  }

  function pressed() {
    clearTimeout(timer);
    presses += 1;
    if (presses === 3) return leave();
    if (said) said.textContent = said.getAttribute(presses === 1 ? "data-once" : "data-twice");
    timer = setTimeout(function () { reset(said && said.getAttribute("data-late")); }, 5000);
  }

  if (!document.body.hasAttribute("data-no-shift")) {
    document.addEventListener("keydown", function (event) {
      if (event.key === "Shift") {
        if (!event.repeat) combined = false;
      } else if (event.shiftKey) {
        combined = true;
      }
    });
    document.addEventListener("keyup", function (event) {
      if (event.key === "Shift") {
        if (!combined) pressed();
      } else if (presses > 0) {
        reset();
      }
    });
  }

  // A page brought back by Back or Forward is never shown as it was left.
  window.addEventListener("pageshow", function (event) {
    if (!event.persisted) return;
    veil.hidden = false;
    location.replace("/");
  });

  // The "hide when I switch" choice: nothing to read in the list of open apps.
  if (document.body.hasAttribute("data-hide")) {
    var show = veil.querySelector("button");
    var hide = function () { veil.hidden = false; show.hidden = false; };
    document.addEventListener("visibilitychange", function () { if (document.hidden) hide(); });
    window.addEventListener("blur", hide);
    show.addEventListener("click", function () { veil.hidden = true; show.hidden = true; });
  }

  // The card is printed by the browser itself; without script the page says how.
  var print = document.querySelector("[data-print]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", function () { window.print(); });
  }

  // What has to be looked at again takes the focus, so that a screen reader begins there.
  var errors = document.querySelector(".govuk-error-summary");
  if (errors) errors.focus();

  // Shortly before the session ends, say so and offer to stay. Two minutes later nothing is left on the screen: what was
  // typed is sent to be kept, other pages ask for nothing (two would keep the session alive).
  var idle = document.querySelector(".idle");
  if (idle) {
    var after = idle.getAttribute("data-after") * 1000, begun = Date.now(), over;
    var close = function () {
      if (over) return;
      over = true;
      var form = document.getElementById(idle.getAttribute("data-form"));
      if (!form) {
        idle.hidden = true;
        return document.getElementById("main").replaceChildren(idle.querySelector("template").content);
      }
      veil.hidden = false;
      var stay = document.createElement("input");
      stay.type = "hidden"; stay.name = "stay"; stay.value = "away";
      form.appendChild(stay);
      form.submit();
    };
    setTimeout(function () {
      idle.hidden = false;
      idle.querySelector("button").focus();
      setTimeout(close, 120000);
    }, after);
    // No timer runs in a device that sleeps; its clock does.
    setInterval(function () { if (Date.now() - begun >= after + 120000) close(); }, 500);
  }
})();
