// Reads the frames of a video on the person's own device: about one a second, 600 at most. images.js hands them to its
// worker one by one; none is shown, none is kept.
"use strict";

// readVideo gives each frame to each, which answers with a promise, and resolves to the duration in milliseconds. It ends
// early when stopped() says so, and fails when the browser cannot read the file.
async function readVideo(file, each, stopped) {
  const most = 600, patience = 20000;
  const video = document.createElement("video"), address = URL.createObjectURL(file);
  const happens = (name, start) => new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("too slow")), patience);
    const over = (end) => () => { clearTimeout(timer); end(video.error); };
    video.addEventListener(name, over(resolve), { once: true });
    video.addEventListener("error", over(reject), { once: true });
    start();
  });
  // A browser says "seeked" before it shows the frame, and a bitmap made too early is the frame before. One that never says
  // that it shows anything, or that shows nothing while its page is hidden, is waited for a moment only.
  const shows = async (name, start) => {
    const shown = new Promise((resolve) => video.requestVideoFrameCallback?.(resolve));
    await happens(name, start);
    if (video.requestVideoFrameCallback) await Promise.race([shown, new Promise((resolve) => setTimeout(resolve, 2000))]);
  };
  try {
    Object.assign(video, { muted: true, playsInline: true, preload: "auto" });
    await shows("loadeddata", () => { video.src = address; });
    if (!Number.isFinite(video.duration)) await shows("durationchange", () => { video.currentTime = 1e7; });
    const seconds = video.duration, count = Math.min(most, Math.max(1, Math.ceil(seconds)));
    for (let i = 0; i < count && !stopped(); i++) {
      const at = Math.floor(Math.max(1000, seconds * 1000 / count) * i);
      if (video.currentTime !== at / 1000) await shows("seeked", () => { video.currentTime = at / 1000; });
      await each(await createImageBitmap(video), at, i / count);
    }
    return Math.floor(seconds * 1000);
  } finally {
    video.removeAttribute("src");
    video.load();
    URL.revokeObjectURL(address);
  }
}
