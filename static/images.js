// The images of a case, on the person's own device: files are chosen, a worker makes their fingerprints, and these
// and the names she gives are all that the form sends. It stores nothing and asks nothing of the network; without it
// the page's plain file field stays, whose files are hashed by us and forgotten.
"use strict";
(function () {
  const place = document.querySelector("[data-images]");
  if (!place || !window.Worker || !window.createImageBitmap || !Blob.prototype.arrayBuffer) return;

  const form = place.closest("form"), field = place.querySelector("input[type=file]");
  const list = place.querySelector(".receipts"), bar = place.querySelector("progress"), said = place.querySelector("[data-t=hashing]");
  const row = place.querySelector("[data-row]").content.firstElementChild;
  // Handles are given here, so that who reads the page without script finds none in the pattern of a row.
  for (const part of [row, ...row.querySelectorAll("[data-handle]")]) part.setAttribute("data-t", part.getAttribute("data-handle"));
  const words = {};
  for (const word of place.querySelector("[data-words]").content.children) words[word.getAttribute("data-word")] = word.textContent.trim();
  const marks = place.querySelector("[data-marks] input"), wired = field.name;
  let next = Number(place.getAttribute("data-count")), room = Number(place.getAttribute("data-room"));
  let waiting = [], present = null, done = 0, held = null;

  const tell = (word, ...values) => values.reduce((text, value) => text.replace("#", value), words[word] || words.unreadable);
  const plural = new Intl.PluralRules(document.documentElement.lang);
  const count = (word, n) => {
    const form = word + "." + plural.select(n);
    return tell(words[form] ? form : word + ".many", n);
  };

  // The page may start two scripts beside itself, by these names, and no other.
  const scripts = { hash: "/static/hash.js", points: "/static/points.js" };
  const policy = window.trustedTypes ? trustedTypes.createPolicy("worker", { createScriptURL: (name) => scripts[name] }) : null;
  const start = (name) => new Worker(policy ? policy.createScriptURL(name) : scripts[name]);

  // ---- the worker ----

  let hasher = null, alive = false;

  function work() {
    hasher = start(marks.checked ? "points" : "hash");
    hasher.onmessage = (event) => hear(event.data);
    hasher.onerror = fail;
  }

  // A worker that never began leaves the page as it is without script; one that fell over a file goes on with the next.
  function fail(event) {
    event.preventDefault();
    hasher.terminate();
    hasher = null;
    if (!alive && marks.checked) {
      marks.checked = false;
      return work();
    }
    if (!alive) {
      waiting = [];
      settle(false);
      return release();
    }
    work();
    if (present) finish({ refused: "too-much" });
  }

  function hear(answer) {
    if (answer.ready) {
      alive = true;
      return advance();
    }
    if (!present) return;
    if (answer.framed) return framed();
    if (answer.done || answer.refused) return finish(answer);
    if (answer.part) return progress(answer.part);
    if ("canvas" in answer) return lend(answer);
    if (answer.draw) draw(answer);
  }

  // Where workers have no canvas of their own, the page reads the pixels for them, some rows at a time.
  let lent = null;

  function lend(answer) {
    if (lent) lent.bitmap.close();
    lent = null;
    if (!answer.canvas) return;
    const canvas = document.createElement("canvas");
    canvas.width = answer.canvas.width;
    canvas.height = answer.canvas.rows;
    lent = { bitmap: answer.bitmap, width: canvas.width, context: canvas.getContext("2d", { willReadFrequently: true }) };
    lent.context.imageSmoothingEnabled = false;
    lent.context.globalCompositeOperation = "copy";
  }

  function draw(answer) {
    lent.context.setTransform(...answer.draw);
    lent.context.drawImage(lent.bitmap, 0, 0);
    const pixels = lent.context.getImageData(0, 0, lent.width, answer.rows).data;
    hasher.postMessage({ pixels }, [pixels.buffer]);
  }

  // ---- the queue: one file at a time ----

  function choose(files) {
    for (const file of files) {
      const video = file.type.startsWith("video/");
      const item = { file, video, name: tell(video ? "video" : "image", ++next), row: row.cloneNode(true) };
      items.push(item);
      list.append(item.row);
      fill(item);
      if (room-- > 0) waiting.push(item);
      else show(item, "refused", "full");
    }
    advance();
  }

  function fill(item) {
    const field = item.row.querySelector("input"), id = "n" + next, drop = item.row.querySelector("button");
    item.row.querySelector(".card__name").textContent = item.name;
    item.row.querySelector("[data-file]").textContent = item.file.name;
    field.id = id;
    item.row.querySelector("label").htmlFor = id;
    drop.querySelector("span").textContent = item.name;
    drop.addEventListener("click", () => remove(item));
    item.row.querySelector("summary span span").textContent = item.name;
    item.row.querySelector("[data-send]").addEventListener("click", () => send(item));
    show(item, "waiting", "waiting");
  }

  function show(item, state, word) {
    item.row.setAttribute("data-state", state);
    item.row.querySelector("[data-said]").textContent = tell(word);
    item.row.querySelector("details").hidden = state !== "hashed";
    item.row.querySelector("[data-offer]").hidden = word !== "unreadable" && word !== "too-much";
  }

  function advance() {
    if (present || !alive) return;
    present = waiting.shift() || null;
    if (!present) return rest();
    show(present, "working", "working");
    progress(0);
    if (present.video) watch(present);
    else hasher.postMessage({ file: present.file, lent: !window.OffscreenCanvas });
  }

  let framed = null;

  async function watch(item) {
    const gone = () => present !== item || !item.row.isConnected;
    try {
      const duration = await readVideo(item.file, (frame, at, part) => new Promise((resolve) => {
        framed = resolve;
        if (gone()) return resolve();
        progress(part);
        hasher.postMessage({ frame, at, lent: !window.OffscreenCanvas }, [frame]);
      }), gone);
      if (present === item) hasher.postMessage({ clip: duration });
    } catch (error) {
      if (present === item) finish({ refused: "video-unreadable" });
    }
  }

  function progress(part) {
    const all = done + 1 + waiting.length;
    bar.parentElement.hidden = false;
    bar.max = all;
    bar.value = done + part;
    const text = held ? tell("wait") : tell("progress", done + 1, all);
    if (said.textContent !== text) said.textContent = text;
  }

  function finish(answer) {
    const item = present;
    present = null;
    done++;
    if (item.row.isConnected) {
      if (answer.refused) refuse(item, answer.refused);
      else keep(item, answer.done);
    }
    advance();
  }

  // Every browser reads JPEG, PNG and GIF: one that it cannot read is damaged, and we could not read it either.
  async function refuse(item, why) {
    room++;
    show(item, "refused", why);
    if (why !== "unreadable") return;
    const [a, b, c] = new Uint8Array(await item.file.slice(0, 3).arrayBuffer());
    if (a === 0xff && b === 0xd8 && c === 0xff || a === 0x89 && b === 0x50 || a === 0x47 && b === 0x49) show(item, "refused", "damaged");
  }

  // What is sent of an image stands in its row, for everyone to see.
  function keep(item, made) {
    const sent = item.row.querySelector("input[type=hidden]"), label = item.row.querySelector("input.govuk-input");
    const points = marks.checked && made.points;
    item.made = made;
    sent.value = made.kind + base64(made.packed) + (points ? "." + base64(points) : "");
    sent.name = "f4";
    label.name = "f5";
    item.row.querySelector("[data-told]").textContent = tell("told", made.packed.length + (points ? points.length : 0));
    item.row.querySelector("[data-sent]").textContent = sent.value;
    show(item, "hashed", "hashed");
  }

  // Her answer about local features holds for all images of the page: it makes them for those that have none yet, or
  // takes them out.
  let items = [];

  marks.addEventListener("change", () => {
    if (!hasher) return; // this browser has no worker: we make them
    const busy = present;
    hasher.terminate();
    alive = false;
    present = null;
    items = items.filter((item) => item.row.isConnected);
    const hashed = items.filter((item) => item.row.getAttribute("data-state") === "hashed");
    if (busy) waiting.unshift(busy);
    for (const item of hashed) {
      if (marks.checked && !item.video && !item.made.points) {
        waiting.push(item);
        show(item, "waiting", "waiting");
      } else keep(item, item.made);
    }
    work();
  });

  function base64(bytes) {
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  }

  function remove(item) {
    if (item.row.getAttribute("data-state") !== "refused") room++;
    items = items.filter((other) => other !== item);
    waiting = waiting.filter((other) => other !== item);
    item.row.remove();
    field.focus();
    if (!present) rest();
  }

  // All is done: say how it went, and go on if she asked to meanwhile and nothing needs a look.
  function rest() {
    const made = list.querySelectorAll("[data-row-of-page][data-state=hashed]").length;
    const refused = list.querySelectorAll("[data-row-of-page][data-state=refused]").length;
    done = 0;
    bar.parentElement.hidden = true;
    said.textContent = made + refused === 0 ? "" : count("made", made) + (refused ? " " + count("not", refused) : "");
    if (refused === 0) release();
    else held = null;
  }

  // ---- the form ----

  function release() {
    const button = held;
    held = null;
    if (!button) return;
    // She sees what became of her images before the next question.
    if (button.value === "next") form.append(hidden("stay", "1"));
    button.click();
  }

  function hidden(name, value) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    return input;
  }

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!present && waiting.length === 0 || button && button.value === "back") {
      if (button && button.value === "next" && list.querySelector("[data-state=sent]")) form.append(hidden("stay", "1"));
      return;
    }
    event.preventDefault();
    held = button;
    said.textContent = tell("wait");
  });

  // Only when she asks: a file that this browser cannot read goes along when she goes on, to be hashed by us and
  // forgotten. What else waits for a look stays on the page until then.
  function send(item) {
    const files = new DataTransfer(), input = document.createElement("input");
    files.items.add(new File([item.file], "image")); // what a file is called may tell of its picture
    Object.assign(input, { type: "file", name: wired, hidden: true });
    input.files = files.files;
    item.row.append(input);
    show(item, "sent", "sent");
  }

  // What the page says of itself, and what its form sends, with the worker and without.
  function settle(here) {
    if (here) field.removeAttribute("name");
    else field.name = wired;
    field.classList.toggle("file--here", here); // what is chosen stands below
    field.accept = here ? "image/*,video/*" : "image/*";
    for (const part of place.querySelectorAll("[data-here]")) part.hidden = !here;
    for (const part of place.querySelectorAll("[data-there]")) part.hidden = here;
  }

  settle(true);
  field.addEventListener("change", () => {
    choose([...field.files]);
    field.value = "";
  });
  work();
  if (field.files.length > 0) choose([...field.files]);
  field.value = "";
})();
