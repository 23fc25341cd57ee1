// Runs in the isolated world of every document. Says whether a video plays that can be watched: two words of this page
// object with the document's own number behind them, and nothing else; again now and then while it does, for a document
// can end without a word. A moving ornament (starts by itself, silent, for ever) and one too small to watch do not
// count.
(function (plays, rests) {
  const say = console.debug.bind(console);
  const number = String(Math.random()).slice(2);
  const LEAST = 100 * 60; // pixels in sight
  const AGAIN_MS = 20000;
  const inSight = new Map(); // video: how much of it can be seen
  let said = false, again = 0;
  const counts = (video) =>
    !video.paused && !video.ended && video.readyState >= 2 && video.videoWidth > 0 && video.isConnected &&
    inSight.get(video) >= LEAST && video.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    !(video.autoplay && video.loop && video.muted);
  const tell = () => {
    const now = [...inSight.keys()].some(counts);
    if (now === said) return;
    said = now;
    say((now ? plays : rests) + number);
    clearInterval(again);
    if (now) again = setInterval(() => { tell(); if (said) say(plays + number); }, AGAIN_MS);
  };
  if (window === window.top) say(rests); // a new page: what played in the one before is gone
  const watcher = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting, intersectionRect: box } of entries) {
      inSight.set(target, isIntersecting ? box.width * box.height : 0);
    }
    tell();
  }, { threshold: [0, 0.25, 0.5, 0.75, 1] });
  const heard = (event) => {
    const video = event.target;
    if (!(video instanceof HTMLVideoElement)) return;
    if (!inSight.has(video)) { inSight.set(video, 0); watcher.observe(video); }
    tell();
  };
  const kinds = ["playing", "pause", "ended", "emptied", "waiting", "loadeddata", "resize", "volumechange", "canplay"];
  for (const kind of kinds) document.addEventListener(kind, heard, true);
  // One that was taken out of the document pauses by itself, but tells the document no more.
  new MutationObserver(() => { if (said) tell(); }).observe(document, { subtree: true, childList: true });
  addEventListener("pagehide", () => { if (said) { said = false; say(rests + number); } });
})
