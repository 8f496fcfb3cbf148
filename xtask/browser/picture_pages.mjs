// Tests the pages of `GraphPicture::to_html` in Chromium: `node picture_pages.mjs PAGE..`. The example `pictures` writes the pages.

import assert from "node:assert/strict";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { runTests } from "./chromium.mjs";


const pages = process.argv.slice(2).map((path) => pathToFileURL(resolve(path)).href);
const focused = "document.activeElement.closest('a[data-node]')?.querySelector('.name').textContent ?? null";
const shown = "[...document.querySelectorAll('.node-details')].filter((it) => it.checkVisibility()).map((it) => it.querySelector('h2').textContent)";
const chosen = "document.querySelector('.chosen .name')?.textContent ?? null";
const lit = "[...document.querySelectorAll('a.lit .name')].map((it) => it.textContent).sort().join(' ')";
const viewBox = "document.querySelector('svg').getAttribute('viewBox')";

const tests = {
  async "pages load without errors, requests and overflow"(browser) {
    for (const url of pages) {
      for (const [width, colorScheme] of [[1280, "light"], [1280, "dark"], [420, "light"]]) {
        const page = await browser.open(url, { width, colorScheme });
        const [content, view] = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]");
        assert.ok(content <= view, `the page is ${content} pixels wide in a window of ${view}`);
        assert.deepEqual(page.errors, []);
        assert.deepEqual(page.requests, [url]);
        await page.close();
      }
    }
  },

  async "color schemes differ"(browser) {
    const page = await browser.open(pages[0]);
    const colors = "['body', '.canvas', '.name'].map((it) => getComputedStyle(document.querySelector(it))).map((it) => it.backgroundColor + it.fill)";
    const light = await page.evaluate(colors);
    await page.setColorScheme("dark");
    const dark = await page.evaluate(colors);
    light.forEach((color, at) => assert.notEqual(color, dark[at]));
    await page.close();
  },

  async "all texts are inside their nodes"(browser) {
    for (const url of pages) {
      const page = await browser.open(url);
      const outside = await page.evaluate(`[...document.querySelectorAll('a[data-node]')].flatMap((node) => {
        const box = node.querySelector('.outline').getBBox();
        return [...node.querySelectorAll('text')].filter((text) => {
          const own = text.getBBox();
          return own.x < box.x || own.x + own.width > box.x + box.width || own.y < box.y || own.y + own.height > box.y + box.height;
        }).map((text) => text.textContent);
      })`);
      assert.deepEqual(outside, []);
      await page.close();
    }
  },

  async "slash searches, Enter shows the next match, Escape ends"(browser) {
    const page = await browser.open(pages[0]);
    const name = await page.evaluate("document.querySelectorAll('.node-details h2')[1].textContent");
    await page.press("/");
    assert.equal(await page.evaluate("document.activeElement.id"), "search");
    await page.type(name);
    assert.match(await page.evaluate("document.getElementById('matches').textContent"), /^[1-9]\d* match(es)?$/);
    assert.ok((await page.evaluate("document.querySelectorAll('a.match').length")) > 0);
    await page.press("Enter");
    assert.deepEqual(await page.evaluate(shown), [name]);
    assert.equal(await page.evaluate(chosen), name);
    await page.press("Escape");
    assert.equal(await page.evaluate("document.getElementById('search').value"), "");
    assert.equal(await page.evaluate("document.querySelectorAll('a.match').length"), 0);
    await page.press("Escape");
    assert.deepEqual(await page.evaluate(shown), []);
    await page.type("/no_such_node");
    assert.equal(await page.evaluate("document.getElementById('matches').textContent"), "0 matches");
    await page.close();
  },

  async "Tab moves through the nodes, and Enter shows one"(browser) {
    const page = await browser.open(pages[0]);
    const names = await page.evaluate("[...document.querySelectorAll('a[data-node] .name')].map((it) => it.textContent)");
    await page.evaluate("document.querySelector('#picture').focus()");
    const visited = [];
    for (let step = 0; step < names.length; step++) {
      await page.press("Tab");
      visited.push(await page.evaluate(focused));
    }
    assert.deepEqual(visited, names);
    await page.press("Enter");
    assert.deepEqual(await page.evaluate(shown), [names.at(-1)]);
    assert.match(await page.evaluate("location.hash"), /^#node-\d+$/);
    await page.close();
  },

  async "arrow keys move to a node in their direction"(browser) {
    const page = await browser.open(pages[0]);
    const middle = `(() => {
      const box = document.activeElement.querySelector('.outline').getBoundingClientRect();
      return [box.x + box.width / 2, box.y + box.height / 2];
    })()`;
    await page.press("ArrowDown");
    const first = await page.evaluate(middle);
    await page.press("ArrowDown");
    const second = await page.evaluate(middle);
    assert.ok(second[1] > first[1], `${first} ${second}`);
    await page.press("ArrowUp");
    const third = await page.evaluate(middle);
    assert.ok(third[1] < second[1], `${second} ${third}`);
    await page.close();
  },

  async "upstream and downstream are lit"(browser) {
    const page = await browser.open(pages[0]);
    const last = (await page.evaluate("document.querySelectorAll('.node-details').length")) - 1;
    await page.evaluate(`document.querySelector('a[data-node="${last}"]').dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }))`);
    const both = await page.evaluate(lit);
    await page.press("u");
    const upstream = await page.evaluate(lit);
    await page.press("d");
    const downstream = await page.evaluate(lit);
    const union = [...new Set(`${upstream} ${downstream}`.split(" "))].sort().join(" ");
    assert.equal(both, union);
    // The last node is an input: nothing is upstream of it.
    assert.equal(upstream, await page.evaluate(chosen));
    assert.ok(downstream.split(" ").length > 1);
    assert.ok(await page.evaluate("document.querySelector('svg').classList.contains('faded')"));
    assert.equal(await page.evaluate("document.querySelector('.node-details.shown [data-way=down]').ariaPressed"), "true");
    await page.press("Escape");
    assert.equal(await page.evaluate(lit), "");
    await page.close();
  },

  async "links in the details show the other node"(browser) {
    const page = await browser.open(pages[0]);
    await page.evaluate("location.hash = '#node-0'");
    await page.evaluate("new Promise((resolve) => requestAnimationFrame(resolve))");
    const target = await page.evaluate("document.querySelector('.shown li a').textContent");
    await page.evaluate("document.querySelector('.shown li a').click()");
    await page.evaluate("new Promise((resolve) => requestAnimationFrame(resolve))");
    assert.deepEqual(await page.evaluate(shown), [target]);
    await page.close();
  },

  async "keys and buttons zoom"(browser) {
    const page = await browser.open(pages[0]);
    const width = async () => Number((await page.evaluate(viewBox)).split(" ")[2]);
    const fitted = await width();
    await page.press("+");
    assert.ok((await width()) < fitted);
    await page.press("-");
    assert.ok(Math.abs((await width()) - fitted) < 1);
    await page.evaluate("document.querySelector('[data-zoom=original]').click()");
    assert.equal(await width(), await page.evaluate("document.getElementById('picture').clientWidth"));
    await page.press("0");
    const [x, , part] = (await page.evaluate(viewBox)).split(" ").map(Number);
    const size = await page.evaluate("Number(document.getElementById('picture').dataset.width)");
    assert.ok(x <= 0.5 && x + part >= size - 0.5, "the whole picture is visible");
    await page.close();
  },

  async "pages are complete without scripts"(browser) {
    const page = await browser.open(pages[0], { scripts: false });
    const nodes = await page.evaluate("document.querySelectorAll('a[data-node]').length");
    assert.equal((await page.evaluate(shown)).length, nodes);
    assert.equal(await page.evaluate("document.querySelector('.tools').checkVisibility()"), false);
    const broken = "[...document.querySelectorAll('a[data-node], li a')].filter((it) => document.querySelector(it.getAttribute('href')) === null).length";
    assert.equal(await page.evaluate(broken), 0);
    await page.close();
  },
};

await runTests(tests);
