// Runs in the isolated world of every document: says which of the page's questions is its own.
(function (word, heard) {
  const say = console.debug.bind(console);
  addEventListener(heard, (event) => { if (typeof event.detail === "string") say(word + event.detail); }, true);
})
