// Drives a headless Chromium with the modules of Node.js alone. The protocol is the Chrome DevTools Protocol over a pipe: messages are
// JSON texts that end with a zero byte, from file descriptor 3 of Chromium's process to its descriptor 4.
//
//   const browser = await Browser.launch();
//   const page = await browser.open(url, { width: 400, colorScheme: "dark" });
//   await page.press("/");
//   const focused = await page.evaluate("document.activeElement.id");
//   await browser.close();

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROGRAMS = ["chromium", "chromium-browser", "google-chrome", "chrome"];
const OPTIONS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-pipe",
];
// Keys whose code and text differ from the key.
const KEYS = {
  Enter: { code: "Enter", keyCode: 13, text: "\r" },
  Escape: { code: "Escape", keyCode: 27 },
  Tab: { code: "Tab", keyCode: 9 },
  ArrowUp: { code: "ArrowUp", keyCode: 38 },
  ArrowDown: { code: "ArrowDown", keyCode: 40 },
  ArrowLeft: { code: "ArrowLeft", keyCode: 37 },
  ArrowRight: { code: "ArrowRight", keyCode: 39 },
  Home: { code: "Home", keyCode: 36 },
  End: { code: "End", keyCode: 35 },
};

// A running Chromium.
export class Browser {
  #process;
  #profile;
  #calls = new Map();
  #sessions = new Map();
  #next = 1;

  // Starts `CHROMIUM`, or the first program that exists.
  static async launch() {
    const programs = process.env.CHROMIUM ? [process.env.CHROMIUM] : PROGRAMS;
    const profile = await mkdtemp(join(tmpdir(), "chromium-"));
    for (const program of programs) {
      const child = spawn(program, [...OPTIONS, `--user-data-dir=${profile}`], {
        stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
      });
      const [event] = await Promise.race([
        once(child, "spawn").then(() => ["spawn"]),
        once(child, "error").then(() => ["error"]),
      ]);
      if (event === "spawn") return new Browser(child, profile);
    }
    await rm(profile, { recursive: true, force: true });
    throw new Error(`none of these programs exists: ${programs.join(", ")}`);
  }

  constructor(child, profile) {
    this.#process = child;
    this.#profile = profile;
    let text = "";
    child.stdio[4].setEncoding("utf8").on("data", (part) => {
      const messages = (text + part).split("\0");
      text = messages.pop();
      messages.forEach((message) => this.#receive(JSON.parse(message)));
    });
    child.once("exit", () => {
      for (const { reject } of this.#calls.values()) reject(new Error("Chromium ended"));
      this.#calls.clear();
    });
    // A write after the end of the process is reported by the calls.
    child.stdio[3].on("error", () => {});
  }

  #receive({ id, sessionId, method, params, result, error }) {
    if (id === undefined) {
      this.#sessions.get(sessionId)?.(method, params);
      return;
    }
    const { resolve, reject } = this.#calls.get(id);
    this.#calls.delete(id);
    if (error) reject(new Error(error.message));
    else resolve(result);
  }

  // Sends a command of the protocol.
  call(method, params = {}, sessionId = undefined) {
    const id = this.#next++;
    const answer = new Promise((resolve, reject) => this.#calls.set(id, { resolve, reject }));
    this.#process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return answer;
  }

  // Calls `listener` for each event of a session.
  listen(sessionId, listener) {
    this.#sessions.set(sessionId, listener);
  }

  // Opens a page and waits until it is loaded.
  async open(url, { width = 1280, height = 900, colorScheme = "light", scripts = true } = {}) {
    const { targetId } = await this.call("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.call("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, sessionId, targetId);
    await page.prepare({ width, height, colorScheme, scripts });
    await page.load(url);
    return page;
  }

  async close() {
    const ended = once(this.#process, "exit");
    this.#process.kill();
    await ended;
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

// A tab.
export class Page {
  // Exceptions, messages of `console.error`, and refused content.
  errors = [];
  // The addresses of all requests.
  requests = [];
  #browser;
  #session;
  #target;
  #onLoad = () => {};

  constructor(browser, session, target) {
    this.#browser = browser;
    this.#session = session;
    this.#target = target;
    browser.listen(session, (method, params) => this.#receive(method, params));
  }

  #call(method, params) {
    return this.#browser.call(method, params, this.#session);
  }

  #receive(method, params) {
    if (method === "Page.loadEventFired") this.#onLoad();
    if (method === "Network.requestWillBeSent") this.requests.push(params.request.url);
    if (method === "Runtime.exceptionThrown") this.errors.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    if (method === "Runtime.consoleAPICalled" && params.type === "error") this.errors.push(JSON.stringify(params.args));
    if (method === "Log.entryAdded" && params.entry.level === "error") this.errors.push(params.entry.text);
  }

  async prepare({ width, height, colorScheme, scripts }) {
    for (const domain of ["Page", "Runtime", "Log", "Network"]) await this.#call(`${domain}.enable`);
    await this.#call("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
    await this.setColorScheme(colorScheme);
    await this.#call("Emulation.setFocusEmulationEnabled", { enabled: true });
    if (!scripts) await this.#call("Emulation.setScriptExecutionDisabled", { value: true });
  }

  async load(url) {
    const loaded = new Promise((resolve) => (this.#onLoad = resolve));
    const { errorText } = await this.#call("Page.navigate", { url });
    if (errorText) throw new Error(`${url}: ${errorText}`);
    await loaded;
  }

  setColorScheme(value) {
    return this.#call("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value }] });
  }

  // Returns the value of an expression. It must be serializable as JSON.
  async evaluate(expression) {
    const { result, exceptionDetails } = await this.#call("Runtime.evaluate", {
      expression, returnByValue: true, awaitPromise: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  // Presses and releases a key, such as `a`, `/` or `ArrowDown`.
  async press(key) {
    const { code, keyCode, text } = KEYS[key] ?? { code: "", keyCode: key.toUpperCase().charCodeAt(0), text: key };
    const event = { key, code, windowsVirtualKeyCode: keyCode };
    await this.#call("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", text, ...event });
    await this.#call("Input.dispatchKeyEvent", { type: "keyUp", ...event });
  }

  // Types text into the focused element.
  async type(text) {
    for (const letter of text) await this.press(letter);
  }

  // Writes a picture of the whole page as PNG.
  async screenshot(path) {
    const { data } = await this.#call("Page.captureScreenshot", { captureBeyondViewport: true });
    await writeFile(path, Buffer.from(data, "base64"));
  }

  async close() {
    await this.#browser.call("Target.closeTarget", { targetId: this.#target });
  }
}

// Runs tests, which are functions of a browser by name, prints their results, and sets the exit status of the process. `then` runs after
// the tests.
export async function runTests(tests, then = async () => {}) {
  const LIMIT = 120_000;
  // A Chromium that hangs must not hang CI.
  const timer = setTimeout(() => {
    console.error(`the pages were not tested within ${LIMIT / 1000} s`);
    process.exit(1);
  }, LIMIT);
  const browser = await Browser.launch();
  let failed = 0;
  try {
    for (const [name, test] of Object.entries(tests)) {
      try {
        await test(browser);
        console.log(`ok      ${name}`);
      } catch (error) {
        failed += 1;
        console.log(`FAILED  ${name}\n${error.stack}`);
      }
    }
    await then(browser);
  } finally {
    clearTimeout(timer);
    await browser.close();
  }
  process.exitCode = failed === 0 ? 0 : 1;
}
