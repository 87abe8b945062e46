// A part of the worker hash.js: from pixels to luminance, and from luminance to PDQ. The numbers are, on equal pixels,
// those of internal/phash, bit for bit.
"use strict";

// Sums and products are rounded to 32-bit floats one by one, as there.
const f32 = Math.fround;

// ---- luminance ----

const red = Float32Array.from({ length: 256 }, (_, v) => f32(0.299) * v);
const green = Float32Array.from({ length: 256 }, (_, v) => f32(0.587) * v);
const blue = Float32Array.from({ length: 256 }, (_, v) => f32(0.114) * v);

const longestSampled = 512;

// Samples are the pixels that PDQ looks at: all, or 512 x 512 of them when a side is longer.
class Samples {
  constructor(width, height, mirror, upend) {
    const shrunk = Math.max(width, height) > longestSampled;
    this.cols = shrunk ? longestSampled : width;
    this.rows = shrunk ? longestSampled : height;
    this.columns = Samples.points(width, this.cols, mirror);
    this.wanted = new Map();
    Samples.points(height, this.rows, upend).forEach((y, i) => this.wanted.set(y, [...(this.wanted.get(y) || []), i]));
    this.values = new Float32Array(this.rows * this.cols);
  }

  static points(side, n, backwards) {
    return Int32Array.from({ length: n }, (_, i) => {
      const at = Math.floor(i * side / n);
      return backwards ? side - 1 - at : at;
    });
  }

  transposed() {
    const { rows, cols } = this, values = new Float32Array(rows * cols);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < cols; j++) values[j * rows + i] = this.values[i * cols + j];
    }
    return { rows: cols, cols: rows, values };
  }

  take(y, pixels, start) {
    for (const row of this.wanted.get(y) || []) {
      for (let j = 0, out = row * this.cols; j < this.cols; j++) {
        const at = start + 4 * this.columns[j];
        this.values[out + j] = f32(red[pixels[at]] + green[pixels[at + 1]]) + blue[pixels[at + 2]];
      }
    }
  }
}

const longestSmall = 1024; // pixels

// Small is the luminance shrunk to at most 1024 pixels a side, each the rounded mean of the pixels it covers.
class Small {
  constructor(width, height) {
    const longest = Math.max(width, height, longestSmall);
    this.from = { width, height };
    this.width = Math.max(1, Math.floor(width * longestSmall / longest));
    this.height = Math.max(1, Math.floor(height * longestSmall / longest));
    if (longest === longestSmall) Object.assign(this, { width, height });
    this.column = Uint16Array.from({ length: width }, (_, x) => Math.floor(x * this.width / width));
    this.sums = new Uint32Array(this.width);
    this.counts = new Uint32Array(this.width);
    this.values = new Uint8Array(this.width * this.height);
    this.row = 0;
  }

  take(y, pixels, start) {
    const { column, sums, counts } = this;
    for (let x = 0, at = start, n = column.length; x < n; x++, at += 4) {
      const light = f32(f32(red[pixels[at]] + green[pixels[at + 1]]) + blue[pixels[at + 2]]);
      sums[column[x]] += f32(light + 0.5) | 0;
      counts[column[x]]++;
    }
    const next = Math.floor((y + 1) * this.height / this.from.height);
    if (next === this.row && y + 1 < this.from.height) return;
    for (let i = 0; i < this.width; i++) this.values[this.row * this.width + i] = (sums[i] + (counts[i] >> 1)) / counts[i];
    sums.fill(0);
    counts.fill(0);
    this.row = next;
  }

  upright(orientation) {
    if (orientation === 1) return { width: this.width, height: this.height, values: this.values };
    const lying = transposed(orientation), mirror = mirrored(orientation), upend = upended(orientation);
    const width = lying ? this.height : this.width, height = lying ? this.width : this.height;
    const values = new Uint8Array(this.values.length);
    for (let y = 0, out = 0; y < height; y++) {
      for (let x = 0; x < width; x++, out++) {
        const i = lying ? y : x, j = lying ? x : y;
        values[out] = this.values[(upend ? this.height - 1 - j : j) * this.width + (mirror ? this.width - 1 - i : i)];
      }
    }
    return { width, height, values };
  }
}

// Below this median size of its frequencies a picture has nothing to tell it from others.
const minDetail = 0.8;

// ---- PDQ (see internal/phash/pdq.go and box.go for its sources) ----

const side = 64, freqs = 16;

function pdq(samples) {
  const { rows, cols } = samples;
  if (rows < 5 || cols < 5) return { hash: new Uint8Array(32), quality: 0, detail: 0 };
  const block = shrink(samples.values.slice(), rows, cols);
  return { ...splitAtMedian(transform(block, pdqMatrix, side)), quality: quality(block) };
}

const centre = (i, length) => Math.floor((i + 0.5) * length / side);
const boxWindow = (length) => Math.floor((length + 2 * side - 1) / (2 * side));

// Two passes of a box filter, which make a tent, and then every n-th pixel.
function shrink(values, rows, cols) {
  if (rows !== side || cols !== side) {
    const other = new Float32Array(values.length);
    for (let pass = 0; pass < 2; pass++) {
      for (let i = 0; i < rows; i++) boxLine(values, other, i * cols, 1, cols, boxWindow(cols));
      for (let j = 0; j < cols; j++) boxLine(other, values, j, cols, rows, boxWindow(rows));
    }
  }
  return Float32Array.from({ length: side * side }, (_, k) => values[centre(k >> 6, rows) * cols + centre(k & 63, cols)]);
}

// One line: fill the window, write while it grows, while it moves, and while it shrinks.
function boxLine(input, output, start, step, length, window) {
  const half = (window + 2) >> 1;
  let entering = start, leaving = start, out = start, sum = 0, n = 0;
  const enter = () => { sum = f32(sum + input[entering]); entering += step; };
  const leave = () => { sum = f32(sum - input[leaving]); leaving += step; };
  const write = () => { output[out] = sum / n; out += step; };
  for (; n < half - 1; n++) enter();
  while (n < window) { enter(); n++; write(); }
  for (let k = window; k < length; k++) { enter(); leave(); write(); }
  for (let k = half - 1; k > 0; k--) { leave(); n--; write(); }
}

const quality = (block) => Math.min(Math.floor(gradients(block, side) / 90), 100);

// The gradients between neighbours of n x n cells that are large enough to be seen.
function gradients(cells, n) {
  let sum = 0;
  const gradient = (u, v) => { sum += Math.abs(Math.trunc(f32(f32(f32(u - v) * 100) / 255))); };
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i > 0) gradient(cells[(i - 1) * n + j], cells[i * n + j]);
      if (j > 0) gradient(cells[i * n + j - 1], cells[i * n + j]);
    }
  }
  return sum;
}

// Rows 1 to 16 of the type II discrete cosine transform.
function cosines(length, scale) {
  return Float32Array.from({ length: freqs * length }, (_, k) => {
    const i = Math.floor(k / length), j = k % length;
    return scale * Math.cos(Math.PI / 2 / length * (i + 1) * (2 * j + 1));
  });
}

const pdqMatrix = cosines(side, f32(Math.sqrt(2 / side)));

// matrix * block * matrix', for a block of n x n.
function transform(block, matrix, n) {
  const half = new Float32Array(freqs * n), out = new Float32Array(freqs * freqs);
  for (let i = 0; i < freqs; i++) {
    for (let k = 0; k < n; k++) {
      for (let j = 0; j < n; j++) half[i * n + j] += f32(matrix[i * n + k] * block[k * n + j]);
    }
  }
  for (let i = 0; i < freqs; i++) {
    for (let j = 0; j < freqs; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum = f32(sum + f32(half[i * n + k] * matrix[j * n + k]));
      out[i * freqs + j] = sum;
    }
  }
  return out;
}

// A bit for each frequency above the lower median; bit 0 is written last. Detail is the median size.
function splitAtMedian(values) {
  const middle = values.slice().sort()[127];
  const hash = new Uint8Array(32);
  values.forEach((v, k) => { if (v > middle) hash[31 - (k >> 3)] |= 1 << (k & 7); });
  return { hash, detail: values.map(Math.abs).sort()[127] };
}
