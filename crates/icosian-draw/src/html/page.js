"use strict";
(() => {
  const picture = document.getElementById("picture");
  const svg = picture.querySelector("svg");
  const search = document.getElementById("search");
  const matches = document.getElementById("matches");
  const help = document.querySelector(".help");
  const nodes = [...svg.querySelectorAll("a[data-node]")];
  const edges = [...svg.querySelectorAll(".edge[data-from]")];
  const labels = [...svg.querySelectorAll(".edge-label")];
  // Edges that are lit move to the end of the edges, above the others.
  const firstLabel = edges.length > 0 ? edges[edges.length - 1].nextElementSibling : null;
  const sections = [...document.querySelectorAll(".node-details")];
  const size = { width: +picture.dataset.width, height: +picture.dataset.height };
  const view = { x: 0, y: 0, scale: 1 };
  let chosen = null;
  let shownWay = "both";
  let found = [];
  let isFitted = true;

  document.body.classList.add("interactive");
  document.querySelector(".tools").hidden = false;
  help.hidden = false;

  // The neighbors of each node, by direction.
  const neighbors = { up: nodes.map(() => []), down: nodes.map(() => []) };
  for (const edge of edges) {
    neighbors.up[edge.dataset.to].push(+edge.dataset.from);
    neighbors.down[edge.dataset.from].push(+edge.dataset.to);
  }

  // The view: a part of the picture, set as the view box.
  function applyView() {
    const width = picture.clientWidth / view.scale;
    const height = picture.clientHeight / view.scale;
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${width} ${height}`);
  }

  function center(x, y) {
    view.x = x - picture.clientWidth / view.scale / 2;
    view.y = y - picture.clientHeight / view.scale / 2;
    applyView();
  }

  function fit(limit) {
    const scale = Math.min(picture.clientWidth / size.width, picture.clientHeight / size.height);
    view.scale = Math.min(Math.max(scale, 0.02), limit);
    center(size.width / 2, size.height / 2);
    isFitted = true;
  }

  function zoom(factor, x, y) {
    const old = view.scale;
    isFitted = false;
    view.scale = Math.min(Math.max(old * factor, 0.02), 8);
    view.x += x / old - x / view.scale;
    view.y += y / old - y / view.scale;
    applyView();
  }

  const zoomAtCenter = (factor) => zoom(factor, picture.clientWidth / 2, picture.clientHeight / 2);

  function original() {
    view.scale = 1;
    isFitted = false;
    if (chosen === null) {
      view.x = Math.min(0, (size.width - picture.clientWidth) / 2);
      view.y = Math.min(0, (size.height - picture.clientHeight) / 2);
      applyView();
    } else {
      show(chosen);
    }
  }

  // The center of a node in the picture.
  const middles = nodes.map((node) => {
    const box = node.querySelector(".outline").getBBox();
    const group = node.closest("g[transform]").transform.baseVal.consolidate().matrix;
    return { x: box.x + box.width / 2 + group.e, y: box.y + box.height / 2 + group.f, width: box.width };
  });

  // Moves the view only if the node is not visible.
  function show(index) {
    const { x, y } = middles[index];
    const right = view.x + picture.clientWidth / view.scale;
    const bottom = view.y + picture.clientHeight / view.scale;
    const margin = 40 / view.scale;
    const isVisible = x > view.x + margin && x < right - margin && y > view.y + margin && y < bottom - margin;
    if (isVisible) return;
    isFitted = false;
    center(x, y);
  }

  function reach(start, ways) {
    const seen = new Set([start]);
    for (const way of ways) {
      const open = [start];
      const visited = new Set(open);
      while (open.length > 0) {
        for (const next of neighbors[way][open.pop()]) {
          if (!visited.has(next)) {
            visited.add(next);
            seen.add(next);
            open.push(next);
          }
        }
      }
    }
    return seen;
  }

  function light() {
    const lit = chosen === null || shownWay === "none" ? null : new Map([
      ["up", shownWay === "down" ? new Set() : reach(chosen, ["up"])],
      ["down", shownWay === "up" ? new Set() : reach(chosen, ["down"])],
    ]);
    svg.classList.toggle("faded", lit !== null);
    nodes.forEach((node, index) => {
      const isLit = lit !== null && (index === chosen || lit.get("up").has(index) || lit.get("down").has(index));
      node.classList.toggle("lit", isLit);
      node.classList.toggle("chosen", index === chosen);
    });
    for (const edge of edges) {
      const [from, to] = [+edge.dataset.from, +edge.dataset.to];
      const isLit = lit !== null &&
        [lit.get("up"), lit.get("down")].some((part) => part.has(from) && part.has(to));
      edge.classList.toggle("lit", isLit);
      if (isLit) edge.parentNode.insertBefore(edge, firstLabel);
    }
    for (const label of labels) {
      const from = +label.dataset.from;
      const isLit = lit !== null && [lit.get("up"), lit.get("down")].some((part) =>
        part.has(from) && label.dataset.to.split(" ").some((to) => part.has(+to)));
      label.classList.toggle("lit", isLit);
    }
  }

  function choose(index) {
    chosen = index;
    help.hidden = index !== null;
    for (const section of sections) section.classList.toggle("shown", +section.dataset.node === index);
    light();
    if (index !== null) {
      document.getElementById("details").scrollTop = 0;
      show(index);
      history.replaceState(null, "", `#node-${index}`);
    } else {
      history.replaceState(null, "", location.pathname + location.search);
    }
  }

  function setWay(way) {
    shownWay = way;
    for (const button of document.querySelectorAll("[data-way]")) {
      button.setAttribute("aria-pressed", String(button.dataset.way === way));
    }
    light();
  }

  for (const section of sections) {
    const actions = document.createElement("div");
    actions.className = "actions";
    for (const [way, text] of [["up", "Upstream"], ["down", "Downstream"], ["both", "Both"], ["none", "None"]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.dataset.way = way;
      button.setAttribute("aria-pressed", String(way === shownWay));
      button.addEventListener("click", () => setWay(way));
      actions.append(button);
    }
    section.append(actions);
  }

  // Search.
  const texts = sections.map((section) => section.textContent.toLowerCase());
  const names = sections.map((section) => section.querySelector("h2").textContent.toLowerCase());
  function runSearch() {
    const words = search.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
    found = [];
    if (words.length > 0) {
      nodes.forEach((_, index) => {
        if (words.every((word) => texts[index].includes(word))) found.push(index);
      });
      const inName = (index) => words.every((word) => names[index].includes(word));
      found.sort((a, b) => inName(b) - inName(a) || a - b);
    }
    nodes.forEach((node, index) => node.classList.toggle("match", found.includes(index)));
    matches.textContent = words.length === 0 ? "" : `${found.length} match${found.length === 1 ? "" : "es"}`;
  }
  search.addEventListener("input", runSearch);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && found.length > 0) {
      const step = event.shiftKey ? found.length - 1 : 1;
      const at = found.indexOf(chosen);
      choose(found[at < 0 ? 0 : (at + step) % found.length]);
      event.preventDefault();
    }
  });

  // Selection with the pointer, and moving the picture.
  let drag = null;
  picture.addEventListener("pointerdown", (event) => {
    if (event.button === 0) drag = { x: event.clientX, y: event.clientY, startX: view.x, startY: view.y, moved: false };
  });
  window.addEventListener("pointermove", (event) => {
    if (drag === null) return;
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.moved && Math.hypot(dx, dy) < 5) return;
    drag.moved = true;
    isFitted = false;
    picture.classList.add("dragging");
    view.x = drag.startX - dx / view.scale;
    view.y = drag.startY - dy / view.scale;
    applyView();
  });
  let wasDragged = false;
  window.addEventListener("pointerup", () => {
    wasDragged = drag !== null && drag.moved;
    drag = null;
    picture.classList.remove("dragging");
  });
  picture.addEventListener("dragstart", (event) => event.preventDefault());
  picture.addEventListener("click", (event) => {
    const node = event.target.closest("a[data-node]");
    if (node !== null) event.preventDefault();
    if (!wasDragged) choose(node === null ? null : +node.dataset.node);
    wasDragged = false;
  });
  picture.addEventListener("wheel", (event) => {
    event.preventDefault();
    const box = picture.getBoundingClientRect();
    zoom(Math.exp(-event.deltaY / 400), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => {
      switch (button.dataset.zoom) {
        case "in": zoomAtCenter(1.25); break;
        case "out": zoomAtCenter(0.8); break;
        case "fit": fit(2); break;
        default: original();
      }
    });
  }

  // The nearest node in a direction: distance along it counts once, distance across it three times.
  function nearest(from, dx, dy) {
    let best = null;
    let least = Infinity;
    middles.forEach((middle, index) => {
      const [x, y] = [middle.x - middles[from].x, middle.y - middles[from].y];
      const along = x * dx + y * dy;
      const across = Math.abs(x * dy) + Math.abs(y * dx);
      if (index !== from && along > 4 && along + 3 * across < least) {
        least = along + 3 * across;
        best = index;
      }
    });
    return best;
  }

  const arrows = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      if (search.value !== "") {
        search.value = "";
        runSearch();
      } else {
        choose(null);
      }
      search.blur();
      return;
    }
    if (event.target === search) return;
    const focused = document.activeElement?.closest?.("a[data-node]");
    const current = focused ? +focused.dataset.node : chosen;
    if (event.key in arrows && !document.activeElement?.closest?.("#details")) {
      const next = current === null ? 0 : nearest(current, ...arrows[event.key]);
      if (next !== null && nodes.length > 0) {
        nodes[next].focus({ preventScroll: true });
        if (chosen === null) show(next); else choose(next);
      }
      event.preventDefault();
      return;
    }
    switch (event.key) {
      case "/": search.focus(); search.select(); event.preventDefault(); break;
      case "+": case "=": zoomAtCenter(1.25); break;
      case "-": zoomAtCenter(0.8); break;
      case "0": fit(2); break;
      case "u": setWay("up"); break;
      case "d": setWay("down"); break;
      case "b": setWay("both"); break;
    }
  });
  for (const [index, node] of nodes.entries()) node.addEventListener("focus", () => show(index));

  // Links between sections, and addresses with a node.
  function readAddress() {
    const index = /^#node-(\d+)$/.exec(location.hash)?.[1];
    if (index !== undefined && +index < nodes.length) choose(+index);
  }
  window.addEventListener("hashchange", readAddress);
  window.addEventListener("resize", () => isFitted ? fit(1) : applyView());
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  fit(1);
  readAddress();
})();
