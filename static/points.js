// A worker's part: the local features of a small picture, bit for bit as internal/keypoints finds them; that package
// says why each step is as it is. It is fetched only when the person said that marks may be kept. All numbers are whole.
"use strict";

const perOctave = 4, levelsMax = 16, rim = 20, leastLevelSide = 2 * rim + 4, longestSide = 1024, mostPoints = 1000;
const shrinkBy = [65536, 55109, 46341, 38968];

// findPoints gives the stored form of the features of { width, height, values }: what Set.MarshalBinary gives.
function findPoints({ width, height, values }) {
  const levels = Math.max(width, height) > longestSide ? [] : pyramid(width, height, values);
  return packPoints(width, height, chooseSpots(levels).map((s) => describeSpot(levels[s.level], s)));
}

// ---- the picture at many sizes (pyramid.go) ----

function pyramid(width, height, values) {
  const levels = [];
  const sideAt = (side, n) => ((side * shrinkBy[n % perOctave] >> Math.floor(n / perOctave)) + 32768) >> 16;
  for (let n = 0; n < levelsMax; n++) {
    const l = { n, w: sideAt(width, n), h: sideAt(height, n), width, height };
    if (Math.min(l.w, l.h) < leastLevelSide) break;
    const from = levels[Math.max(0, n - perOctave)];
    const grey = n === 0 ? Int32Array.from(values, (v) => v * 16) : shrink(from.grey, from.w, from.h, l.w, l.h);
    l.grey = grey;
    l.smooth = binomial(binomial(grey, l.w, l.h), l.w, l.h);
    l.response = respond(l);
    levels.push(l);
  }
  return levels;
}

const overlap = (i, a, j, b) => Math.min((i + 1) * a, (j + 1) * b) - Math.max(i * a, j * b);

function shrink(from, w, h, toW, toH) {
  const rows = new Float64Array(toW * h), out = new Int32Array(toW * toH), area = w * h, half = Math.floor(area / 2);
  for (let y = 0; y < h; y++) {
    for (let j = 0; j < toW; j++) {
      let sum = 0;
      for (let i = Math.floor(j * w / toW); i * toW < (j + 1) * w; i++) sum += from[y * w + i] * overlap(i, toW, j, w);
      rows[y * toW + j] = sum;
    }
  }
  for (let j = 0; j < toH; j++) {
    const sums = new Float64Array(toW);
    for (let i = Math.floor(j * h / toH); i * toH < (j + 1) * h; i++) {
      const weight = overlap(i, toH, j, h);
      for (let x = 0; x < toW; x++) sums[x] += rows[i * toW + x] * weight;
    }
    for (let x = 0; x < toW; x++) out[j * toW + x] = Math.floor((sums[x] + half) / area);
  }
  return out;
}

function binomial(from, w, h) {
  const rows = new Int32Array(w * h), out = new Int32Array(w * h);
  for (let y = 0, at = 0; y < h; y++, at += w) {
    rows[at] = 3 * from[at] + from[at + 1];
    rows[at + w - 1] = from[at + w - 2] + 3 * from[at + w - 1];
    for (let i = at + 1; i < at + w - 1; i++) rows[i] = from[i - 1] + 2 * from[i] + from[i + 1];
  }
  for (let y = 0, at = 0; y < h; y++) {
    const up = y > 0 ? -w : 0, down = y < h - 1 ? w : 0;
    for (const end = at + w; at < end; at++) out[at] = (rows[at + up] + 2 * rows[at] + rows[at + down] + 8) >> 4;
  }
  return out;
}

// ---- places worth describing (detect.go) ----

const leastResponse = 600, cellsAcross = 10;

function respond({ smooth: s, w, h }) {
  const out = new Int32Array(w * h);
  for (let y = rim - 1; y <= h - rim; y++) {
    for (let i = y * w + rim - 1; i <= y * w + w - rim; i++) {
      const xx = s[i - 2] - 2 * s[i] + s[i + 2], yy = s[i - 2 * w] - 2 * s[i] + s[i + 2 * w];
      if ((xx > 0) !== (yy > 0)) continue;
      const xy = s[i - w - 1] + s[i + w + 1] - s[i - w + 1] - s[i + w - 1];
      out[i] = (xx * yy - xy * xy) >> 4;
    }
  }
  return out;
}

function chooseSpots(levels) {
  const weight = (n) => shrinkBy[n % perOctave] >> Math.floor(n / perOctave);
  let whole = 0;
  for (const l of levels) whole += weight(l.n);
  const chosen = [];
  for (let n = levels.length - 1; n >= 0; n--) {
    const quota = Math.floor((mostPoints - chosen.length) * weight(n) / whole);
    whole -= weight(n);
    chosen.push(...inTurn(peaks(levels, n), levels[n]).slice(0, quota));
  }
  return chosen;
}

function peaks(levels, n) {
  const l = levels[n], found = [];
  for (let y = rim; y < l.h - rim; y++) {
    for (let x = rim; x < l.w - rim; x++) {
      const s = { level: n, x, y, response: l.response[y * l.w + x] };
      if (s.response >= leastResponse && highest(l, s) && !beaten(l, s, levels[n - 1]) && !beaten(l, s, levels[n + 1])) found.push(s);
    }
  }
  return found;
}

function highest(l, s) {
  for (let j = s.y - 1; j <= s.y + 1; j++) {
    for (let i = s.x - 1; i <= s.x + 1; i++) {
      const v = l.response[j * l.w + i], before = j < s.y || j === s.y && i < s.x;
      if (v > s.response || v === s.response && before) return false;
    }
  }
  return true;
}

function beaten(l, s, o) {
  if (!o) return false;
  const x = Math.floor((2 * s.x + 1) * o.w / (2 * l.w)), y = Math.floor((2 * s.y + 1) * o.h / (2 * l.h));
  for (let j = Math.max(y - 1, 0); j <= Math.min(y + 1, o.h - 1); j++) {
    for (let i = Math.max(x - 1, 0); i <= Math.min(x + 1, o.w - 1); i++) {
      if (o.response[j * o.w + i] > s.response) return true;
    }
  }
  return false;
}

function inTurn(found, l) {
  const side = Math.max(l.w, l.h), taken = new Int32Array(cellsAcross * cellsAcross);
  found.sort((a, b) => b.response - a.response);
  for (const s of found) {
    s.rank = taken[Math.floor(s.y * cellsAcross / side) * cellsAcross + Math.floor(s.x * cellsAcross / side)]++;
  }
  return found.sort((a, b) => a.rank - b.rank);
}

// ---- descriptions (describe.go, pattern.go) ----

const directions = 64, discReach = 14, patchSide = 12, patchStep = 37;
const quarter = [16384, 16305, 16069, 15679, 15137, 14449, 13623, 12665, 11585, 10394, 9102, 7723, 6270, 4756, 3196, 1606, 0];

function cosine(k) {
  k %= directions;
  if (k <= 16) return quarter[k];
  if (k <= 32) return -quarter[32 - k];
  if (k <= 48) return -quarter[k - 32];
  return quarter[64 - k];
}

const sine = (k) => cosine(k + 48);

function describeSpot(l, s) {
  const i = s.y * l.w + s.x, angle = direction(l, s), v = patchValues(samplePatch(l, s, angle)), bits = new Uint8Array(32);
  const set = (bit, on) => { if (on) bits[bit >> 3] |= 1 << (bit & 7); };
  for (let k = 0; k < 128; k++) {
    const a = pairs[2 * k], b = pairs[2 * k + 1], turned = a >= 2 * patchCells;
    set(2 * k, v[a] > v[b]);
    set(2 * k + 1, turned ? v[twin(b)] > v[twin(a)] : v[twin(a)] > v[twin(b)]);
  }
  return {
    x: Math.floor((2 * s.x + 1) * 8 * l.width / l.w), y: Math.floor((2 * s.y + 1) * 8 * l.height / l.h),
    level: s.level, angle, bright: l.smooth[i - 2] - 2 * l.smooth[i] + l.smooth[i + 2] <= 0, bits,
  };
}

function direction(l, s) {
  let mx = 0, my = 0;
  for (let dy = -discReach; dy <= discReach; dy++) {
    for (let dx = -discReach; dx <= discReach; dx++) {
      if (dx * dx + dy * dy > discReach * discReach) continue;
      const v = l.smooth[(s.y + dy) * l.w + s.x + dx];
      mx += dx * v;
      my += dy * v;
    }
  }
  let best = mx * cosine(0) + my * sine(0), at = 0;
  for (let k = 1; k < directions; k++) {
    const p = mx * cosine(k) + my * sine(k);
    if (p > best) [best, at] = [p, k];
  }
  return at;
}

function samplePatch(l, s, k) {
  const cos = cosine(k), sin = sine(k), patch = new Int32Array(patchSide * patchSide);
  for (let j = 0; j < patchSide; j++) {
    const v = (2 * j - patchSide + 1) * patchStep;
    for (let i = 0; i < patchSide; i++) {
      const u = (2 * i - patchSide + 1) * patchStep;
      const x = s.x + ((u * cos - v * sin + (1 << 18)) >> 19), y = s.y + ((u * sin + v * cos + (1 << 18)) >> 19);
      patch[j * patchSide + i] = l.smooth[y * l.w + x];
    }
  }
  return patch;
}

const patchCells = 2 * 2 + 3 * 3 + 4 * 4;

function patchValues(patch) {
  const out = new Int32Array(3 * patchCells);
  for (let n = 2, at = 0; n <= 4; n++) {
    const side = patchSide / n, half = (i) => Math.sign(2 * i + 1 - side);
    for (let cell = 0; cell < n * n; cell++, at++) {
      const top = Math.floor(cell / n) * side, left = cell % n * side;
      for (let j = 0; j < side; j++) {
        for (let i = 0; i < side; i++) {
          const v = patch[(top + j) * patchSide + left + i];
          out[at] += v;
          out[at + patchCells] += v * half(i);
          out[at + 2 * patchCells] += v * half(j);
        }
      }
    }
  }
  return out;
}

function twin(v) {
  let at = v % patchCells, n = 2;
  for (; at >= n * n; n++) at -= n * n;
  return v - at + (n - 1 - Math.floor(at / n)) * n + at % n;
}

const pairs = [
  4, 8, 18, 23, 6, 8, 5, 8, 29, 30, 14, 19, 29, 32, 17, 22, 47, 48, 19, 24, 5, 7, 16, 23, 15, 23, 13, 22, 5, 9, 58,
  61, 15, 19, 14, 18, 14, 22, 63, 66, 35, 37, 4, 7, 6, 9, 33, 37, 13, 26, 34, 38, 76, 81, 15, 28, 34, 36, 34, 37, 44,
  47, 47, 49, 44, 51, 43, 52, 13, 14, 58, 59, 48, 49, 13, 27, 46, 48, 46, 47, 62, 66, 15, 16, 63, 67, 46, 52, 46, 51,
  63, 65, 64, 66, 43, 51, 76, 77, 72, 80, 77, 82, 33, 38, 35, 36, 73, 77, 33, 40, 73, 81, 76, 82, 73, 80, 62, 69, 44,
  52, 45, 51, 75, 81, 72, 81, 63, 70, 43, 44, 75, 77, 72, 76, 73, 76, 76, 78, 75, 80, 43, 56, 43, 49, 45, 52, 72, 77,
  62, 67, 62, 65, 44, 48, 33, 41, 33, 35, 64, 65, 74, 81, 74, 80, 64, 67, 43, 46, 46, 53, 44, 46, 71, 80, 71, 81, 44,
  49, 43, 47, 74, 77, 71, 76, 72, 85, 77, 78, 62, 70, 74, 76, 75, 76, 62, 63, 42, 44, 75, 82, 71, 77, 43, 57, 63, 64,
  73, 79, 43, 50, 72, 82, 73, 82, 73, 78, 42, 56, 75, 78, 72, 75, 72, 79, 73, 75, 62, 64, 42, 43, 72, 78, 44, 57, 35,
  38, 42, 55, 33, 36, 71, 85, 71, 79, 72, 86, 71, 84, 73, 86, 74, 82, 74, 79, 71, 82,
];

// ---- the stored form (encode.go) ----

function packPoints(width, height, points) {
  const view = new DataView(new ArrayBuffer(7 + 38 * points.length));
  view.setUint8(0, 1);
  [width, height, points.length].forEach((v, i) => view.setUint16(1 + 2 * i, v, true));
  points.forEach((p, i) => {
    const at = 7 + 38 * i;
    view.setUint16(at, p.x, true);
    view.setUint16(at + 2, p.y, true);
    view.setUint8(at + 4, p.angle | (p.bright ? 128 : 0));
    view.setUint8(at + 5, p.level);
    new Uint8Array(view.buffer, at + 6, 32).set(p.bits);
  });
  return new Uint8Array(view.buffer);
}
