// Says which document is there, and the text of the first element that can be seen at the selector: [id, text], as JSON.
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
  return JSON.stringify([globalThis.stationWorld?.id ?? "", words]);
})
