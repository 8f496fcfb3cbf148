"use strict";
(() => {
  const root = document.documentElement;
  const find = (id) => document.getElementById(id);
  root.classList.add("scripted");

  // Table: details, sorting, filters, arrow keys.
  const table = find("table");
  const bodies = table ? [...table.tBodies] : [];
  const expander = (body) => body.querySelector(".expand");
  const setExpanded = (body, isExpanded) => {
    expander(body).setAttribute("aria-expanded", String(isExpanded));
    body.rows[1].hidden = !isExpanded;
  };
  const visible = () => [...table.tBodies].filter((body) => !body.hidden);
  // One row is in the tab order; the arrow keys select it.
  const select = (body) => {
    for (const other of bodies) expander(other).tabIndex = other === body ? 0 : -1;
  };
  for (const body of bodies) {
    setExpanded(body, false);
    expander(body).addEventListener("click", () => {
      setExpanded(body, expander(body).getAttribute("aria-expanded") !== "true");
    });
    expander(body).addEventListener("focus", () => select(body));
  }
  if (bodies.length) select(bodies[0]);

  const sort = (button) => {
    const header = button.parentElement;
    const column = Number(button.dataset.column);
    const current = header.getAttribute("aria-sort");
    const flipped = current === "ascending" ? "descending" : "ascending";
    const direction = current ? flipped : button.dataset.first;
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", direction);
    const key = (body) => body.rows[0].cells[column].dataset.value;
    const isNumber = bodies.every((body) => key(body) !== "" && !Number.isNaN(Number(key(body))));
    const compare = isNumber ? (a, b) => Number(key(a)) - Number(key(b)) : (a, b) => key(a).localeCompare(key(b));
    const sign = direction === "ascending" ? 1 : -1;
    table.append(...bodies.slice().sort((a, b) => sign * compare(a, b)));
    const first = visible()[0];
    if (first) select(first);
  };
  const search = find("search");
  const outcome = find("outcome-filter");
  const filter = () => {
    const wanted = search.value.trim().toLowerCase();
    let count = 0;
    for (const body of bodies) {
      const matches = body.textContent.toLowerCase().includes(wanted) && (!outcome.value || body.dataset.outcome === outcome.value);
      body.hidden = !matches;
      if (matches) count += 1;
    }
    find("found").textContent = count === bodies.length ? `${count} nodes` : `${count} of ${bodies.length} nodes`;
    const first = visible()[0];
    if (first) select(first);
  };
  if (table) {
    for (const button of table.tHead.querySelectorAll("button")) button.addEventListener("click", () => sort(button));
    search.addEventListener("input", filter);
    outcome.addEventListener("change", filter);
    search.addEventListener("keydown", (event) => {
      const first = visible()[0];
      if ((event.key === "Enter" || event.key === "ArrowDown") && first) {
        event.preventDefault();
        expander(first).focus();
      } else if (event.key === "Escape") {
        search.value = "";
        filter();
      }
    });
    table.addEventListener("keydown", (event) => {
      const rows = visible();
      const at = rows.findIndex((body) => expander(body) === document.activeElement);
      if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
      const targets = {
        ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 10, PageUp: at - 10, Home: 0, End: rows.length - 1,
      };
      if (event.key in targets) {
        event.preventDefault();
        const target = Math.min(Math.max(targets[event.key], 0), rows.length - 1);
        expander(rows[target]).focus();
      }
    });
  }
  // A link to a node opens its details.
  const open = () => {
    const body = bodies.find((it) => `#${it.id}` === location.hash);
    if (!body) return;
    if (body.hidden) {
      search.value = "";
      outcome.value = "";
      filter();
    }
    setExpanded(body, true);
    select(body);
    body.scrollIntoView({ block: "center" });
    expander(body).focus({ preventScroll: true });
  };
  window.addEventListener("hashchange", open);
  open();

  // Timeline: zoom around the center, and filters.
  const lanes = document.querySelector(".lanes");
  const view = find("lanes");
  if (lanes) {
    const ticks = lanes.querySelector(".ticks");
    const span = Number(lanes.dataset.span);
    const units = [[6e7, "min"], [1e6, "s"], [1e3, "ms"], [1, "µs"]];
    const label = (time) => {
      const [size, name] = units.find(([size]) => time >= size) ?? [1e3, "ms"];
      return `${Number((time / size).toPrecision(6))} ${name}`;
    };
    const round = (minimum) => {
      const unit = 10 ** Math.floor(Math.log10(Math.max(minimum, 1)));
      return unit * ([1, 2, 5, 10].find((factor) => factor * unit >= minimum) ?? 10);
    };
    let zoom = 1;
    const draw = () => {
      const columns = Math.max(2, Math.floor(ticks.clientWidth / 110));
      const step = round(span / columns);
      lanes.style.setProperty("--step", `${(step / span) * 100}%`);
      const marks = [];
      const last = span * Math.max(0, 1 - 60 / ticks.clientWidth);
      for (let at = 0; at === 0 || at * step < last; at += 1) {
        const mark = document.createElement("span");
        mark.style.left = `${((at * step) / span) * 100}%`;
        mark.textContent = label(at * step);
        marks.push(mark);
      }
      ticks.replaceChildren(...marks);
    };
    const setZoom = (wanted) => {
      const center = (view.scrollLeft + view.clientWidth / 2) / view.scrollWidth;
      zoom = Math.min(Math.max(wanted, 1), 64);
      lanes.style.setProperty("--zoom", String(zoom));
      view.scrollLeft = center * view.scrollWidth - view.clientWidth / 2;
      draw();
    };
    find("zoom-in").addEventListener("click", () => setZoom(zoom * 2));
    find("zoom-out").addEventListener("click", () => setZoom(zoom / 2));
    find("zoom-fit").addEventListener("click", () => setZoom(1));
    view.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const wanted = { "+": zoom * 2, "=": zoom * 2, "-": zoom / 2, 0: 1 }[event.key];
      if (wanted !== undefined) {
        event.preventDefault();
        setZoom(wanted);
      }
    });
    find("lane-filter").addEventListener("change", (event) => {
      const wanted = event.target.value;
      for (const lane of lanes.querySelectorAll(".lane")) {
        const classes = lane.classList;
        const isFailed = classes.contains("failed") || classes.contains("unfinished") || classes.contains("cancelled");
        lane.hidden = wanted === "critical" ? !classes.contains("critical") : wanted === "failed" && !isFailed;
      }
    });
    window.addEventListener("resize", draw);
    draw();
  }

  // The failed node is in view, in the timeline and in the graph.
  const reveal = (container, element) => {
    if (!container || !element) return;
    const [outer, inner] = [container.getBoundingClientRect(), element.getBoundingClientRect()];
    const isHidden = inner.bottom > outer.bottom || inner.right > outer.right;
    if (!isHidden) return;
    container.scrollTop += inner.top - outer.top - (container.clientHeight - inner.height) / 2;
    container.scrollLeft += inner.left - outer.left - (container.clientWidth - inner.width) / 2;
  };
  reveal(view, document.querySelector(".lane.failed .who"));
  const picture = document.querySelector(".picture");
  reveal(picture, picture?.querySelector(".node.failed"));

  document.addEventListener("keydown", (event) => {
    const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? "");
    if (event.key === "/" && search && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search.focus();
      search.select();
      search.scrollIntoView({ block: "center" });
    }
  });
})();
