// Builds what office/manglar/design/static/design/vendor/ holds: compiled CSS, icon sprite,
// fonts already cut by fonts.py, htmx, MapLibre GL and the part of Vega in vega/, each with its licence and VENDORED.toml.
// Any fault (Sass, a colour without a name, a missing file) stops the build with a message.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { compile } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const vendor = join(here, "..", "office", "manglar", "design", "static", "design", "vendor");
const versionOf = (name) => JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8")).version;

function folderFor(name, version) {
  for (const old of existsSync(vendor) ? readdirSync(vendor) : []) {
    if (old.startsWith(`${name}-`) && /^[0-9]/.test(old.slice(name.length + 1))) rmSync(join(vendor, old), { recursive: true });
  }
  const folder = join(vendor, `${name}-${version}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path !== "VENDORED.toml")
    .sort();
}

function record(folder, { name, version, licence, origin, note }) {
  const lines = [
    `name = ${JSON.stringify(name)}`,
    `version = ${JSON.stringify(version)}`,
    `licence = ${JSON.stringify(licence)}`,
    `origin = ${JSON.stringify(origin)}`,
    `note = ${JSON.stringify(note)}`,
    "",
    "[sha256]",
  ];
  for (const path of filesIn(folder)) {
    const digest = createHash("sha256").update(readFileSync(join(folder, path))).digest("hex");
    lines.push(`${JSON.stringify(path)} = "${digest}"`);
  }
  writeFileSync(join(folder, "VENDORED.toml"), `${lines.join("\n")}\n`);
}

function withNamedColours(css) {
  const palette = JSON.parse(readFileSync(join(here, "palette.json"), "utf8"));
  const named = css
    .replace(/(background(?:-color)?:)#fff\b/g, "$1var(--m-surface)")
    .replace(/#fff\b/g, "var(--m-on-primary)")
    .replace(/#[0-9a-f]{3,6}\b/g, (colour) => {
      if (!palette[colour]) throw new Error(`palette.json gives no name to the colour ${colour}`);
      return `var(${palette[colour]})`;
    });
  return named.replaceAll("rgba(0,0,0,0)", "transparent");
}

function imagesOf(css, folder) {
  return css.replace(/url\("\.\.\/img\/([^"]+)"\)/g, (_, path) => {
    const target = join(folder, "img", path);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(modules, "@uswds/uswds/dist/img", path), target);
    return `url("img/${path}")`;
  });
}

function sprite() {
  const names = JSON.parse(readFileSync(join(here, "icons.json"), "utf8"));
  const symbols = names.map((name) => {
    const svg = readFileSync(join(modules, "@uswds/uswds/dist/img/usa-icons", `${name}.svg`), "utf8");
    const box = /viewBox="([^"]+)"/.exec(svg)?.[1] ?? "0 0 24 24";
    const inner = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
    const drawn = inner.replace(/<path d="M0 0h24v24H0[zVv]?[^"]*" fill="none"\s*\/>|<path fill="none" d="M0 0h24v24H0[^"]*"\s*\/>/g, "");
    return `<symbol id="${name}" viewBox="${box}">${drawn.trim()}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}

function buildTheme() {
  const version = versionOf("@uswds/uswds");
  const { css } = compile(join(here, "theme", "manglar-theme.scss"), {
    loadPaths: [join(modules, "@uswds/uswds/packages")],
    style: "compressed",
    quietDeps: true,
  });
  const fonts = join(here, "fonts");
  if (!existsSync(fonts)) throw new Error("frontend/fonts is missing: run build.sh, which cuts the fonts first");
  const named = withNamedColours(css);
  const folder = folderFor("uswds", version); // only now is the old one removed
  cpSync(fonts, join(folder, "fonts"), { recursive: true });
  writeFileSync(join(folder, "manglar-theme.css"), imagesOf(named, folder));
  writeFileSync(join(folder, "icons.svg"), sprite());
  cpSync(join(modules, "@uswds/uswds/LICENSE.md"), join(folder, "LICENSE.md"));
  cpSync(join(here, "licences/OFL-PublicSans.txt"), join(folder, "fonts/OFL.txt"));
  cpSync(join(here, "licences/Apache-2.0.txt"), join(folder, "LICENSE-icons.txt"));
  record(folder, {
    name: "uswds",
    version,
    licence: "CC0-1.0 AND MIT AND Apache-2.0 AND OFL-1.1",
    origin: "npm package @uswds/uswds",
    note: "Compiled by frontend/build.sh from the parts named in frontend/theme; colours become custom properties; Public Sans cut to Latin; icons are a subset of its Material set.",
  });
}

function copyLibrary({ name, from, licenceFile, licence, files, note }) {
  const version = versionOf(from);
  const folder = folderFor(name, version);
  for (const file of files) cpSync(join(modules, from, "dist", file), join(folder, file));
  cpSync(join(modules, from, licenceFile), join(folder, licenceFile));
  record(folder, { name, version, licence, origin: `npm package ${from}`, note });
}

/** One module with what vega/chart.mjs takes from Vega; beside it, the licence of every package that is inside. */
function buildVega() {
  const version = versionOf("vega");
  const { metafile, outputFiles } = buildSync({
    entryPoints: [join(here, "vega", "chart.mjs")],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    metafile: true,
    write: false,
    absWorkingDir: here,
    outfile: "chart.mjs",
  });
  const inside = new Set(Object.keys(metafile.inputs).map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter(Boolean));
  const folder = folderFor("vega", version);
  writeFileSync(join(folder, "chart.mjs"), outputFiles[0].contents);
  writeFileSync(join(folder, "LICENSES.txt"), [...inside].sort().map(licenceOf).join("\n"));
  record(folder, {
    name: "vega",
    version,
    licence: [...new Set([...inside].map((name) => packageOf(name).license))].sort().join(" AND "),
    origin: "npm packages vega and vega-interpreter",
    note: "One module compiled by frontend/build.sh from frontend/vega/chart.mjs: no maps, forces, trees or word clouds. Expressions are interpreted (ast: true): no eval.",
  });
}

const packageOf = (name) => JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8"));

function licenceOf(name) {
  const { version, license } = packageOf(name);
  const file = readdirSync(join(modules, name)).find((each) => /^licen[cs]e/i.test(each));
  if (!file) throw new Error(`${name} brings no licence file: read its terms before vendoring it`);
  return `== ${name} ${version} (${license})\n\n${readFileSync(join(modules, name, file), "utf8").trim()}\n`;
}

buildTheme();
buildVega();
copyLibrary({
  name: "htmx",
  from: "htmx.org",
  files: ["htmx.min.js"],
  licenceFile: "LICENSE",
  licence: "0BSD",
  note: "Unchanged.",
});
copyLibrary({
  name: "maplibre-gl",
  from: "maplibre-gl",
  files: ["maplibre-gl.mjs", "maplibre-gl-worker.mjs"],
  licenceFile: "LICENSE.txt",
  licence: "BSD-3-Clause",
  note: "Unchanged. Served without hashed names: the module finds its worker beside itself.",
});
