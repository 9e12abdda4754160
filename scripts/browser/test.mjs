// Opens the pages of onpar and tries everything on them. Run by scripts/test-browser with the program and a folder for
// pages and screenshots.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";

const [program, folder] = process.argv.slice(2).map((path) => resolve(path));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Runs the program; a verdict other than 0 is no failure here. */
const onpar = (...args) => {
  try {
    return execFileSync(program, args, { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    if ([1, 3, 5].includes(error.status)) return error.stdout;
    throw error;
  }
};

const HOSTILE =
  "\"'><script>window.harmed=1</script><img src=x onerror=\"window.harmed=2\"><svg onload=window.harmed=3>=1+1|\u202e\u2066\u0007";

/** A session of a scripted device of this name, with a failure of each kind. */
const scripted = (name, runs) => {
  const home = join(folder, "scripted-" + runs);
  mkdirSync(home, { recursive: true });
  const script = join(home, "script.json");
  writeFileSync(script, JSON.stringify({
    adapter: name, device_type: "discrete", clock: true, operations_per_second: 1e12, bytes_per_second: 1e11,
    cases: [{ match: "n=65", fault: "wrong" }],
  }));
  const cases = ["copy/f32/-/n=64/hot", "copy/f32/-/n=65/hot", "fma/f32/affine/n=64,steps=16/hot",
    ...[8, 16, 32, 64].map((n) => `matmul/f32/nn/k=${n},m=${n},n=${n}/hot`)];
  onpar("run", "--quiet", "--device", "scripted:" + script, "--runs", String(runs), "--out", join(home, "out"),
    ...cases.flatMap((one) => ["--case", one]));
  const device = readdirSync(join(home, "out"))[0];
  const session = readdirSync(join(home, "out", device))[0];
  return join(home, "out", device, session);
};

const stored = () => {
  const device = readdirSync("results").find((name) => existsSync(join("results", name)) && !name.includes("."));
  return join("results", device, readdirSync(join("results", device))[0]);
};

/** A table of values that become worse in the middle, with a name that is hostile. */
const series = () => {
  const lines = [...Array(40).keys()].map((i) => {
    const time = new Date(Date.UTC(2026, 0, 1 + i)).toISOString();
    return ["a", HOSTILE].map((name) => `"${name.replaceAll("\"", "\"\"")}",${time},${(i < 20 ? 10 : 14) + (i * 7 % 5) / 10}`);
  });
  const file = join(folder, "series.csv");
  writeFileSync(file, "series,time,value\n" + lines.flat().join("\n") + "\n");
  return file;
};

/** Pages by name. */
const pages = () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const hostile = scripted(HOSTILE, 1);
  const several = scripted("Scripted", 5);
  assert.ok(existsSync(join(hostile, "report.html")), "a run writes a page");
  const html = {
    session: onpar("report", stored(), "--format", "html"),
    hostile: readFileSync(join(hostile, "report.html"), "utf8"),
    several: onpar("report", several, stored(), "--format", "html"),
    compare: onpar("compare", several, several, "--html"),
    mixed: onpar("compare", several, stored(), "--html"),
    claim: onpar("audit", "article-zhenwu-vs-h20", "--html", "--explain"),
    claims: onpar("audit", "--html"),
    history: onpar("history", "--series", series(), "--format", "html"),
  };
  for (const [name, text] of Object.entries(html)) writeFileSync(join(folder, name + ".html"), text);
  return Object.keys(html);
};

// Without these Chromium looks for hosts that have nothing to do with a page.
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });

/** Opens a page, lets `look` at it, and fails on any error that it printed and any request but that for itself. */
const open = async (name, options, look) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const address = "file://" + join(folder, name + ".html");
  const wrong = [];
  page.on("console", (message) => { if (message.type() !== "log") wrong.push(message.text()); });
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("request", (request) => { if (request.url().split("#")[0] !== address) wrong.push("asks for " + request.url()); });
  page.on("dialog", (dialog) => { wrong.push("a dialog"); dialog.dismiss(); });
  await page.goto(address);
  await look(page);
  assert.deepEqual(wrong, [], name);
  await context.close();
};

let count = 0;
const test = async (title, body) => {
  try {
    await body();
    count += 1;
    console.log("ok   " + title);
  } catch (error) {
    console.log("FAIL " + title + "\n" + error.stack);
    process.exitCode = 1;
  }
};

const names = pages();

for (const name of names) {
  for (const [width, colorScheme] of [[1280, "light"], [1280, "dark"], [390, "light"], [390, "dark"]]) {
    await test(`${name} at ${width} pixels, ${colorScheme}: nothing sticks out, WCAG 2.2 AA`, () =>
      open(name, { viewport: { width, height: 900 }, colorScheme, bypassCSP: true }, async (page) => {
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `the page is ${wide} pixels too wide`);
        await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`) });
        // Folded parts are checked as a reader sees them.
        await page.evaluate(() => { for (const folded of document.querySelectorAll("figure details")) folded.open = true; });
        await page.evaluate(axe);
        const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
        const found = await page.evaluate((values) => axe.run(document, { runOnly: { type: "tag", values } }), tags);
        const told = found.violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join(" | ")}`);
        assert.deepEqual(told, []);
      }));
  }
  await test(`${name} without script: every chart, table and sample is there`, () =>
    open(name, { javaScriptEnabled: false }, async (page) => {
      for (const chart of await page.locator(".canvas:not(.linear) svg.chart").all()) assert.ok(await chart.isVisible());
      for (const table of await page.locator("section > .scroll > table").all()) assert.ok(await table.isVisible());
      assert.equal(await page.locator(".for-script").first().isVisible(), false);
      for (const folded of await page.locator("figure details, .samples").all()) {
        await folded.locator("summary").first().click();
        assert.ok(await folded.locator("table, svg").first().isVisible());
      }
    }));
}

await test("a column is sorted both ways, unknown values last", () =>
  open("session", {}, async (page) => {
    const values = () => page.$$eval("#s1-rows tbody tr", (rows) => rows.map((row) => Number(row.cells[5].dataset.sort ?? NaN)));
    const before = await values();
    const button = page.locator("#s1-rows thead th").nth(5).locator("button");
    for (const [word, sign] of [["descending", -1], ["ascending", 1]]) {
      await button.click();
      assert.equal(await page.locator("#s1-rows thead th").nth(5).getAttribute("aria-sort"), word);
      const after = await values();
      const known = after.filter((value) => !Number.isNaN(value));
      assert.deepEqual(known, [...known].sort((a, b) => sign * (a - b)));
      assert.ok(after.slice(known.length).every(Number.isNaN));
      assert.notDeepEqual(after, before);
    }
  }));

await test("rows are filtered by words and by kind, and counted", () =>
  open("session", {}, async (page) => {
    const shown = () => page.locator("#s1-rows tbody tr:visible").count();
    const all = await shown();
    const tools = page.locator(".tools[data-for=s1-rows-table]");
    await tools.locator("input").fill("matmul f32 m=64");
    const some = await shown();
    assert.ok(some > 0 && some < all, `${some} of ${all}`);
    assert.equal(await tools.locator("output").textContent(), `${some} of ${all} rows`);
    await tools.locator("input").fill("");
    await tools.locator("select").selectOption("flagged");
    const flagged = await shown();
    assert.ok(flagged > 0 && flagged < all);
  }));

await test("a chip is chosen: its column and its sentence stay, the others step back", () =>
  open("session", {}, async (page) => {
    await page.locator("#chip").selectOption("2");
    assert.ok(await page.locator(".lead [data-chip='2']").isVisible());
    for (const other of ["0", "1"]) {
      assert.equal(await page.locator(`.lead [data-chip='${other}']`).isVisible(), false);
      assert.equal(await page.locator(`#s1-rows thead [data-chip='${other}']`).isVisible(), false);
    }
    const opacity = (color) => page.$eval(`.chart [fill='${color}']`, (bar) => getComputedStyle(bar).opacity);
    assert.equal(await opacity("#5C2A00"), "1");
    assert.notEqual(await opacity("#D55E00"), "1");
    await page.locator("#chip").selectOption("");
    assert.ok(await page.locator("#s1-rows thead [data-chip='0']").isVisible());
  }));

await test("axes are log or linear", () =>
  open("session", {}, async (page) => {
    const [log, linear] = [".canvas.log", ".canvas.linear"].map((kind) => page.locator("#s1-rates " + kind));
    assert.ok(await log.isVisible());
    assert.equal(await linear.isVisible(), false);
    await page.locator("#axes").selectOption("linear");
    assert.ok(await linear.isVisible());
    assert.equal(await log.isVisible(), false);
    assert.match(await linear.textContent(), /linear scale/);
  }));

await test("the theme is switched against the system and remembered", () =>
  open("session", { colorScheme: "light" }, async (page) => {
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const bar = () => page.$eval(".chart [fill='#0072B2']", (shape) => getComputedStyle(shape).fill);
    const [light, lightBar] = [await paper(), await bar()];
    await page.locator("#theme").selectOption("dark");
    assert.notEqual(await paper(), light);
    assert.notEqual(await bar(), lightBar);
    await page.reload();
    assert.notEqual(await paper(), light);
    await page.locator("#theme").selectOption("light");
    assert.equal(await paper(), light);
  }));

await test("a bar tells value, interval and source when it is pointed at, and Escape ends it", () =>
  open("session", {}, async (page) => {
    const hint = page.locator("#s1-rates .canvas.log .hint").first();
    await hint.scrollIntoViewIfNeeded();
    await hint.hover();
    const tip = page.locator("#tip");
    assert.ok(await tip.isVisible());
    assert.match(await tip.textContent(), /GB\/s.*interval .*samples in 1 run/);
    await page.keyboard.press("Escape");
    assert.equal(await tip.isVisible(), false);
    const published = page.locator("#s1-rates .canvas.log .hint[data-tip^='NVIDIA H20']").first();
    await published.scrollIntoViewIfNeeded();
    await published.hover();
    assert.match(await tip.textContent(), /published/);
  }));

await test("a chart with the focus is stepped through by the arrow keys", () =>
  open("session", {}, async (page) => {
    await page.locator("#s1-rates .canvas.log").focus();
    const tip = page.locator("#tip");
    const told = [];
    for (const key of ["ArrowRight", "ArrowRight", "ArrowLeft"]) {
      await page.keyboard.press(key);
      await tip.waitFor({ state: "visible" });
      told.push(await tip.textContent());
    }
    assert.match(told[0], /GB\/s/);
    assert.notEqual(told[1], told[0]);
    assert.equal(told[2], told[0]);
    assert.equal(await page.locator(".hint.told").count(), 1);
    await page.keyboard.press("Escape");
    assert.equal(await tip.isVisible(), false);
  }));

await test("a page about a software adapter says so first", async () => {
  for (const name of ["session", "mixed"]) {
    await open(name, {}, async (page) => {
      const top = await page.locator("main").locator("[role=note], h1, h2").first();
      assert.match(await top.textContent(), /Software adapter/, name);
    });
  }
  await open("compare", {}, async (page) => assert.equal(await page.locator("[role=note]").count(), 0));
});

await test("a row leads to its samples, and a source to where it is told of", () =>
  open("session", {}, async (page) => {
    const link = page.locator("#s1-rows tbody th a").nth(3);
    const place = (await link.getAttribute("href")).slice(1);
    await link.click();
    assert.ok(await page.locator("#" + place).isVisible());
    assert.equal(await page.locator(".samples:visible").count(), 1);
    const source = page.locator("#s1-figures tbody a").first();
    const row = (await source.getAttribute("href")).slice(1);
    await source.click();
    assert.ok(await page.locator(`[id="${row}"]`).isVisible());
  }));

await test("hostile texts do nothing, with script and without", async () => {
  for (const javaScriptEnabled of [true, false]) {
    await open("hostile", { javaScriptEnabled }, async (page) => {
      if (javaScriptEnabled) {
        for (const hint of await page.locator(".canvas.log .hint").all()) await hint.hover({ force: true });
        assert.equal(await page.evaluate(() => window.harmed), undefined);
      }
      assert.equal(await page.locator("img").count(), 0);
      assert.equal(await page.locator("script").count(), 1);
      assert.match(await page.locator("h1").textContent(), /<script>window\.harmed=1<\/script>/);
    });
  }
});

await test("markup that found a way in would do nothing", async () => {
  const text = readFileSync(join(folder, "session.html"), "utf8");
  writeFileSync(join(folder, "injected.html"), text.replace("<main",
    "<script>window.harmed=1</script><img src=x onerror=\"window.harmed=2\"><style>body{color:red}</style><main"));
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto("file://" + join(folder, "injected.html"));
  assert.equal(await page.evaluate(() => window.harmed), undefined);
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.body).color), "rgb(255, 0, 0)");
  await context.close();
});

await test("a page prints", () =>
  open("session", {}, async (page) => {
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.locator("#s1-source-table").isVisible(), "what is folded is on paper");
    const pdf = await page.pdf({ format: "A4", path: join(folder, "session.pdf") });
    assert.ok(pdf.length > 50_000);
  }));

await browser.close();
console.log(`${count} tests passed${process.exitCode ? ", some failed" : ""}; screenshots are in ${folder}`);
