// <manglar-progress src every done-url failed-text>: asks a job how far it is and says it.
// The answer is JSON: {"state": "queued|running|done|failed|cancelled", "percent": 0–100 or null, "text": "…", "url": "…"}.
const ENDED = new Set(["done", "failed", "cancelled"]);

class ManglarProgress extends HTMLElement {
  #timer = 0;
  #faults = 0;
  #wasUnderWay = false;

  connectedCallback() {
    this.#ask();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  #again() {
    if (!this.isConnected) return;
    const pause = Number(this.getAttribute("every")) || 1000;
    this.#timer = setTimeout(() => this.#ask(), pause * Math.min(2 ** this.#faults, 16));
  }

  async #ask() {
    try {
      const answer = await fetch(this.getAttribute("src"), { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      this.#faults = 0;
      this.#tell(await answer.json());
    } catch {
      this.#faults += 1;
      this.#say(this.getAttribute("failed-text") ?? "");
      this.#again();
    }
  }

  #say(text) {
    const place = this.querySelector('[role="status"]');
    if (place && place.textContent !== text) place.textContent = text;
  }

  #tell({ state, percent = null, text = "", url = "" }) {
    const bar = this.querySelector("progress");
    if (bar && percent === null) bar.removeAttribute("value");
    else if (bar) bar.value = percent;
    this.#say(text);
    this.dataset.state = state;
    if (!ENDED.has(state)) {
      this.#wasUnderWay = true;
      this.#again();
      return;
    }
    this.dispatchEvent(new CustomEvent(`manglar:${state}`, { bubbles: true, detail: { url } }));
    const next = url || this.getAttribute("done-url");
    // A page opened while the job ran still says so: it is shown again, once, as the job ended.
    if (next && (state === "done" || this.#wasUnderWay)) location.assign(next);
  }
}

customElements.define("manglar-progress", ManglarProgress);
