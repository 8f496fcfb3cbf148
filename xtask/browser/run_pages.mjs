// Tests the pages of `cargo icosian runs show --html` in Chromium: `node run_pages.mjs FOLDER [--pictures]`. FOLDER contains the pages
// that the example `sample_pages` of `icosian-runs` writes.

import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { runTests } from "./chromium.mjs";

const PAGES = ["small", "failing", "expansion", "crash", "hostile", "large"];

const folder = resolve(process.argv[2]);
const address = (name) => pathToFileURL(join(folder, `${name}.html`)).href;
const focused = "document.activeElement.textContent";
const background = "getComputedStyle(document.body).backgroundColor";

const tests = {
  async "pages load without errors, requests and horizontal overflow"(browser) {
    for (const name of PAGES) {
      for (const width of [1280, 400]) {
        const page = await browser.open(address(name), { width });
        const [content, view] = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]");
        assert.ok(content <= view, `${name} is ${content} pixels wide in a window of ${view}`);
        assert.deepEqual(page.errors, [], name);
        assert.deepEqual(page.requests, [address(name)], name);
        await page.close();
      }
    }
  },

  async "the script runs, and content of a record does not"(browser) {
    const page = await browser.open(address("hostile"));
    assert.equal(await page.evaluate("document.documentElement.className"), "scripted");
    assert.match(await page.evaluate("document.title"), /<\/script>/);
    assert.equal(await page.evaluate("document.images.length"), 0);
    assert.equal(await page.evaluate("document.scripts.length"), 1);
    await page.close();
  },

  async "color schemes differ, and text has enough contrast"(browser) {
    for (const name of ["failing", "expansion", "crash"]) {
      const page = await browser.open(address(name));
      const colors = [];
      for (const scheme of ["light", "dark"]) {
        await page.setColorScheme(scheme);
        colors.push(await page.evaluate(background));
        assert.deepEqual(await page.evaluate(`(${lowContrast})()`), [], `${name}, ${scheme}`);
      }
      assert.notEqual(colors[0], colors[1]);
      await page.close();
    }
  },

  async "slash searches the table"(browser) {
    const page = await browser.open(address("failing"));
    await page.press("/");
    assert.equal(await page.evaluate("document.activeElement.id"), "search");
    await page.type("validate_5");
    const found = "[...document.querySelectorAll('tbody:not([hidden])')].length";
    assert.ok((await page.evaluate(found)) < 10);
    assert.match(await page.evaluate("document.getElementById('found').textContent"), /^\d of 60 nodes$/);
    await page.press("/");
    assert.equal(await page.evaluate("document.getElementById('search').value"), "validate_5/");
    assert.equal(await page.evaluate(found), 0);
    await page.press("Escape");
    assert.equal(await page.evaluate(found), 60);
    await page.close();
  },

  async "arrow keys move in the table, and Enter shows details"(browser) {
    const page = await browser.open(address("failing"));
    await page.press("/");
    await page.press("ArrowDown");
    const names = await page.evaluate("[...document.querySelectorAll('.expand')].map((it) => it.textContent)");
    assert.equal(await page.evaluate(focused), names[0]);
    for (const [key, at] of [["ArrowDown", 1], ["ArrowDown", 2], ["ArrowUp", 1], ["End", 59], ["ArrowDown", 59], ["Home", 0]]) {
      await page.press(key);
      assert.equal(await page.evaluate(focused), names[at], key);
    }
    const isShown = "getComputedStyle(document.getElementById('d0')).display !== 'none'";
    assert.equal(await page.evaluate(isShown), false);
    await page.press("Enter");
    assert.equal(await page.evaluate(isShown), true);
    assert.equal(await page.evaluate("document.activeElement.ariaExpanded"), "true");
    assert.notEqual(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle"), "none");
    await page.press("Enter");
    assert.equal(await page.evaluate(isShown), false);
    await page.close();
  },

  async "columns sort in both directions"(browser) {
    const page = await browser.open(address("failing"));
    const times = "[...document.querySelectorAll('tbody')].map((it) => Number(it.rows[0].cells[4].dataset.value))";
    await page.evaluate("document.querySelector('[data-column=\"4\"]').focus()");
    await page.press("Enter");
    const descending = await page.evaluate(times);
    assert.deepEqual(descending, [...descending].sort((a, b) => b - a));
    assert.equal(await page.evaluate("document.activeElement.parentElement.ariaSort"), "descending");
    await page.press("Enter");
    assert.deepEqual(await page.evaluate(times), descending.reverse());
    await page.close();
  },

  async "links open the details of a node"(browser) {
    const page = await browser.open(address("failing"));
    await page.evaluate("document.querySelector('.error a').click()");
    await page.evaluate("new Promise((resolve) => requestAnimationFrame(resolve))");
    assert.equal(await page.evaluate(focused), "validate_5");
    assert.equal(await page.evaluate("document.activeElement.ariaExpanded"), "true");
    await page.close();
  },

  async "the timeline zooms with buttons and keys"(browser) {
    for (const width of [1280, 400]) {
      const page = await browser.open(address("failing"), { width });
      const content = "document.querySelector('.lanes').offsetWidth";
      const ticks = "document.querySelectorAll('.ticks span').length";
      const before = [await page.evaluate(content), await page.evaluate(ticks)];
      await page.evaluate("document.getElementById('zoom-in').click()");
      assert.ok(Math.abs((await page.evaluate(content)) - 2 * before[0]) <= 2);
      await page.evaluate("document.getElementById('lanes').focus()");
      await page.press("+");
      assert.ok(Math.abs((await page.evaluate(content)) - 4 * before[0]) <= 4);
      assert.ok((await page.evaluate(ticks)) > before[1]);
      await page.press("0");
      assert.deepEqual([await page.evaluate(content), await page.evaluate(ticks)], before);
      await page.close();
    }
  },

  async "failed nodes are in view"(browser) {
    for (const width of [1280, 400]) {
      const page = await browser.open(address("failing"), { width, height: 600 });
      const positions = await page.evaluate(`[[".scroll", ".lane.failed .who"], [".picture", ".node.failed"]].map((selectors) => {
        const [outer, inner] = selectors.map((it) => document.querySelector(it).getBoundingClientRect());
        return inner.top >= outer.top && inner.bottom <= outer.bottom;
      })`);
      assert.deepEqual(positions, [true, true]);
      await page.close();
    }
  },

  async "bars are within the timeline, in the order of time"(browser) {
    const page = await browser.open(address("failing"));
    const outside = await page.evaluate(`[...document.querySelectorAll('.bars')].flatMap((bars) => {
      const lane = bars.getBoundingClientRect();
      return [...bars.querySelectorAll('rect')].map((bar) => bar.getBoundingClientRect())
        .filter((bar) => bar.left < lane.left - 1 || bar.right > lane.right + 1 || bar.width < 1);
    }).length`);
    assert.equal(outside, 0);
    assert.equal(await page.evaluate("document.querySelectorAll('.lane').length"), 60);
    await page.close();
  },

  async "pages are complete without scripts"(browser) {
    const page = await browser.open(address("failing"), { scripts: false });
    const hidden = "[...document.querySelectorAll('tbody, .details')].filter((it) => getComputedStyle(it).display === 'none').length";
    assert.equal(await page.evaluate(hidden), 0);
    assert.equal(await page.evaluate("getComputedStyle(document.querySelector('.toolbar')).display"), "none");
    await page.close();
  },

  async "landmarks, names and headings exist"(browser) {
    for (const name of PAGES) {
      const page = await browser.open(address(name));
      assert.deepEqual(await page.evaluate(`(${accessibilityFaults})()`), [], name);
      await page.close();
    }
  },
};

// Runs in the page. Returns texts whose contrast with their background is below 4.5, or 3 for large text.
function lowContrast() {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const parse = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return { rgb: [red, green, blue], alpha: alpha / 255 };
  };
  const luminance = (rgb) => {
    const [red, green, blue] = rgb.map((it) => it / 255).map((it) => (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (element) => {
    for (let it = element; it; it = it.parentElement) {
      const color = parse(getComputedStyle(it).backgroundColor);
      if (color.alpha > 0.9) return color.rgb;
    }
    return [255, 255, 255];
  };
  const found = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || element.closest("script, svg, .picture") || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const [light, dark] = [luminance(parse(style.color).rgb), luminance(behind(element))].sort((a, b) => b - a);
    const isLarge = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.6 && Number(style.fontWeight) >= 700);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < (isLarge ? 3 : 4.5)) found.add(`${contrast.toFixed(2)}: ${element.tagName} .${element.className}`);
  }
  return [...found];
}

// Runs in the page. Returns missing landmarks, labels and repeated identifiers.
function accessibilityFaults() {
  const faults = [];
  if (document.documentElement.lang !== "en") faults.push("no language");
  if (!document.title) faults.push("no title");
  for (const landmark of ["header", "nav", "main"]) {
    if (document.querySelectorAll(`body > ${landmark}`).length !== 1) faults.push(`not one ${landmark}`);
  }
  if (document.querySelectorAll("h1").length !== 1) faults.push("not one h1");
  for (const control of document.querySelectorAll("input, select")) {
    if (!control.labels.length) faults.push(`no label: ${control.id}`);
  }
  for (const part of document.querySelectorAll("section, nav, [role=region], [role=img]")) {
    const label = part.getAttribute("aria-label") ?? document.getElementById(part.getAttribute("aria-labelledby"))?.textContent;
    if (!label) faults.push(`no label: ${part.tagName} ${part.id}`);
  }
  for (const button of document.querySelectorAll("button, a")) {
    if (!button.textContent.trim()) faults.push(`no text: ${button.outerHTML.slice(0, 60)}`);
  }
  const ids = [...document.querySelectorAll("[id]")].map((it) => it.id);
  faults.push(...ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `repeated id ${id}`));
  for (const link of document.querySelectorAll("a[href^='#']")) {
    if (!document.getElementById(link.hash.slice(1))) faults.push(`broken link ${link.hash}`);
  }
  return faults;
}

async function takePictures(browser) {
  for (const name of PAGES) {
    for (const [width, colorScheme] of [[1280, "light"], [1280, "dark"], [400, "light"], [400, "dark"]]) {
      const page = await browser.open(address(name), { width, colorScheme });
      await page.screenshot(join(folder, `${name}-${width}-${colorScheme}.png`));
      await page.close();
    }
  }
}

await runTests(tests, async (browser) => {
  if (process.argv.includes("--pictures")) await takePictures(browser);
});
