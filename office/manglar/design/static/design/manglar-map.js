// <manglar-map>: a map above a table that stands without it. See map.html for its attributes.
// Nothing is asked from another host; colours come from tokens.css; the worker is our own file.
const STEPS = 5;
/** Points that touch are one circle with their count; from the zoom of a street on each stands alone. */
const TOGETHER = { cluster: true, clusterRadius: 36, clusterMaxZoom: 13 };
let loading = null;

function library(address, worker) {
  loading ??= import(address).then((maplibre) => {
    maplibre.setWorkerUrl(new URL(worker, document.baseURI).href);
    maplibre.setWorkerCount(1);
    return maplibre;
  });
  return loading;
}

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

function swatch(step) {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  svg.setAttribute("class", `m-map__swatch m-map__swatch--${step}`);
  svg.setAttribute("aria-hidden", "true");
  const square = document.createElementNS(namespace, "rect");
  square.setAttribute("width", "100%");
  square.setAttribute("height", "100%");
  svg.append(square);
  return svg;
}

/** Spread few classes over the five steps, so that the last is always the gravest. */
function spread(place, count) {
  return count < 2 ? STEPS : 1 + Math.round((place * (STEPS - 1)) / (count - 1));
}

class ManglarMap extends HTMLElement {
  #map = null;
  #stop = null;
  #code = null;

  async connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.values = JSON.parse(this.dataset.values || "{}");
    this.breaks = JSON.parse(this.dataset.breaks || "[]");
    this.overlays = JSON.parse(this.dataset.overlays || "[]");
    this.#furnish(signal);
    try {
      const maplibre = await library(this.getAttribute("maplibre"), this.getAttribute("worker"));
      if (!signal.aborted) this.#draw(maplibre, signal);
    } catch (fault) {
      this.#giveUp(fault);
    }
  }

  disconnectedCallback() {
    this.#stop?.abort();
    this.#map?.remove();
    this.#map = null;
    this.frame?.remove();
    this.picked?.remove();
    this.legend?.remove();
    delete this.dataset.idle;
  }

  #giveUp(fault) {
    console.warn("manglar-map", fault);
    this.frame.remove();
    this.picked.remove();
    this.legend.remove();
    this.dataset.failed = "true";
  }

  #furnish(signal) {
    this.frame = make("div", "m-map__frame");
    this.canvas = make("div", "m-map__canvas");
    this.tip = make("div", "m-map__tip");
    this.tip.hidden = true;
    this.tip.setAttribute("aria-hidden", "true");
    const tools = make("div", "m-map__tools");
    const buttons = [
      ["+", "text-zoom-in", () => this.#map?.zoomIn()],
      ["−", "text-zoom-out", () => this.#map?.zoomOut()],
      ["⤢", "text-whole", () => this.#fit(true)],
    ];
    for (const [sign, label, act] of buttons) {
      const button = make("button", "", sign);
      button.type = "button";
      button.setAttribute("aria-label", this.getAttribute(label));
      button.title = this.getAttribute(label);
      button.addEventListener("click", act, { signal });
      tools.append(button);
    }
    this.frame.append(this.canvas, tools, this.tip);
    this.legend = this.#legend();
    this.picked = make("p", "m-map__picked");
    this.picked.setAttribute("role", "status");
    this.prepend(this.frame, ...(this.hasAttribute("picks") ? [this.picked] : []), this.legend);
    this.#heed(signal);
  }

  /** The boxes of the page's form switch the layers at once; the address keeps them. */
  #heed(signal) {
    for (const overlay of this.overlays) {
      const box = document.getElementById(`capa-${overlay.key}`);
      box?.addEventListener("change", () => {
        this.#switch(overlay, box.checked);
        if (box.form) history.replaceState(null, "", `?${new URLSearchParams(new FormData(box.form))}`);
      }, { signal });
    }
  }

  #switch(overlay, on) {
    overlay.is_on = on;
    for (const part of ["far", "near"]) {
      this.#map?.setLayoutProperty(`${overlay.key}-${part}`, "visibility", on ? "visible" : "none");
    }
    const fresh = this.#legend();
    this.legend.replaceWith(fresh);
    this.legend = fresh;
  }

  #overlayLayers() {
    return this.overlays.flatMap((overlay) => {
      const where = { source: `over-${overlay.key}`, "source-layer": "data", layout: { visibility: overlay.is_on ? "visible" : "none" } };
      const point = { "circle-color": this.#token("step-4"), "circle-radius": ["interpolate", ["linear"], ["zoom"], overlay.near, 1.6, 17, 6], "circle-stroke-color": this.#token("ink"), "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], overlay.near, 0, 16, 1] };
      return [
        { id: `${overlay.key}-far`, type: "fill", ...where, maxzoom: overlay.near, paint: { "fill-color": this.#density(overlay), "fill-opacity": 0.85 } },
        { id: `${overlay.key}-near`, type: "circle", ...where, minzoom: overlay.near, paint: point },
      ];
    });
  }

  #density(overlay) {
    const colours = overlay.labels.map((_, place) => this.#token(`step-${spread(place, overlay.labels.length)}`));
    if (colours.length < 2) return colours[0];
    return ["step", ["get", "d"], colours[0], ...overlay.limits.flatMap((limit, place) => [limit, colours[place + 1]])];
  }

  #legend() {
    const list = make("ul", "m-map__legend");
    const title = this.getAttribute("legend-title");
    if (title) list.append(make("li", "m-map__legend-title", title));
    const entries = this.breaks.map((entry, place) => [this.#step(place), entry.label]);
    if (entries.length) entries.push(["none", this.getAttribute("text-none")]);
    for (const [step, label] of entries) {
      const item = make("li");
      item.append(swatch(step), label);
      list.append(item);
    }
    for (const overlay of this.overlays.filter(({ is_on }) => is_on)) {
      list.append(make("li", "m-map__legend-title", overlay.density));
      for (const [place, label] of overlay.labels.entries()) {
        const item = make("li");
        item.append(swatch(spread(place, overlay.labels.length)), label);
        list.append(item);
      }
      const item = make("li");
      item.append(swatch(4), overlay.points);
      list.append(item);
    }
    return list;
  }

  #step(place) {
    return spread(place, this.breaks.length);
  }

  #token(name) {
    return getComputedStyle(this).getPropertyValue(`--m-${name}`).trim();
  }

  #colour() {
    const none = this.#token("step-none");
    const pairs = [];
    for (const [code, { value }] of Object.entries(this.values)) {
      const found = this.breaks.findIndex(({ upper }) => upper === null || value < upper);
      const place = found < 0 ? this.breaks.length - 1 : found;
      pairs.push(code, this.#token(`step-${this.#step(place)}`));
    }
    if (!pairs.length) return this.breaks.length ? none : this.#token("step-2");
    return ["match", ["to-string", ["get", this.getAttribute("code-property")]], ...pairs, none];
  }

  #bounds() {
    const [west, south, east, north] = this.getAttribute("bounds").split(",").map(Number);
    return [[west, south], [east, north]];
  }

  #fit(moving) {
    const still = !moving || matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#map?.fitBounds(this.#bounds(), { padding: this.#padding(), duration: still ? 0 : 400 });
  }

  /** On a narrow frame the buttons stand below, and the areas keep clear of them. */
  #padding() {
    const narrow = this.frame.clientWidth < 480;
    return { top: 12, left: 12, right: 12, bottom: narrow ? 64 : 12 };
  }

  #sources() {
    const sources = { data: this.#source() };
    if (this.hasAttribute("under")) sources.under = { type: "geojson", data: new URL(this.getAttribute("under"), document.baseURI).href };
    if (this.hasAttribute("points")) sources.points = { type: "geojson", data: new URL(this.getAttribute("points"), document.baseURI).href, ...TOGETHER };
    for (const overlay of this.overlays) {
      const address = new URL(overlay.tiles, document.baseURI).href.replaceAll("%7B", "{").replaceAll("%7D", "}");
      sources[`over-${overlay.key}`] = { type: "vector", tiles: [address], minzoom: 4, maxzoom: overlay.last };
    }
    return sources;
  }

  #source() {
    const address = new URL(this.getAttribute("src"), document.baseURI).href;
    const plain = address.replaceAll("%7B", "{").replaceAll("%7D", "}");
    if (this.hasAttribute("clustered")) return { type: "geojson", data: plain, ...TOGETHER };
    if (!this.hasAttribute("layer")) return { type: "geojson", data: plain };
    return { type: "vector", tiles: [plain], minzoom: 0, maxzoom: Number(this.getAttribute("max-zoom") || 14) };
  }

  #layers() {
    const where = { source: "data" };
    if (this.hasAttribute("layer")) where["source-layer"] = this.getAttribute("layer");
    const line = { "line-color": this.#token("line-strong"), "line-width": 1 };
    const strong = { "line-color": this.#token("ink"), "line-width": 3 };
    const kind = this.getAttribute("kind") || "fill";
    if (kind === "circle") {
      const paint = { "circle-color": this.#token("step-4"), "circle-radius": 7, "circle-stroke-color": this.#token("ink"), "circle-stroke-width": 1 };
      if (Object.keys(this.values).length) paint["circle-color"] = this.#colour();
      return [
        ...this.#ground(),
        ...(this.hasAttribute("clustered") ? this.#clusters("clusters", "data") : []),
        { id: "areas", type: "circle", ...where, filter: ["!", ["has", "point_count"]], paint },
        { id: "chosen", type: "circle", ...where, filter: this.#filter(null), paint: { ...paint, "circle-radius": 10, "circle-stroke-width": 3 } },
      ];
    }
    if (kind === "line") {
      return [
        { id: "areas", type: "line", ...where, paint: { "line-color": this.#colour(), "line-width": 4 } },
        { id: "chosen", type: "line", ...where, filter: this.#filter(null), paint: { ...strong, "line-width": 6 } },
      ];
    }
    return [
      { id: "areas", type: "fill", ...where, paint: { "fill-color": this.#colour(), "fill-opacity": 1 } },
      ...this.#overlayLayers(),
      { id: "edges", type: "line", ...where, paint: line },
      { id: "chosen", type: "line", ...where, filter: this.#filter(null), paint: strong },
      ...this.#pointLayers(),
    ];
  }

  /** Records over the areas, each leading to its page; those that stand alone are drawn last, so that no count covers them. */
  #pointLayers() {
    if (!this.hasAttribute("points")) return [];
    const paint = { "circle-color": this.#token("step-4"), "circle-radius": 7, "circle-stroke-color": this.#token("ink"), "circle-stroke-width": 1 };
    return [
      ...this.#clusters("point-clusters", "points"),
      { id: "points", type: "circle", source: "points", filter: ["!", ["has", "point_count"]], paint },
    ];
  }

  /** Outlines under points, so that one sees where they are. */
  #ground() {
    if (!this.hasAttribute("under")) return [];
    return [
      { id: "under", type: "fill", source: "under", paint: { "fill-color": this.#token("surface") } },
      { id: "under-edges", type: "line", source: "under", paint: { "line-color": this.#token("line-strong"), "line-width": 1 } },
    ];
  }

  #clusters(id, source) {
    const radius = ["step", ["get", "point_count"], 13, 10, 17, 100, 22, 1000, 28];
    const paint = { "circle-color": this.#token("primary"), "circle-radius": radius, "circle-stroke-color": this.#token("surface"), "circle-stroke-width": 2 };
    return [
      { id, type: "circle", source, filter: ["has", "point_count"], paint },
      {
        id: `${id}-counts`, type: "symbol", source, filter: ["has", "point_count"],
        layout: { "icon-image": ["concat", "count-", ["to-string", ["get", "point_count_abbreviated"]]], "icon-allow-overlap": true, "icon-ignore-placement": true },
      },
    ];
  }

  /** The count of a cluster as a picture in the page's own letters: the map has no fonts of its own to fetch. */
  #count(map, id) {
    if (!id.startsWith("count-") || map.hasImage(id)) return;
    const text = id.slice("count-".length);
    const face = document.createElement("canvas");
    face.width = 72;
    face.height = 32;
    const pen = face.getContext("2d");
    pen.font = `700 24px ${getComputedStyle(this).fontFamily}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillStyle = this.#token("on-primary");
    pen.fillText(text, 36, 17);
    map.addImage(id, pen.getImageData(0, 0, face.width, face.height), { pixelRatio: 2 });
  }

  async #open(map, source, feature) {
    const zoom = await map.getSource(source).getClusterExpansionZoom(feature.properties.cluster_id);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    map.easeTo({ center: feature.geometry.coordinates, zoom, duration: still ? 0 : 300 });
  }

  #filter(code) {
    return ["==", ["to-string", ["get", this.getAttribute("code-property")]], code ?? (this.dataset.chosen || "\u0000")]; // a cluster has no code: not ""
  }

  #draw(maplibre, signal) {
    const coarse = matchMedia("(pointer: coarse)").matches;
    const background = { id: "ground", type: "background", paint: { "background-color": this.#token("water-wash") } };
    const map = new maplibre.Map({
      container: this.canvas,
      style: { version: 8, sources: this.#sources(), layers: [background, ...this.#layers()] },
      bounds: this.#bounds(),
      fitBoundsOptions: { padding: this.#padding() },
      attributionControl: false,
      scrollZoom: false,
      dragPan: !coarse,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: 0,
      maxZoom: 18,
    });
    this.#map = map;
    const face = map.getCanvas();
    face.setAttribute("aria-label", `${this.getAttribute("label")}. ${this.getAttribute("text-help")}`);
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.on("movestart", () => delete this.dataset.idle);
    map.on("idle", () => { this.dataset.idle = "true"; });
    map.on("error", ({ error }) => console.warn("manglar-map", error));
    this.#listen(map, signal);
  }

  #listen(map, signal) {
    map.on("mousemove", "areas", ({ features, point }) => this.#show(features[0], point));
    map.on("mouseleave", "areas", () => this.#choose(null));
    map.on("click", "areas", ({ features, point }) => {
      if (this.#isOverPoint(map, point)) return;
      if (this.hasAttribute("picks")) this.#pick(features[0]);
      else this.#go(features[0]);
    });
    if (this.hasAttribute("picks")) map.getCanvas().addEventListener("keydown", (event) => this.#enter(event), { signal });
    if (this.hasAttribute("points")) this.#listenToPoints(map);
    for (const overlay of this.overlays) {
      for (const part of ["far", "near"]) {
        map.on("mousemove", `${overlay.key}-${part}`, ({ features, point }) => {
          const { n, d, k } = features[0].properties;
          this.#tell(part === "far" ? String(n) : (k || overlay.label), part === "far" ? `${overlay.density}: ${d}` : overlay.label, point);
        });
      }
    }
    if (this.hasAttribute("clustered") || this.hasAttribute("points")) {
      map.setMissingStyleImageResolver((id) => this.#count(map, id));
    }
    if (this.hasAttribute("clustered")) {
      map.on("click", "clusters", ({ features }) => this.#open(map, "data", features[0]));
      map.on("mousemove", "clusters", ({ features, point }) => {
        const told = features[0].properties.point_count_abbreviated;
        this.#tell(String(told), this.getAttribute("text-cluster"), point);
      });
      map.on("mouseleave", "clusters", () => { this.tip.hidden = true; });
    }
    for (const kind of ["focusin", "mouseover"]) {
      this.addEventListener(kind, ({ target }) => {
        const row = target.closest("tr[data-code]");
        if (row) this.#choose(row.dataset.code);
      }, { signal });
    }
    for (const kind of ["focusout", "mouseout"]) {
      this.addEventListener(kind, ({ target }) => {
        if (target.closest("tr[data-code]")) this.#choose(null);
      }, { signal });
    }
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#recolour(map), { signal });
  }

  #isOverPoint(map, point) {
    return this.hasAttribute("points") && map.queryRenderedFeatures(point, { layers: ["points", "point-clusters"] }).length > 0;
  }

  #listenToPoints(map) {
    map.on("click", "point-clusters", ({ features }) => this.#open(map, "points", features[0]));
    map.on("click", "points", ({ features }) => {
      location.assign(this.getAttribute("points-href").replace("{code}", encodeURIComponent(features[0].properties.id)));
    });
    map.on("mousemove", "points", ({ features, point }) => this.#tell(features[0].properties.name, "", point));
    map.on("mouseleave", "points", () => { this.tip.hidden = true; });
  }

  #recolour(map) {
    const kind = this.getAttribute("kind") || "fill";
    map.setPaintProperty("ground", "background-color", this.#token("water-wash"));
    map.setPaintProperty("areas", `${kind}-color`, kind === "circle" && !Object.keys(this.values).length ? this.#token("step-4") : this.#colour());
    if (map.getLayer("under")) {
      map.setPaintProperty("under", "fill-color", this.#token("surface"));
      map.setPaintProperty("under-edges", "line-color", this.#token("line-strong"));
    }
    for (const overlay of this.overlays) {
      map.setPaintProperty(`${overlay.key}-far`, "fill-color", this.#density(overlay));
      map.setPaintProperty(`${overlay.key}-near`, "circle-color", this.#token("step-4"));
    }
    if (map.getLayer("points")) map.setPaintProperty("points", "circle-color", this.#token("step-4"));
    for (const together of ["clusters", "point-clusters"].filter((id) => map.getLayer(id))) {
      map.setPaintProperty(together, "circle-color", this.#token("primary"));
      map.setPaintProperty(together, "circle-stroke-color", this.#token("surface"));
      for (const id of map.listImages().filter((each) => each.startsWith("count-"))) {
        map.removeImage(id);
        this.#count(map, id);
      }
    }
    if (kind === "fill") {
      map.setPaintProperty("edges", "line-color", this.#token("line-strong"));
      map.setPaintProperty("chosen", "line-color", this.#token("ink"));
    }
  }

  #codeOf(feature) {
    return String(feature.properties[this.getAttribute("code-property")] ?? "");
  }

  #choose(code) {
    if (code === this.#code) return;
    this.#code = code;
    if (this.#map?.getLayer("chosen")) this.#map.setFilter("chosen", this.#filter(code));
    if (code === null) {
      this.tip.hidden = true;
      this.canvas.classList.remove("is-over");
    }
    for (const row of this.querySelectorAll("tr[data-code]")) {
      row.classList.toggle("is-current", row.dataset.code === code);
    }
  }

  #show(feature, point) {
    this.#choose(this.#codeOf(feature));
    this.#tell(...this.#words(feature), point);
  }

  /** The name of an area and what its value says. */
  #words(feature) {
    const code = this.#codeOf(feature);
    const said = this.values[code]?.text ?? (Object.keys(this.values).length ? this.getAttribute("text-none") : "");
    return [String(feature.properties[this.getAttribute("name-property")] ?? code), said];
  }

  /** Below the map, and read aloud: which area was tapped, its value, and the way to its page. */
  #pick(feature) {
    const [name, said] = this.#words(feature);
    const link = make("a", "", this.getAttribute("text-open"));
    link.href = this.#address(feature);
    link.append(make("span", "m-visually-hidden", `: ${name}`));
    this.#choose(this.#codeOf(feature));
    this.picked.replaceChildren(make("strong", "", name), said ? ` · ${said} · ` : " · ", link);
  }

  /** Enter on the map picks the area in its middle. */
  #enter(event) {
    if (event.key !== "Enter" || !this.#map.getLayer("areas")) return;
    event.preventDefault();
    const middle = [this.canvas.clientWidth / 2, this.canvas.clientHeight / 2];
    const [feature] = this.#map.queryRenderedFeatures(middle, { layers: ["areas"] });
    if (feature) this.#pick(feature);
  }

  #tell(name, text, point) {
    this.tip.replaceChildren(make("strong", "", name), text);
    this.tip.hidden = false;
    this.canvas.classList.toggle("is-over", this.hasAttribute("href-pattern"));
    const right = this.frame.clientWidth - this.tip.offsetWidth - 8;
    this.tip.style.setProperty("left", `${Math.max(8, Math.min(point.x + 14, right))}px`);
    this.tip.style.setProperty("top", `${Math.max(8, point.y - this.tip.offsetHeight - 10)}px`);
  }

  #go(feature) {
    if (this.hasAttribute("href-pattern")) location.assign(this.#address(feature));
  }

  #address(feature) {
    return this.getAttribute("href-pattern").replace("{code}", encodeURIComponent(this.#codeOf(feature)));
  }
}

customElements.define("manglar-map", ManglarMap);
