// <manglar-chart>: makes the curves of a figure explorable, around the picture that stands without it. See figure.html.
// Vega is big: it is asked for only when the reader presses the button. Its expressions are interpreted (ast: true), so
// that the page keeps refusing eval; colours come from tokens.css; nothing moves by itself. On paper the picture stands.
const COLOURS = ["--m-series-1", "--m-series-2", "--m-series-3", "--m-series-4", "--m-series-5"];
const night = matchMedia("(prefers-color-scheme: dark)");
let count = 0;

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

/** A piece of the line as it is drawn: colour, dash and mark. */
function swatch(key, dash) {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  svg.setAttribute("class", `m-chart__swatch m-chart__swatch--${key + 1}`);
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(namespace, "line");
  for (const [name, value] of Object.entries({ x1: 0, y1: 8, x2: 36, y2: 8, "stroke-dasharray": dash.join(" ") })) {
    line.setAttribute(name, value);
  }
  svg.append(line);
  return svg;
}

class ManglarChart extends HTMLElement {
  #view = null;
  #vega = null;
  #stop = null;
  #resize = null;
  #drawing = 0;

  connectedCallback() {
    this.#stop = new AbortController();
    this.chart = JSON.parse(this.dataset.chart);
    this.id ||= `grafico-${(count += 1)}`;
    /** The keys that are free: a place keeps its colour, dash and mark while it is drawn. */
    this.keys = new Map([[this.chart.series[0].code, 0]]);
    this.button = make("button", "usa-button usa-button--outline m-chart__open", this.getAttribute("text-open"));
    this.button.type = "button";
    this.button.setAttribute("aria-expanded", "false");
    this.button.addEventListener("click", () => this.#toggle(), { signal: this.#stop.signal });
    this.state = make("p", "m-hint m-chart__state");
    this.state.setAttribute("role", "status");
    this.prepend(this.button, this.state);
  }

  disconnectedCallback() {
    this.#stop?.abort();
    this.#close();
    this.button?.remove();
    this.state?.remove();
  }

  async #toggle() {
    if (this.panel) {
      this.#close();
      return;
    }
    this.button.disabled = true;
    this.#say(this.getAttribute("text-loading"));
    try {
      this.#vega ??= await import(this.getAttribute("vega"));
      if (this.#stop.signal.aborted) return;
      this.#open();
      await this.#draw();
      this.#say(this.chart.note);
    } catch (fault) {
      console.warn("manglar-chart", fault);
      this.#close();
      this.#say(this.getAttribute("text-failed"));
    } finally {
      this.button.disabled = false;
    }
    this.button.focus();
  }

  #say(text) {
    if (this.state.textContent !== text) this.state.textContent = text ?? "";
  }

  #open() {
    this.panel = make("div", "m-chart");
    this.panel.id = `${this.id}-panel`;
    this.frame = make("div", "m-chart__frame");
    this.frame.setAttribute("aria-hidden", "true"); // the control below says every value, and the table has them all
    this.axis = make("p", "m-chart__axis");
    this.canvas = make("div", "m-chart__canvas");
    this.frame.append(this.axis, this.canvas);
    this.told = make("ul", "m-chart__told");
    this.panel.append(...this.#places(), this.frame, this.#cursor(), this.told);
    this.state.after(this.panel);
    this.button.textContent = this.getAttribute("text-close");
    this.button.setAttribute("aria-expanded", "true");
    this.button.setAttribute("aria-controls", this.panel.id);
    this.dataset.open = "";
    this.#heed();
  }

  #close() {
    this.closing?.abort();
    this.#resize?.disconnect();
    this.#view?.finalize();
    this.#view = this.#resize = null;
    this.panel?.remove();
    this.panel = null;
    delete this.dataset.open;
    delete this.dataset.idle;
    if (!this.button) return;
    this.button.textContent = this.getAttribute("text-open");
    this.button.setAttribute("aria-expanded", "false");
    this.button.removeAttribute("aria-controls");
    this.#say("");
  }

  /** One check box a place; nothing to choose where the run keeps only one curve. */
  #places() {
    const { series } = this.chart;
    if (series.length < 2) return [];
    const set = make("fieldset", "m-chart__places");
    set.append(make("legend", "", this.getAttribute("text-places")));
    const list = make("div", "m-chart__list");
    this.boxes = series.map((each, place) => {
      const label = make("label");
      const box = make("input");
      box.type = "checkbox";
      box.value = each.code;
      box.checked = this.keys.has(each.code);
      box.id = `${this.id}-lugar-${place}`;
      label.append(box, make("span", "", each.name));
      list.append(label);
      return box;
    });
    set.append(list);
    return [set];
  }

  #cursor() {
    const label = make("label", "m-chart__cursor");
    label.append(make("span", "", this.getAttribute("text-cursor")));
    this.slider = make("input");
    this.slider.type = "range";
    this.slider.id = `${this.id}-cursor`;
    this.slider.min = 0;
    this.slider.step = 1;
    label.append(this.slider);
    return label;
  }

  #heed() {
    this.closing = new AbortController();
    const { signal } = this.closing;
    this.panel.addEventListener("change", (event) => this.#choose(event.target), { signal });
    this.slider.addEventListener("input", () => this.#point(), { signal });
    this.canvas.addEventListener("pointermove", (event) => this.#follow(event), { signal });
    this.canvas.addEventListener("pointerdown", (event) => this.#follow(event), { signal });
    night.addEventListener("change", () => this.#draw(), { signal });
    this.#resize = new ResizeObserver(() => this.#fit());
    this.#resize.observe(this.canvas);
    this.#limit();
  }

  #choose(box) {
    if (!this.boxes?.includes(box)) return;
    const city = this.chart.series[0].code;
    if (!box.checked) this.keys.delete(box.value);
    else if (box.value === city) this.keys.set(city, 0);
    else {
      const taken = new Set(this.keys.values());
      this.keys.set(box.value, [...Array(this.chart.most).keys()].map((n) => n + 1).find((n) => !taken.has(n)));
    }
    this.#limit();
    this.#fill();
  }

  /** With as many places as can be told apart, the others wait. */
  #limit() {
    const isFull = [...this.keys.values()].filter((key) => key > 0).length >= this.chart.most;
    for (const box of this.boxes ?? []) box.disabled = isFull && !box.checked && box.value !== this.chart.series[0].code;
    if (this.#view) this.#say(isFull ? this.getAttribute("text-full") : this.chart.note);
  }

  #chosen() {
    return this.chart.series
      .filter((each) => this.keys.has(each.code))
      .map((each) => ({ ...each, key: this.keys.get(each.code) }))
      .sort((one, other) => one.key - other.key);
  }

  #tokens() {
    const style = getComputedStyle(this.panel);
    return (name) => style.getPropertyValue(name).trim();
  }

  async #draw() {
    const drawing = (this.#drawing += 1);
    const token = this.#tokens();
    const ink = token("--m-ink");
    const axis = {
      labelColor: ink, titleColor: ink, domainColor: ink, tickColor: ink, gridColor: ink, gridOpacity: 0.15,
      domainOpacity: 0.5, labelFontSize: 12, titleFontSize: 13, titleFontWeight: "normal",
    };
    const font = getComputedStyle(this).fontFamily;
    const { parse, View, expressionInterpreter } = this.#vega;
    this.#view?.finalize();
    this.canvas.replaceChildren();
    const runtime = parse(this.chart.spec, { axis: { ...axis, labelFont: font, titleFont: font } }, { ast: true });
    this.#view = new View(runtime, { expr: expressionInterpreter, renderer: "svg", container: this.canvas, hover: false });
    this.colours = COLOURS.map(token);
    this.ink = ink;
    this.#view.width(this.canvas.clientWidth);
    await this.#fill();
    if (drawing === this.#drawing) this.dataset.idle = "";
  }

  async #fit() {
    if (!this.#view || !this.canvas.clientWidth) return;
    await this.#view.width(this.canvas.clientWidth).resize().runAsync();
  }

  /** The rows of what is chosen, in the unit in which the largest reads well. */
  async #fill() {
    const chosen = this.#chosen();
    const largest = Math.max(0, ...chosen.flatMap((each) => each.points.map(([, mean, , high]) => high ?? mean)));
    const [unit, title] = this.chart.units.find(([size]) => largest >= size) ?? this.chart.units.at(-1);
    this.unit = unit;
    this.axis.textContent = title;
    const band = chosen.length === 1;
    this.rows = chosen.flatMap((each) => each.points.map(([years, mean, low, high, told]) => ({
      code: each.code, key: String(each.key), color: this.colours[each.key], x: years, y: mean / unit,
      low: (low ?? mean) / unit, high: (high ?? mean) / unit, band: band && low !== null, told,
    })));
    const before = this.years?.[this.slider.value] ?? 100;
    this.years = [...new Set(this.rows.map((row) => row.x))].sort((one, other) => one - other);
    this.slider.max = Math.max(0, this.years.length - 1);
    this.slider.disabled = !this.years.length;
    this.slider.value = this.#nearest(before);
    this.#view.data("points", this.rows);
    await this.#point();
  }

  #nearest(years) {
    const far = this.years.map((each) => Math.abs(Math.log(each / years)));
    return Math.max(0, far.indexOf(Math.min(...far)));
  }

  #follow(event) {
    if (!this.years?.length) return;
    const box = this.canvas.getBoundingClientRect();
    const at = this.#view.scale("x").invert(event.clientX - box.left - this.#view.origin()[0] - this.#view.padding().left);
    const place = this.#nearest(at);
    if (at > 0 && String(place) !== this.slider.value) {
      this.slider.value = place;
      this.#point();
    }
  }

  /** Where the cursor is, in the chart, in words below it, and as the value of the control. */
  async #point() {
    const years = this.years[this.slider.value];
    const at = this.rows.filter((row) => row.x === years);
    const often = this.chart.years[String(years)] ?? "";
    const lines = this.#chosen().map((each) => {
      const row = at.find((held) => held.code === each.code);
      return { key: each.key, name: each.name, text: row?.told ?? this.getAttribute("text-unknown") };
    });
    this.told.replaceChildren(
      make("li", "m-chart__often", often ? often[0].toUpperCase() + often.slice(1) : this.getAttribute("text-none")),
      ...lines.map((line) => {
        const item = make("li");
        item.append(swatch(line.key, this.chart.dashes[line.key]), make("span", "", `${line.name}: ${line.text}`));
        return item;
      }),
    );
    this.slider.setAttribute("aria-valuetext", [often, ...lines.map((line) => `${line.name}, ${line.text}`)].join("; "));
    this.#view.data("cursor", years ? [{ x: years, color: this.ink }] : []).data("at", at);
    await this.#view.runAsync();
  }
}

customElements.define("manglar-chart", ManglarChart);
