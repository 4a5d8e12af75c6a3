// <manglar-count for limit text-left text-over>: says under a text how much more of it fits, or how much is over.
// Without script it says the limit. The server refuses what is over and keeps what was written: nothing is cut here.
class ManglarCount extends HTMLElement {
  #stop = null;

  connectedCallback() {
    this.field = document.getElementById(this.getAttribute("for"));
    if (!this.field) return;
    this.#stop = new AbortController();
    this.limit = Number(this.getAttribute("limit"));
    this.field.addEventListener("input", () => this.#tell(), { signal: this.#stop.signal });
    this.#tell();
  }

  disconnectedCallback() {
    this.#stop?.abort();
  }

  #tell() {
    const left = this.limit - this.field.value.length;
    const said = this.getAttribute(left < 0 ? "text-over" : "text-left");
    this.textContent = said.replace("{n}", new Intl.NumberFormat("en-US").format(Math.abs(left)));
    this.classList.toggle("m-count--over", left < 0);
    // Read aloud only when it matters: near the end, or beyond it.
    this.setAttribute("role", left < this.limit / 10 ? "status" : "none");
  }
}

customElements.define("manglar-count", ManglarCount);
