// Says how far the document is: [state, HTTP status, address, id of the document], as JSON: PySide6 hands no list of mixed values over.
(function () {
  const world = globalThis.stationWorld;
  if (world) world.awake = false;
  const entry = performance.getEntriesByType("navigation")[0];
  return JSON.stringify([document.readyState, entry?.responseStatus ?? 0, location.href, world?.id ?? ""]);
})
