// Audits pages with Lighthouse and prints what it found as JSON: node audit.mjs '{"chrome": "/usr/bin/chromium", "runs": 1, "pages": [...]}'
// One browser for all; mobile, with Lighthouse's own simulated line (the numbers of performance are of this machine).
// What is gated is asked without a trace, which a busy machine may fail to record; performance is asked apart.
import lighthouse from "lighthouse";
import { launch } from "chrome-launcher";

const asked = JSON.parse(process.argv[2]);
const CATEGORIES = ["accessibility", "best-practices", "seo"];
const TRIES = 3;
const chrome = await launch({ chromePath: asked.chrome, chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu"] });

async function report(page, onlyCategories) {
  let fault = "";
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const { lhr } = await lighthouse(page.url, {
      port: chrome.port, output: "json", logLevel: "error", formFactor: "mobile", extraHeaders: page.headers ?? {},
      onlyCategories,
    });
    if (!lhr.runtimeError) return lhr;
    fault = lhr.runtimeError.message;
  }
  throw new Error(`${page.url}: ${fault}`);
}

function faults(lhr, category) {
  return lhr.categories[category].auditRefs.flatMap(({ id, weight }) => {
    const audit = lhr.audits[id];
    if (!weight || audit.score === null || audit.score === 1) return [];
    const where = (audit.details?.items ?? []).slice(0, 3).map((item) => item.node?.snippet ?? item.source ?? item.href ?? item.url ?? item.description ?? "");
    return [`${category}: ${audit.title} ${JSON.stringify(where)}`];
  });
}

async function performance(page) {
  try {
    const lhr = await report(page, ["performance"]);
    return [{
      score: Math.round(100 * lhr.categories.performance.score),
      lcp_ms: Math.round(lhr.audits["largest-contentful-paint"].numericValue),
      bytes: lhr.audits["total-byte-weight"].numericValue,
    }];
  } catch (fault) {
    console.error(`sin medir: ${fault.message}`);
    return [];
  }
}

const answer = [];
try {
  for (const page of asked.pages) {
    const lhr = await report(page, CATEGORIES);
    const scores = Object.fromEntries(CATEGORIES.map((category) => [category, Math.round(100 * lhr.categories[category].score)]));
    const told = { name: page.name, url: page.url, scores, performance: [], faults: CATEGORIES.flatMap((each) => faults(lhr, each)) };
    for (let run = 0; run < asked.runs; run += 1) told.performance.push(...(await performance(page)));
    answer.push(told);
  }
} finally {
  chrome.kill();
}
process.stdout.write(JSON.stringify(answer));
