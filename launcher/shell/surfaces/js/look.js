// Returns the index of the first place that holds, or -1; arms the next wake.
(function (places) {
  const world = globalThis.stationWorld;
  if (world) world.awake = false;
  const squeeze = (text) => text.replace(/\s+/g, " ").trim();
  const seen = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true }) &&
    [...element.getClientRects()].some((box) => box.width > 0 && box.height > 0);
  const isAbsent = (selector) => {
    // Of a page that is still being read, and of a frame that is not ours to see, nothing is known to be absent.
    if (document.readyState === "loading") return false;
    const { found, why } = station.find(selector, seen);
    return !found.some(seen) && !why.startsWith("frame");
  };
  const holds = (place) => {
    if (place.url && !location.href.startsWith(place.url)) return false;
    if (place.absent && !isAbsent(place.absent)) return false;
    if (place.selector) {
      for (const element of station.find(place.selector, seen).found) {
        if (seen(element) && (!place.text || squeeze(element.innerText ?? "").includes(place.text))) return true;
      }
      return false;
    }
    return !place.text || squeeze(document.body?.innerText ?? "").includes(place.text);
  };
  for (const [index, place] of places.entries()) {
    try {
      if (holds(place)) return index;
    } catch (fault) {
      if (!(fault instanceof DOMException)) throw fault; // a selector that is none holds nowhere
    }
  }
  return -1;
})
