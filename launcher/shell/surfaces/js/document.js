// Says how far the document is: [state, HTTP status, address, being left].
(function () {
  const world = globalThis.stationWorld;
  if (world) world.awake = false;
  const entry = performance.getEntriesByType("navigation")[0];
  return [document.readyState, entry?.responseStatus ?? 0, location.href, world?.left === true];
})
