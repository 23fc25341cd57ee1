// Says which document is there, the text of the first element that can be seen at the selector, and whether the form
// that was sent last asks again in it, and how: [id, text, asks], as JSON.
(function (selector) {
  const seen = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    [...element.getClientRects()].some((box) => box.width > 0 && box.height > 0);
  let words = "";
  try {
    const element = selector ? station.find(selector, seen).found.find(seen) : undefined;
    words = (element?.innerText ?? "").slice(0, 2000);
  } catch (fault) {
    if (!(fault instanceof DOMException)) throw fault; // a selector that is none has no words
  }
  const world = globalThis.stationWorld;
  return JSON.stringify([world?.id ?? "", words, world?.sent ? station.asksAgain(world.sent) : ""]);
})
