"""Pages that play a real film: each page draws it, records it as WebM and plays the recording."""

from __future__ import annotations

RECORDED = """
<canvas id="stage" width="320" height="240" style="display:none"></canvas>
<script>
  // A film of some frames, made here: the engine of the tests has no licensed codec.
  async function film() {
    const stage = document.getElementById("stage"), brush = stage.getContext("2d");
    let step = 0;
    const draw = () => { brush.fillStyle = `hsl(${step++ * 20} 90% 50%)`; brush.fillRect(0, 0, 320, 240); };
    draw();
    const recorder = new MediaRecorder(stage.captureStream(25), { mimeType: "video/webm;codecs=vp8" });
    const parts = [];
    let bytes = 0, filmed = () => {};
    // A busy computer films slowly: it is enough when there is something on the film, not after a time.
    recorder.ondataavailable = (event) => {
      parts.push(event.data);
      bytes += event.data.size;
      if (bytes > 3000 && step > 12) filmed();
    };
    const whole = new Promise((resolve) => { recorder.onstop = resolve; });
    const enough = new Promise((resolve) => { filmed = resolve; });
    recorder.start(80);
    const turning = setInterval(draw, 40);
    await enough;
    recorder.stop();
    clearInterval(turning);
    await whole;
    return URL.createObjectURL(new Blob(parts, { type: "video/webm" }));
  }
</script>
"""

STYLE = "<style>body { margin: 0 } video { display: block; width: 320px; height: 240px }</style>"


def film_page(video: str = "", after: str = "") -> str:
    """A page whose film plays after a click on its left half, and stands after one on its right.

    ``video`` are the film's attributes, ``after`` stands below it.
    """
    return f"""<title>Film</title>{STYLE}<video id="film" {video}></video><p id="state">empty</p>{after}{RECORDED}
<script>
  const shown = document.getElementById("film"), state = document.getElementById("state");
  for (const kind of ["playing", "pause", "ended"]) shown.addEventListener(kind, () => {{ state.textContent = kind; }});
  film().then((url) => {{ shown.src = url; state.textContent = "ready"; }});
  shown.addEventListener("click", (event) => (event.offsetX < 160 ? shown.play() : shown.pause()));
</script>"""
