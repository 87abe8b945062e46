// A file of addresses, read into the box on the person's own device, so that she sees what was read. A mail is left to
// us: its words may be packed. It stores nothing and asks nothing of the network.
"use strict";
(function () {
  const place = document.querySelector("[data-list]");
  if (!place || !Blob.prototype.arrayBuffer || !window.TextDecoder) return;
  const field = place.querySelector("input[type=file]"), said = place.querySelector("[role=status]");
  const box = field.form.querySelector("textarea"), button = place.querySelector("button");
  const words = {};
  for (const word of place.querySelector("template").content.children) words[word.getAttribute("data-word")] = word.textContent;

  // A plain form is shown again by us with its text whatever happens; only a mail needs the other kind.
  const form = field.form, wired = field.name, packed = form.enctype;
  form.enctype = "application/x-www-form-urlencoded";
  field.removeAttribute("name");

  // null is no text: a picture, a document of a word processor, a packed file.
  function text(bytes) {
    const decode = (name) => new TextDecoder(name, { fatal: name === "utf-8" }).decode(bytes);
    let read;
    if (bytes[0] === 0xff && bytes[1] === 0xfe) read = decode("utf-16le");
    else if (bytes[0] === 0xfe && bytes[1] === 0xff) read = decode("utf-16be");
    else try { read = decode("utf-8"); } catch (error) { read = decode("windows-1252"); }
    return /[\0-\x08\x0e-\x1f\x7f]/.test(read) || read.startsWith("%PDF-") ? null : read;
  }

  field.addEventListener("change", async () => {
    const file = field.files[0];
    if (!file) return;
    if (/\.eml$/i.test(file.name) || file.type === "message/rfc822") {
      form.enctype = packed;
      field.name = wired;
      return button.click();
    }
    const read = file.size > Number(place.getAttribute("data-most")) ? undefined : text(new Uint8Array(await file.arrayBuffer()));
    field.value = "";
    if (read === undefined || read === null) {
      said.textContent = words[read === null ? "no-text" : "long"];
      return;
    }
    box.value = (box.value.trim() ? box.value.replace(/\n*$/, "\n") : "") + read;
    said.textContent = words.read;
    box.focus();
  });
})();
