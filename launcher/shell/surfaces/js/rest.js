// Pauses what plays in this document, or plays on what was paused so. Runs in the isolated world.
(function (on) {
  const world = (globalThis.stationRest ??= { paused: [] });
  if (on) {
    for (const media of document.querySelectorAll("video, audio")) {
      if (!media.paused && !media.ended) { media.pause(); world.paused.push(media); }
    }
    return;
  }
  for (const media of world.paused.splice(0)) if (media.isConnected) media.play().catch(() => {});
})
