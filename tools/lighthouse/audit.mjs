// Audits pages with Lighthouse and prints what it found as JSON: node audit.mjs '{"chrome": "/usr/bin/chromium", "runs": 1, "pages": [...]}'
// One browser for all; mobile, with Lighthouse's own simulated line (the numbers of performance are of this machine).
import lighthouse from "lighthouse";
import { launch } from "chrome-launcher";

const asked = JSON.parse(process.argv[2]);
const CATEGORIES = ["accessibility", "best-practices", "seo"];
const chrome = await launch({ chromePath: asked.chrome, chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu"] });
const answer = [];
try {
  for (const page of asked.pages) {
    const told = { name: page.name, url: page.url, scores: {}, performance: [], faults: [] };
    for (let run = 0; run < asked.runs; run += 1) {
      const { lhr } = await lighthouse(page.url, {
        port: chrome.port, output: "json", logLevel: "error", formFactor: "mobile", extraHeaders: page.headers ?? {},
        onlyCategories: run ? ["performance"] : [...CATEGORIES, "performance"], disableStorageReset: true,
      });
      if (lhr.runtimeError) throw new Error(`${page.url}: ${lhr.runtimeError.message}`);
      told.performance.push({
        score: Math.round(100 * lhr.categories.performance.score),
        lcp_ms: Math.round(lhr.audits["largest-contentful-paint"].numericValue),
        bytes: lhr.audits["total-byte-weight"].numericValue,
      });
      if (run) continue;
      for (const category of CATEGORIES) {
        const { score, auditRefs } = lhr.categories[category];
        told.scores[category] = Math.round(100 * score);
        for (const { id, weight } of auditRefs) {
          const audit = lhr.audits[id];
          if (weight && audit.score !== null && audit.score < 1) {
            const where = (audit.details?.items ?? []).slice(0, 3).map((item) => item.node?.snippet ?? item.source ?? item.href ?? item.url ?? item.description ?? "");
            told.faults.push(`${category}: ${audit.title} ${JSON.stringify(where)}`);
          }
        }
      }
    }
    answer.push(told);
  }
} finally {
  chrome.kill();
}
process.stdout.write(JSON.stringify(answer));
