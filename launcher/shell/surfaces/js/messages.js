// Runs in the page's own world before its own scripts. A page's alert(), confirm() and prompt() wait for an answer by a
// request that blocks this page alone: the engine's own windows stop every page of the process while one stands.
// What is asked by other means, or where the request is not let out, is the engine's. So is what a frame asks that is of
// another origin or that its page keeps apart (sandbox): it may be kept from asking, and holds up no sign-on.
(function (scheme, heard) {
  const own = { alert, confirm, prompt };
  const Request = XMLHttpRequest, { open, send } = Request.prototype;
  const text = Object.getOwnPropertyDescriptor(Request.prototype, "responseText").get;
  const Told = CustomEvent, tell = dispatchEvent.bind(window), word = String, random = Math.random;
  const quoted = (value) => encodeURIComponent(word(value).slice(0, 4000));
  const isStranger = () => {
    for (let at = window; at !== at.top; at = at.parent) if (at.frameElement.hasAttribute("sandbox")) return true;
    return self.origin === "null";
  };
  const ask = (kind, words, given) => {
    const said = words === undefined ? "" : words;
    try {
      if (isStranger()) throw null;
      const ident = word(random()).slice(2) + word(random()).slice(2), request = new Request();
      tell(new Told(heard, { detail: ident }));
      open.call(request, "GET", `${scheme}:/${kind}?id=${ident}&words=${quoted(said)}&given=${quoted(given ?? "")}`, false);
      send.call(request);
      const answer = text.call(request);
      return answer[0] === "y" ? answer.slice(1) : null;
    } catch {
      return own[kind].call(window, said, given);
    }
  };
  window.alert = function alert(words) { ask("alert", words); };
  window.confirm = function confirm(words) { const said = ask("confirm", words); return said !== null && said !== false; };
  window.prompt = function prompt(words, given) { return ask("prompt", words, given); };
})
