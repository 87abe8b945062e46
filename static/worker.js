// The rest of the workers hash.js and points.js: they make the fingerprint of a picture on the person's own device. Each
// is served in one piece with its other parts, under a policy that allows it no request to anyone, our own server included, and no further script:
// what sees pixels cannot talk to anybody.
"use strict";

// ---- what a file says of itself ----

const MAX_PIXELS = 50e6;

// The kinds of picture, by their first bytes, with the size each tells before any pixel is decoded.
function readHead(view) {
  if (view.byteLength < 16) return null;
  const text = (at, n) => String.fromCharCode(...new Uint8Array(view.buffer, at, Math.max(Math.min(n, view.byteLength - at), 0)));
  try {
    if (view.getUint16(0) === 0xffd8) return readJPEG(view, text);
    if (text(1, 3) === "PNG") return { width: view.getUint32(16), height: view.getUint32(20) };
    if (text(0, 3) === "GIF") return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
    if (text(0, 4) === "RIFF" && text(8, 4) === "WEBP") return readWebP(view, text(12, 4));
    if (text(4, 4) === "ftyp") return readHEIF(view, text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // the file ends before its size is told
    return { width: 0, height: 0 };
  }
  return null;
}

// The parts of a JPEG up to the one that tells its size (ITU-T T.81, B.1), and the camera's orientation among them.
function readJPEG(view, text) {
  const head = { width: 0, height: 0, orientation: 1 };
  for (let at = 2; at + 9 < view.byteLength;) {
    if (view.getUint8(at) !== 0xff) return head;
    const marker = view.getUint8(at + 1);
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      head.height = view.getUint16(at + 5);
      head.width = view.getUint16(at + 7);
      return head;
    }
    if (marker === 0xe1 && text(at + 4, 6) === "Exif\0\0") head.orientation = readOrientation(view, at + 10);
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return head;
}

// The tag Orientation (CIPA DC-008, 4.6.4): 1 to 8, 1 when there is none.
function readOrientation(view, tiff) {
  const little = view.getUint16(tiff) === 0x4949;
  const list = tiff + view.getUint32(tiff + 4, little);
  if (list + 2 > view.byteLength) return 1;
  for (let i = 0, n = view.getUint16(list, little); i < n && list + 14 + 12 * i <= view.byteLength; i++) {
    const tag = list + 2 + 12 * i;
    if (view.getUint16(tag, little) !== 0x0112) continue;
    const value = view.getUint16(tag + 2, little) === 3 ? view.getUint16(tag + 8, little) : 1;
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

function readWebP(view, kind) {
  if (kind === "VP8X") {
    const side = (at) => view.getUint16(at, true) + (view.getUint8(at + 2) << 16) + 1;
    return { width: side(24), height: side(27) };
  }
  if (kind === "VP8L") {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: (bits >>> 14 & 0x3fff) + 1 };
  }
  return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
}

// HEIC and AVIF tell the sizes of all their parts in boxes named ispe (ISO/IEC 23008-12, 6.5.3): the largest is the
// picture's. A film begins with the same box ftyp and has none.
function readHEIF(view, text) {
  if (!/^(heic|heix|heim|heis|hevc|mif1|msf1|avif|avis)$/.test(text(8, 4))) return null;
  const head = { width: 0, height: 0 };
  for (let at = 16; at + 16 <= view.byteLength; at++) {
    if (view.getUint32(at) !== 0x69737065) continue;
    const width = view.getUint32(at + 8), height = view.getUint32(at + 12);
    if (width * height > head.width * head.height) Object.assign(head, { width, height });
  }
  return head;
}

// ---- pixels ----

// A JPEG of 16 x 8 pixels that says it lies on its side: tells whether this browser turns what it was asked not to.
const sideways = "ffd8ffe10022457869660000" + "4d4d002a0000000800010112000300000001000600000000" + "0000" +
  "ffdb004300" + "01".repeat(64) + "ffc0000b080008001001011100" + "ffc40014000100000000000000000000000000000000" +
  "ffc40014100100000000000000000000000000000000" + "ffda0008010100003f00" + "0f" + "ffd9";

const plain = { imageOrientation: "none", colorSpaceConversion: "none", premultiplyAlpha: "none" };

let turnsAnyway = null;

async function browserTurns() {
  if (turnsAnyway === null) {
    const probe = await createImageBitmap(new Blob([Uint8Array.from(sideways.match(/../g), (hex) => parseInt(hex, 16))]), plain);
    turnsAnyway = probe.height > probe.width;
    probe.close();
  }
  return turnsAnyway;
}

// A camera's orientation says how stored pixels are laid to stand upright: mirrored, upended, then rows for columns.
const transposed = (orientation) => orientation >= 5;
const mirrored = (orientation) => [2, 3, 7, 8].includes(orientation);
const upended = (orientation) => [3, 4, 6, 7].includes(orientation);

// Canvas gives the pixels of a bitmap as they are stored in the file, a strip of rows at a time, so that a photograph
// of 12 megapixels needs 4 MB beside itself. Where workers have no canvas, the page lends its own.
class Canvas {
  constructor(bitmap, orientation) {
    this.lying = transposed(orientation);
    this.width = this.lying ? bitmap.height : bitmap.width;
    this.height = this.lying ? bitmap.width : bitmap.height;
    this.rows = Math.max(1, Math.min(this.height, Math.floor((1 << 20) / this.width)));
    this.matrix = this.lying ? [0, 1, 1, 0, 0, 0] : [1, 0, 0, 1, 0, 0];
    if (mirrored(orientation)) this.turn(0, this.width);
    if (upended(orientation)) this.turn(1, this.height);
    this.bitmap = bitmap;
  }

  turn(axis, side) {
    this.matrix[axis] *= -1;
    this.matrix[axis + 2] *= -1;
    this.matrix[axis + 4] = side;
  }

  open() {
    this.context = new OffscreenCanvas(this.width, this.rows).getContext("2d", { willReadFrequently: true });
    this.context.imageSmoothingEnabled = false;
    this.context.globalCompositeOperation = "copy";
  }

  async read(top) {
    const [a, b, c, d, e, f] = this.matrix;
    this.context.setTransform(a, b, c, d, e, f - top);
    this.context.drawImage(this.bitmap, 0, 0);
    return this.context.getImageData(0, 0, this.width, Math.min(this.rows, this.height - top)).data;
  }

  close() { this.bitmap.close(); }
}

class LentCanvas extends Canvas {
  open() {
    postMessage({ canvas: { width: this.width, rows: this.rows }, bitmap: this.bitmap }, [this.bitmap]);
  }

  async read(top) {
    const [a, b, c, d, e, f] = this.matrix;
    return ask({ draw: [a, b, c, d, e, f - top], rows: Math.min(this.rows, this.height - top) });
  }

  close() { postMessage({ canvas: null }); }
}

// ---- one file, from its bytes to its fingerprint ----

class Refusal extends Error {}

// A question to the page, which answers with pixels (see LentCanvas).
let answered = null;
const ask = (question) => new Promise((resolve) => { answered = resolve; postMessage(question); });

const headBytes = 1 << 20;

async function open(file, lent) {
  const head = readHead(new DataView(await file.slice(0, headBytes).arrayBuffer()));
  if (!head) throw new Refusal("not-an-image");
  if (head.width * head.height > MAX_PIXELS) throw new Refusal("too-many-pixels");
  const turned = await browserTurns();
  const bitmap = await createImageBitmap(file, plain).catch((error) => {
    throw new Refusal(error.name === "InvalidStateError" ? "unreadable" : "too-much");
  });
  const orientation = head.orientation || 1;
  return { canvas: new (lent ? LentCanvas : Canvas)(bitmap, turned ? orientation : 1), orientation };
}

async function fingerprint({ file, lent }) {
  const { canvas, orientation } = await open(file, lent);
  try {
    const { width, height } = canvas;
    const stored = new Samples(width, height, false, false), small = new Small(width, height);
    const upright = orientation === 1 ? stored : new Samples(width, height, mirrored(orientation), upended(orientation));
    canvas.open();
    for (let top = 0; top < height; top += canvas.rows) {
      const pixels = await canvas.read(top);
      for (let y = top, at = 0; at < pixels.length; y++, at += 4 * width) {
        for (const part of new Set([stored, upright, small])) part.take(y, pixels, at);
      }
      postMessage({ part: Math.min(1, (top + canvas.rows) / height) });
    }
    const whole = pdq(stored);
    if (!(whole.detail >= minDetail)) throw new Refusal("blank");
    const up = orientation === 1 ? whole : pdq(transposed(orientation) ? upright.transposed() : upright);
    const seen = small.upright(orientation);
    const points = typeof findPoints === "function" ? findPoints(seen) : null;
    return { kind: "p", packed: sign({ width, height, whole, upright: up.hash, small: seen }), points };
  } finally {
    canvas.close();
  }
}

// ---- frames of a video, which the page reads one by one ----

let frames = [];

async function frame({ frame: bitmap, at, lent }) {
  const canvas = new (lent ? LentCanvas : Canvas)(bitmap, 1);
  try {
    const { width, height } = canvas, samples = new Samples(width, height, false, false);
    canvas.open();
    for (let top = 0; top < height; top += canvas.rows) {
      const pixels = await canvas.read(top);
      for (let y = top, i = 0; i < pixels.length; y++, i += 4 * width) samples.take(y, pixels, i);
    }
    const made = pdq(samples);
    if (made.detail >= minDetail) frames.push({ at, ...made });
    return { framed: true };
  } finally {
    canvas.close();
  }
}

// The whole clip, as internal/phash/clip.go writes it.
function clip(duration) {
  const packed = new Uint8Array(7 + 37 * frames.length), view = new DataView(packed.buffer);
  if (frames.length === 0) throw new Refusal("blank");
  view.setUint8(0, 1);
  view.setUint32(1, duration);
  view.setUint16(5, frames.length);
  frames.forEach(({ at, quality, hash }, i) => {
    view.setUint32(7 + 37 * i, at);
    view.setUint8(11 + 37 * i, quality);
    packed.set(hash, 12 + 37 * i);
  });
  return { done: { kind: "v", packed, points: null } };
}

async function answer(data) {
  if (data.at === 0) frames = [];
  if (data.frame) return frame(data);
  if ("clip" in data) return clip(data.clip);
  return { done: await fingerprint(data) };
}

onmessage = ({ data }) => {
  if (data.pixels) return answered(data.pixels);
  answer(data).then((told) => postMessage(told), (error) => {
    postMessage({ refused: error instanceof Refusal ? error.message : "too-much" });
  });
};
postMessage({ ready: true });
