// A part of the worker hash.js: what is kept of a picture beside PDQ, all of it made of the small upright picture in
// whole numbers or rounded floats, so that it is, bit for bit, the signature that internal/phash makes.
"use strict";

// ---- means of parts (internal/phash/region.go) ----

const subpixel = 256, regionSide = 32, leastSide = 40;

class Sums {
  constructor({ width, height, values }) {
    Object.assign(this, { width, height, row: width + 1, sums: new Uint32Array((width + 1) * (height + 1)) });
    for (let y = 0, at = 0; y < height; y++) {
      for (let x = 0, sum = 0, to = (y + 1) * this.row + 1; x < width; x++, at++, to++) {
        sum += values[at];
        this.sums[to] = this.sums[to - this.row] + sum;
      }
    }
  }

  // The means of cols x rows equal cells of a box. No number here reaches 2^53.
  cells([left, top, right, bottom], cols, rows, mean) {
    const edge = (low, high, i, n) => low + Math.floor((high - low) * i / n);
    const xs = Array.from({ length: cols + 1 }, (_, i) => edge(left, right, i, cols));
    let above = this.along(top, xs), last = top;
    for (let i = 0; i < rows; i++) {
      const y = edge(top, bottom, i + 1, rows), here = this.along(y, xs);
      for (let j = 0; j < cols; j++) {
        mean((here[j + 1] - here[j] - above[j + 1] + above[j]) / ((y - last) * (xs[j + 1] - xs[j])), i * cols + j);
      }
      above = here;
      last = y;
    }
  }

  along(y, xs) {
    const row = Math.floor(y / subpixel), down = y % subpixel;
    const upper = row * this.row, lower = down > 0 ? upper + this.row : upper;
    return xs.map((x) => {
      const col = Math.floor(x / subpixel), right = x % subpixel, next = right > 0 ? col + 1 : col;
      const left = this.sums[upper + col] * (subpixel - down) + this.sums[lower + col] * down;
      const ahead = this.sums[upper + next] * (subpixel - down) + this.sums[lower + next] * down;
      return left * (subpixel - right) + ahead * right;
    });
  }

  grey(cols, rows) {
    const out = new Uint8Array(cols * rows);
    this.cells([0, 0, this.width * subpixel, this.height * subpixel], cols, rows, (mean, k) => { out[k] = Math.floor(mean + 0.5); });
    return out;
  }
}

const regionMatrix = Float32Array.from({ length: freqs * regionSide }, (_, k) => {
  return Math.cos(Math.PI / 2 / regionSide * ((Math.floor(k / regionSide) + 1) * (2 * (k % regionSide) + 1)));
});

function hashRegion(sums, box) {
  const cells = new Float32Array(regionSide * regionSide);
  sums.cells(box, regionSide, regionSide, (mean, k) => { cells[k] = mean; });
  return { quality: Math.min(Math.floor(2 * gradients(cells, regionSide) / 90), 100), hash: splitAtMedian(transform(cells, regionMatrix, regionSide)).hash };
}

// ---- the pictures in a picture (internal/phash/segment.go) ----

const plainSpread = 10, plainOdd = 50, seamStep = 12, seamRatio = 3, mostCuts = 60, seamMargin = 20, flatSpread = 4, minSegment = 25;

const area = (r) => (r.right - r.left) * (r.bottom - r.top);
const same = (a, b) => a.left === b.left && a.top === b.top && a.right === b.right && a.bottom === b.bottom;
const boxOf = (r) => [r.left * subpixel, r.top * subpixel, r.right * subpixel, r.bottom * subpixel];
const large = ([left, top, right, bottom]) => right - left >= leastSide * subpixel && bottom - top >= leastSide * subpixel;
const ends = (r, columns) => columns ? [r.left, r.right] : [r.top, r.bottom];
const between = (r, low, high, columns) => columns ? { ...r, left: low, right: high } : { ...r, top: low, bottom: high };
const line = (g, r, at, columns) => columns ? [r.top * g.width + at, g.width, r.bottom - r.top] : [at * g.width + r.left, 1, r.right - r.left];

function segments(g, most) {
  const whole = { left: 0, top: 0, right: g.width, bottom: g.height }, found = [];
  let left = mostCuts;
  const cut = (r) => {
    for (const columns of [false, true]) {
      if (--left < 0) return;
      let parts = atPlainLines(g, r, columns);
      if (parts.length === 1 && same(parts[0], r)) parts = atSeams(g, r, columns);
      for (const p of parts) {
        if (same(p, r) || !large(boxOf(p)) || area(p) * minSegment < area(whole) || found.some((f) => same(f, p))) continue;
        if (!mostlyFlat(g, p)) found.push(p);
        cut(p);
      }
    }
  };
  cut(whole);
  return found.sort((a, b) => area(b) - area(a)).slice(0, most);
}

function mostlyFlat(g, r) {
  const counts = new Int32Array(256);
  for (let y = r.top; y < r.bottom; y++) for (let i = y * g.width + r.left; i < y * g.width + r.right; i++) counts[g.values[i]]++;
  return counts.some((_, middle) => 2 * counts.slice(Math.max(middle - flatSpread, 0), middle + flatSpread + 1).reduce((all, n) => all + n) > area(r));
}

function atPlainLines(g, r, columns) {
  const [low, high] = ends(r, columns), parts = [];
  for (let at = low, start = -1; at <= high; at++) {
    const plain = at === high || isPlain(g, r, at, columns);
    if (!plain && start < 0) start = at;
    if (plain && start >= 0) {
      parts.push(between(r, start, at, columns));
      start = -1;
    }
  }
  return parts;
}

function isPlain(g, r, at, columns) {
  const [first, step, n] = line(g, r, at, columns), counts = new Int32Array(256);
  for (let k = 0, i = first; k < n; k++, i += step) counts[g.values[i]]++;
  let middle = 0, below = counts[0], alike = 0;
  while (below * 2 < n) below += counts[++middle];
  for (let v = Math.max(middle - plainSpread, 0); v <= Math.min(middle + plainSpread, 255); v++) alike += counts[v];
  return (n - alike) * plainOdd <= n;
}

function atSeams(g, r, columns) {
  const [low, high] = ends(r, columns);
  const margin = Math.max(Math.floor((high - low) / seamMargin), leastSide / 2);
  if (high - low < 2 * margin) return [];
  const steps = Int32Array.from({ length: high - low }, (_, i) => i === 0 ? 0 : meanStep(g, r, low + i, columns));
  const usual = steps.slice().sort()[steps.length >> 1], cuts = [low];
  for (let at = low + margin; at <= high - margin; at++) {
    const step = steps[at - low];
    if (step < seamStep || step < seamRatio * usual || at - cuts[cuts.length - 1] < margin) continue;
    if (step === Math.max(...steps.subarray(at - low - 3, at - low + 4))) cuts.push(at);
  }
  return cuts.length === 1 ? [] : cuts.map((at, i) => between(r, at, i + 1 < cuts.length ? cuts[i + 1] : high, columns));
}

function meanStep(g, r, at, columns) {
  const [first, step, n] = line(g, r, at, columns), [before] = line(g, r, at - 1, columns);
  let sum = 0;
  for (let k = 0, i = first, j = before; k < n; k++, i += step, j += step) sum += Math.abs(g.values[i] - g.values[j]);
  return Math.floor(sum / n);
}

// ---- the regions (internal/phash/view.go and crop.go) ----

const mostSegments = 3;

const shapes = [[1, 1], [4, 5], [5, 4], [3, 4], [4, 3], [2, 3], [3, 2], [9, 16], [16, 9]];

// What somebody may have cut out of r, in thousandths of its sides.
function crops(r) {
  const all = [];
  for (let size = 950; size >= 700; size -= 50) {
    for (let top = 0; top <= 1000 - size; top += 50) {
      for (let left = 0; left <= 1000 - size; left += 50) all.push([left, top, left + size, top + size]);
    }
  }
  for (let size = 950; size >= 500; size -= 50) {
    if (size === 650 || size === 550) continue;
    all.push([0, 0, size, 1000], [1000 - size, 0, 1000, 1000], [0, 0, 1000, size], [0, 1000 - size, 1000, 1000]);
  }
  return all.concat(...shapes.map(([width, height]) => shaped(r.right - r.left, r.bottom - r.top, width, height)));
}

// The largest parts that are width to height, in five places; none when the whole has that shape.
function shaped(across, down, width, height) {
  let w = 1000, h = Math.floor(across * height * 1000 / (down * width));
  if (h > 1000) [w, h] = [Math.floor(down * width * 1000 / (across * height)), 1000];
  if (Math.min(w, h) > 960 || Math.min(w, h) < 300) return [];
  return [0, 1, 2, 3, 4].map((place) => {
    const left = Math.floor((1000 - w) * place / 4), top = Math.floor((1000 - h) * place / 4);
    return [left, top, left + w, top + h];
  });
}

function cropOf(r, crop) {
  const width = (r.right - r.left) * subpixel, height = (r.bottom - r.top) * subpixel;
  return crop.map((part, i) => i % 2 ? r.top * subpixel + Math.floor(height * part / 1000) : r.left * subpixel + Math.floor(width * part / 1000));
}

// Crops are taken of the whole, and of the largest picture in it if that is most of it.
function regions(small, sums) {
  const whole = { left: 0, top: 0, right: small.width, bottom: small.height }, found = segments(small, mostSegments);
  const wholes = found.length > 0 && 2 * area(found[0]) > area(whole) ? [whole, found[0]] : [whole];
  const pieces = found.map((s) => ({ kind: 1, box: boxOf(s) }));
  for (const r of wholes) pieces.push(...crops(r).map((crop) => ({ kind: 2, box: cropOf(r, crop) })));
  return [{ kind: 0, box: boxOf(whole) }, ...pieces.filter((piece) => large(piece.box))]
    .map((piece) => ({ ...piece, ...hashRegion(sums, piece.box) }));
}

// ---- the hashes of goimagehash (internal/phash/square.go) ----

function averageHash(cells) {
  const sum = cells.reduce((all, c) => all + c, 0);
  return bits(cells, (c) => c * cells.length > sum);
}

const differenceHash = (cells) => bits(cells.filter((_, i) => i % 9 < 8), (c, i) => c < cells[i + Math.floor(i / 8) + 1]);

function perceptionHash(cells, side, n) {
  const low = lowFrequencies(cells, side, n), median = itsMedian(low.slice());
  return bits(low, (v) => v > median);
}

function bits(values, isSet) {
  const out = new Uint8Array(values.length / 8);
  values.forEach((v, i) => { if (isSet(v, i)) out[i >> 3] |= 128 >> (i & 7); });
  return out;
}

function lowFrequencies(cells, side, n) {
  const cosines = Float64Array.from({ length: n * side }, (_, i) => {
    return Math.cos(Math.PI / (2 * side) * (Math.floor(i / side) * (2 * (i % side) + 1)));
  });
  const rows = new Float64Array(side * n), out = new Float64Array(n * n);
  for (let y = 0; y < side; y++) {
    for (let k = 0; k < n; k++) {
      for (let x = 0; x < side; x++) rows[y * n + k] += cosines[k * side + x] * cells[y * side + x];
    }
  }
  for (let i = 0; i < n; i++) {
    for (let y = 0; y < side; y++) {
      for (let k = 0; k < n; k++) out[i * n + k] += cosines[i * side + y] * rows[y * n + k];
    }
  }
  return out;
}

// Its median is half of one value and half of the one that happens to lie before it when the search ends: part of
// the hash.
function itsMedian(values) {
  const middle = values.length >> 1, swap = (i, j) => { [values[i], values[j]] = [values[j], values[i]]; };
  for (let low = 0, high = values.length - 1; low < high;) {
    const at = (low >> 1) + (high >> 1), pivot = values[at];
    let store = low;
    swap(at, high);
    for (let i = low; i < high; i++) if (values[i] < pivot) swap(store++, i);
    swap(high, store);
    if (middle <= store) high = store;
    else low = store + 1;
  }
  return values[middle - 1] / 2 + values[middle] / 2;
}

// ---- the whole, as it is written (internal/phash/signature.go) ----

const version = 2;

function sign({ width, height, whole, upright, small }) {
  const sums = new Sums(small), all = regions(small, sums), squares = (n) => sums.grey(n, n);
  const share = (n, side) => Math.floor((n * 255 + side * subpixel / 2) / (side * subpixel));
  const size = (n) => [n >>> 24, n >>> 16 & 255, n >>> 8 & 255, n & 255];
  const packed = [
    version, whole.quality, ...size(width), ...size(height), ...whole.hash, ...upright, ...perceptionHash(squares(256), 256, 16),
    ...perceptionHash(squares(64), 64, 8), ...differenceHash(sums.grey(9, 8)), ...averageHash(squares(8)),
    all.length >> 8, all.length & 255,
  ];
  for (const r of all) {
    packed.push(r.kind, r.quality, ...r.box.map((n, i) => share(n, i % 2 ? small.height : small.width)), ...r.hash);
  }
  return Uint8Array.from(packed);
}
