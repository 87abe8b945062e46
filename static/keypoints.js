// A part of the worker points.js, which takes the place of hash.js when she agrees: local features of the small upright
// picture, as internal/keypoints finds them, bit for bit. All of it is whole numbers; every step is told there.
"use strict";

const findPoints = (() => {
  const perOctave = 4, mostLevels = 16, margin = 20, shortest = 2 * margin + 4, leastResponse = 600, across = 10;
  const turn = 64, reach = 14, samples = 12, spacing = 37, limit = 1000, brightBit = 128, dotBytes = 38, headBytes = 7;
  const shrinkBy = [65536, 55109, 46341, 38968];
  const quarter = [16384, 16305, 16069, 15679, 15137, 14449, 13623, 12665, 11585, 10394, 9102, 7723, 6270, 4756, 3196, 1606, 0];

  // ---- sizes (pyramid.go) ----

  const sideAt = (side, n) => ((side * shrinkBy[n % perOctave] >> (n >> 2)) + 32768) >> 16;
  const overlap = (i, a, j, b) => Math.min((i + 1) * a, (j + 1) * b) - Math.max(i * a, j * b);

  function pyramid({ width, height, values }) {
    const levels = [];
    for (let n = 0; n < mostLevels; n++) {
      const l = { w: sideAt(width, n), h: sideAt(height, n) };
      if (Math.min(l.w, l.h) < shortest) break;
      l.grey = n === 0 ? Int32Array.from(values, (v) => v * 16) : shrink(levels[Math.max(0, n - perOctave)], l.w, l.h);
      l.smooth = binomial(binomial(l.grey, l.w, l.h), l.w, l.h);
      l.response = respond(l);
      levels.push(l);
    }
    return levels;
  }

  function shrink({ grey, w, h }, toW, toH) {
    const rows = new Float64Array(toW * h), sums = new Float64Array(toW), out = new Int32Array(toW * toH), area = w * h;
    for (let y = 0; y < h; y++) {
      for (let j = 0; j < toW; j++) {
        let sum = 0;
        for (let i = Math.floor(j * w / toW); i * toW < (j + 1) * w; i++) sum += grey[y * w + i] * overlap(i, toW, j, w);
        rows[y * toW + j] = sum;
      }
    }
    for (let j = 0; j < toH; j++) {
      sums.fill(0);
      for (let i = Math.floor(j * h / toH); i * toH < (j + 1) * h; i++) {
        const weight = overlap(i, toH, j, h);
        for (let x = 0; x < toW; x++) sums[x] += rows[i * toW + x] * weight;
      }
      for (let x = 0; x < toW; x++) out[j * toW + x] = Math.floor((sums[x] + Math.floor(area / 2)) / area);
    }
    return out;
  }

  function binomial(values, w, h) {
    const rows = new Int32Array(w * h), out = new Int32Array(w * h);
    for (let y = 0, i = 0; y < h; y++) {
      for (let x = 0; x < w; x++, i++) rows[i] = values[x > 0 ? i - 1 : i] + 2 * values[i] + values[x + 1 < w ? i + 1 : i];
    }
    for (let y = 0, i = 0; y < h; y++) {
      for (let x = 0; x < w; x++, i++) out[i] = (rows[y > 0 ? i - w : i] + 2 * rows[i] + rows[y + 1 < h ? i + w : i] + 8) >> 4;
    }
    return out;
  }

  // ---- spots (detect.go) ----

  function respond({ smooth: s, w, h }) {
    const out = new Int32Array(w * h);
    for (let y = margin - 1; y <= h - margin; y++) {
      for (let i = y * w + margin - 1; i <= y * w + w - margin; i++) {
        const xx = s[i - 2] - 2 * s[i] + s[i + 2], yy = s[i - 2 * w] - 2 * s[i] + s[i + 2 * w];
        if (xx > 0 !== yy > 0) continue;
        const xy = s[i - w - 1] + s[i + w + 1] - s[i - w + 1] - s[i + w - 1];
        out[i] = (xx * yy - xy * xy) >> 4;
      }
    }
    return out;
  }

  function choose(levels) {
    const weight = (n) => shrinkBy[n % perOctave] >> (n >> 2), chosen = [];
    let whole = levels.reduce((sum, _, n) => sum + weight(n), 0);
    for (let n = levels.length - 1; n >= 0; n--) {
      const quota = Math.floor((limit - chosen.length) * weight(n) / whole);
      whole -= weight(n);
      chosen.push(...inTurn(peaks(levels, n), levels[n]).slice(0, quota));
    }
    return chosen;
  }

  function peaks(levels, n) {
    const l = levels[n], found = [];
    for (let y = margin; y < l.h - margin; y++) {
      for (let x = margin; x < l.w - margin; x++) {
        const s = { level: n, x, y, response: l.response[y * l.w + x] };
        if (s.response >= leastResponse && highest(l, s) && !beaten(l, s, levels[n - 1]) && !beaten(l, s, levels[n + 1])) found.push(s);
      }
    }
    return found;
  }

  function highest(l, s) {
    for (let j = s.y - 1; j <= s.y + 1; j++) {
      for (let i = s.x - 1; i <= s.x + 1; i++) {
        const v = l.response[j * l.w + i];
        if (v > s.response || v === s.response && (j < s.y || j === s.y && i < s.x)) return false;
      }
    }
    return true;
  }

  function beaten(l, s, other) {
    if (!other) return false;
    const x = Math.floor((2 * s.x + 1) * other.w / (2 * l.w)), y = Math.floor((2 * s.y + 1) * other.h / (2 * l.h));
    for (let j = Math.max(y - 1, 0); j <= Math.min(y + 1, other.h - 1); j++) {
      for (let i = Math.max(x - 1, 0); i <= Math.min(x + 1, other.w - 1); i++) {
        if (other.response[j * other.w + i] > s.response) return true;
      }
    }
    return false;
  }

  function inTurn(found, l) {
    const longer = Math.max(l.w, l.h), taken = new Int32Array(across * across);
    found.sort((a, b) => b.response - a.response);
    for (const s of found) s.rank = taken[Math.floor(s.y * across / longer) * across + Math.floor(s.x * across / longer)]++;
    return found.sort((a, b) => a.rank - b.rank);
  }

  // ---- what a spot looks like (describe.go and pattern.go) ----

  function cosine(k) {
    k %= turn;
    if (k <= turn / 4) return quarter[k];
    if (k <= turn / 2) return -quarter[turn / 2 - k];
    return k <= 3 * turn / 4 ? -quarter[k - turn / 2] : quarter[turn - k];
  }
  const sine = (k) => cosine(k + 3 * turn / 4);

  function direction(l, s) {
    let mx = 0, my = 0, best = -Infinity, at = 0;
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        if (dx * dx + dy * dy > reach * reach) continue;
        const v = l.smooth[(s.y + dy) * l.w + s.x + dx];
        mx += dx * v;
        my += dy * v;
      }
    }
    for (let k = 0; k < turn; k++) {
      const p = mx * cosine(k) + my * sine(k);
      if (p > best) [best, at] = [p, k];
    }
    return at;
  }

  const cells = 29, slopes = 2 * cells;
  const half = (i, n) => Math.sign(2 * i + 1 - n);

  function look(l, s, k) {
    const cos = cosine(k), sin = sine(k), patch = new Int32Array(samples * samples);
    for (let j = 0; j < samples; j++) {
      const v = (2 * j - samples + 1) * spacing;
      for (let i = 0; i < samples; i++) {
        const u = (2 * i - samples + 1) * spacing;
        const x = s.x + ((u * cos - v * sin + (1 << 18)) >> 19), y = s.y + ((u * sin + v * cos + (1 << 18)) >> 19);
        patch[j * samples + i] = l.smooth[y * l.w + x];
      }
    }
    return patch;
  }

  function measure(patch) {
    const out = new Int32Array(3 * cells);
    for (let n = 2, at = 0; n <= 4; n++) {
      const length = samples / n;
      for (let cell = 0; cell < n * n; cell++, at++) {
        const top = Math.floor(cell / n) * length, left = cell % n * length;
        for (let j = 0; j < length; j++) {
          for (let i = 0; i < length; i++) {
            const v = patch[(top + j) * samples + left + i];
            out[at] += v;
            out[at + cells] += v * half(i, length);
            out[at + slopes] += v * half(j, length);
          }
        }
      }
    }
    return out;
  }

  function twin(v) {
    let at = v % cells, n = 2;
    for (; at >= n * n; n++) at -= n * n;
    return v - at + (n - 1 - Math.floor(at / n)) * n + at % n;
  }

  const pairs = [
    4, 8, 18, 23, 6, 8, 5, 8, 29, 30, 14, 19, 29, 32, 17, 22, 47, 48, 19, 24, 5, 7, 16, 23, 15, 23, 13, 22, 5, 9,
    58, 61, 15, 19, 14, 18, 14, 22, 63, 66, 35, 37, 4, 7, 6, 9, 33, 37, 13, 26, 34, 38, 76, 81, 15, 28, 34, 36,
    34, 37, 44, 47, 47, 49, 44, 51, 43, 52, 13, 14, 58, 59, 48, 49, 13, 27, 46, 48, 46, 47, 62, 66, 15, 16, 63, 67,
    46, 52, 46, 51, 63, 65, 64, 66, 43, 51, 76, 77, 72, 80, 77, 82, 33, 38, 35, 36, 73, 77, 33, 40, 73, 81, 76, 82,
    73, 80, 62, 69, 44, 52, 45, 51, 75, 81, 72, 81, 63, 70, 43, 44, 75, 77, 72, 76, 73, 76, 76, 78, 75, 80, 43, 56,
    43, 49, 45, 52, 72, 77, 62, 67, 62, 65, 44, 48, 33, 41, 33, 35, 64, 65, 74, 81, 74, 80, 64, 67, 43, 46, 46, 53,
    44, 46, 71, 80, 71, 81, 44, 49, 43, 47, 74, 77, 71, 76, 72, 85, 77, 78, 62, 70, 74, 76, 75, 76, 62, 63, 42, 44,
    75, 82, 71, 77, 43, 57, 63, 64, 73, 79, 43, 50, 72, 82, 73, 82, 73, 78, 42, 56, 75, 78, 72, 75, 72, 79, 73, 75,
    62, 64, 42, 43, 72, 78, 44, 57, 35, 38, 42, 55, 33, 36, 71, 85, 71, 79, 72, 86, 71, 84, 73, 86, 74, 82, 74, 79,
    71, 82,
  ];

  function describe(l, s, whole, out, at) {
    const i = s.y * l.w + s.x, angle = direction(l, s), v = measure(look(l, s, angle));
    const bright = l.smooth[i - 2] - 2 * l.smooth[i] + l.smooth[i + 2] <= 0;
    out.setUint16(at, Math.floor((2 * s.x + 1) * 8 * whole.width / l.w), true);
    out.setUint16(at + 2, Math.floor((2 * s.y + 1) * 8 * whole.height / l.h), true);
    out.setUint8(at + 4, bright ? angle | brightBit : angle);
    out.setUint8(at + 5, s.level);
    const set = (bit) => out.setUint8(at + 6 + (bit >> 3), out.getUint8(at + 6 + (bit >> 3)) | 1 << (bit & 7));
    for (let k = 0; k < pairs.length / 2; k++) {
      const a = pairs[2 * k], b = pairs[2 * k + 1];
      if (v[a] > v[b]) set(2 * k);
      if (a >= slopes ? v[twin(b)] > v[twin(a)] : v[twin(a)] > v[twin(b)]) set(2 * k + 1);
    }
  }

  return (small) => {
    const levels = pyramid(small), spots = choose(levels), packed = new Uint8Array(headBytes + dotBytes * spots.length);
    const out = new DataView(packed.buffer);
    out.setUint8(0, 1);
    [small.width, small.height, spots.length].forEach((n, i) => out.setUint16(1 + 2 * i, n, true));
    spots.forEach((s, i) => describe(levels[s.level], s, small, out, headBytes + dotBytes * i));
    return packed;
  };
})();
