"use strict";
(async () => {
const root = document.documentElement, all = (s, e = document) => [...e.querySelectorAll(s)], one = (s, e = document) => e.querySelector(s);
const block = one("#data");
if (!block || !window.DecompressionStream) return;
const packed = Uint8Array.from(atob(block.textContent), c => c.charCodeAt(0));
const data = JSON.parse(await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).text());
const W = data.words, S = data.str, GROUPS = ["own", "service", "forwarder", "unknown", "stranger"];
const FATES = ["passed", "delivered", "quarantined", "rejected", "undecided"];
const number = n => { let t = String(n); for (let i = t.length - 3; i > 0; i -= 3) t = t.slice(0, i) + W.thousands + t.slice(i); return t; };
const fill = (text, ...values) => { let i = 0; return text.replace(/\{(\d?)\}/g, (m, n) => String(values[n === "" ? i++ : +n])); };
const share = (part, whole) => {
  const p = whole > 0 ? 100 * part / whole : 0;
  if (part < whole && p > 99.9) return fill(W.more, "99" + W.point + "9");
  if (p > 0 && p < 0.1) return fill(W.less, "0" + W.point + "1");
  return fill(W.percent, (part === whole || part === 0 ? p.toFixed(0) : p.toFixed(1)).replace(".", W.point));
};
const lastYear = new Date(data.last * 864e5).getUTCFullYear();
const dayText = d => { const t = new Date(d * 864e5), y = t.getUTCFullYear(); return fill(y === lastYear ? W.day : W.dayYear, t.getUTCDate(), W.months[t.getUTCMonth()], y); };
const span = (a, b) => a === b ? dayText(a) : dayText(a) + " – " + dayText(b);
const plural = new Intl.PluralRules(root.lang);
const count = (n, kind) => fill(W.counts[kind][plural.select(n)] || W.counts[kind].other, number(n));
const make = (name, attributes, ...children) => {
  const e = name[0] === ":" ? document.createElementNS("http://www.w3.org/2000/svg", name.slice(1)) : document.createElement(name);
  for (const [k, v] of Object.entries(attributes || {})) if (v !== null && v !== undefined) e.setAttribute(k, v);
  for (const c of children) if (c !== null && c !== undefined) e.append(c);
  return e;
};
const messages = f => f[0] + f[1] + f[2] + f[3] + f[4];
const add = (a, b) => { for (let i = 0; i < 5; i++) a[i] += b[i] || 0; };

// ---- domains: one at a time
const sections = all(".domain"), tabs = all(".tabs a");
const show = (id, focus) => {
  const chosen = sections.find(s => s.id === id) || sections[0];
  if (!chosen) return;
  for (const s of sections) s.hidden = s !== chosen;
  for (const t of tabs) if (t.getAttribute("href") === "#" + chosen.id) t.setAttribute("aria-current", "true"); else t.removeAttribute("aria-current");
  if (focus) chosen.focus({preventScroll: true});
};
const follow = focus => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const section = target && target.closest(".domain");
  show(section ? section.id : "", focus && section === target);
  if (target && target !== section) { if (target.tagName === "DETAILS") target.open = true; target.scrollIntoView(); }
};
addEventListener("hashchange", () => follow(true));

// ---- one day of the chart
const trend = (card, domain) => {
  const slider = one("input[type=range]", card), out = one("output", card), marks = all(".day", card);
  if (!slider) return;
  const step = domain.step;
  const tell = () => {
    const i = +slider.value, f = [0, 0, 0, 0, 0];
    for (let d = i * step; d < Math.min((i + 1) * step, domain.days.length); d++) add(f, domain.days[d]);
    const first = data.first + i * step, last = Math.min(first + step - 1, data.last);
    const text = fill(W.tell, span(first, last), count(messages(f), "messages"), ...f.map(number)) + (f[4] ? "; " + fill(W.undecided, number(f[4])) : "");
    out.textContent = text;
    slider.setAttribute("aria-valuetext", text);
    for (const m of marks) { m.setAttribute("x", +m.dataset.x + i * m.dataset.w); m.setAttribute("width", Math.max(1, +m.dataset.w)); }
  };
  slider.addEventListener("input", tell);
  for (const chart of all("svg.chart", card)) chart.addEventListener("pointermove", e => {
    const box = chart.getBoundingClientRect(), m = one(".day", chart), x = (e.clientX - box.left) * chart.viewBox.baseVal.width / box.width;
    const i = Math.floor((x - m.dataset.x) / m.dataset.w);
    if (i >= 0 && i <= +slider.max && i !== +slider.value) { slider.value = i; tell(); }
  });
  tell();
};

// ---- senders and their addresses
const pattern = i => data.patterns[i];
const textOf = source => source.text || (source.text = [source.sender.name, source.address, source.host, source.network,
  ...source.records.flatMap(r => { const p = pattern(r[0]); return [S[p[0]], p[1] < 0 ? "" : S[p[1]], S[p[5]], S[p[6]]]; })].join(" ").toLowerCase());
const open = domain => {
  const c = domain.sources, g = domain.senders;
  let i = 0, way = 0, hosts = 0;
  const host = n => n === 0 ? "" : c.hosts[n === 1 ? hosts++ : n - 2];
  const source = sender => {
    const fate = FATES.map(f => c[f] ? c[f][i] : 0), first = data.first + c.first[i], last = first + c.more[i], records = [];
    for (let end = way + c.ways[i], left = messages(fate); way < end; left = c.rest[way++])
      records.push([c.pattern[way], left - c.rest[way], first + c.after[way], last - c.before[way], c.reporters[way]]);
    return {sender, address: c.address[i], host: host(c.host[i]), network: S[c.network[i]], fate, first, last, records, left: c.left[i], folded: c.folded[i++]};
  };
  return (g.group || []).map((group, n) => {
    const sender = {group}, all = sender.sources = Array.from({length: g.sources[n]}, () => source(sender));
    sender.name = g.name[n] === 1 ? all[0].host : g.name[n];
    sender.first = all.reduce((d, s) => Math.min(d, s.first), Infinity) - g.before[n];
    sender.last = all.reduce((d, s) => Math.max(d, s.last), 0) + g.after[n];
    return sender;
  });
};
const bar = fate => {
  const total = messages(fate), svg = make(":svg", {class: "bar", viewBox: "0 0 100 9", preserveAspectRatio: "none", "aria-hidden": "true"});
  let x = 0;
  fate.forEach((n, i) => { if (!n || !total) return; const w = 100 * n / total; svg.append(make(":rect", {class: FATES[i], x: x.toFixed(2), y: 0, width: w.toFixed(2), height: 9})); x += w; });
  return svg;
};
const cell = (kind, ...children) => make("td", {role: "cell", class: kind}, ...children);
const table = (heads, rows, label) => make("div", {class: "scroll", tabindex: "0", role: "group", "aria-label": label}, make("table", {},
  make("thead", {}, make("tr", {}, ...heads.map(h => make("th", {scope: "col", class: h[1] || null}, h[0])))), make("tbody", {}, ...rows)));
const title = row => row.source ? (row.source.folded ? count(row.source.folded, "folded") : row.source.address) : row.name;
const some = (rows, limit, draw) => {  // as many as asked for, and a button for more
  const box = make("div", {});
  const paint = n => {
    box.replaceChildren(draw(rows.slice(0, n)));
    if (rows.length > n) { const more = make("button", {type: "button"}, fill(W.showMore, number(Math.min(limit, rows.length - n)))); more.addEventListener("click", () => paint(n + limit)); box.append(more); }
  };
  paint(limit);
  return box;
};
const drill = (row, domain) => {
  const sources = row.sources, box = make("div", {class: "drill"}), right = "num";
  box.append(make("h3", {}, W.addresses));
  box.append(some(sources, 50, part => table([[W.address], [W.messages_, right], [W.pass, right], [W.seen]], part.map(s => make("tr", {},
    make("td", {}, s.folded ? count(s.folded, "folded") : s.address, s.host || s.network ? make("div", {class: "dim"}, [s.host, s.network].filter(Boolean).join(" · ")) : null),
    make("td", {class: right}, number(messages(s.fate))), make("td", {class: right}, share(s.fate[0], messages(s.fate))), make("td", {}, span(s.first, s.last)))), W.addresses)));
  const merged = new Map(); let left = 0;
  for (const s of sources) {
    left += s.left;
    for (const r of s.records) {
      const p = pattern(r[0]), key = p.slice(0, 7).join(), m = merged.get(key);
      if (m) { m[1] += r[1]; m[2] = Math.min(m[2], r[2]); m[3] = Math.max(m[3], r[3]); m[4] = Math.max(m[4], r[4]); } else merged.set(key, r.slice());
    }
  }
  const records = [...merged.values()].sort((a, b) => b[1] - a[1]);
  box.append(make("h3", {}, W.records));
  box.append(some(records, 20, part => table([[W.headerFrom], [W.envelopeFrom], ["DKIM"], ["SPF"], [W.disposition], [W.messages_, right], [W.reporters, right], [W.seen]], part.map(r => {
    const p = pattern(r[0]);
    return make("tr", {class: "record"}, make("td", {}, S[p[0]]), make("td", {}, p[1] < 0 ? "–" : S[p[1]] || "<>"),
      make("td", {}, p[3] ? W.aligned : W.notAligned, make("div", {class: "dim"}, S[p[5]])), make("td", {}, p[4] ? W.aligned : W.notAligned, make("div", {class: "dim"}, S[p[6]])),
      make("td", {}, W.dispositions[p[2]]), make("td", {class: right}, number(r[1])), make("td", {class: right}, "≥ " + number(r[4])), make("td", {}, span(r[2], r[3])));
  }), W.records)));
  if (left) box.append(make("p", {class: "dim"}, count(left, "leftOut")));
  const addresses = new Set(sources.map(s => s.address)), samples = domain.samples.filter(x => addresses.has(x[1]));
  if (samples.length) {
    box.append(make("h3", {}, W.samples));
    box.append(some(samples, 10, part => table([[W.day_], [W.address], [W.reporter], [W.conclusion], [W.summary]], part.map(x => make("tr", {class: "sample"},
      make("td", {}, dayText(x[2])), make("td", {}, x[1]), make("td", {}, x[3]), make("td", {}, x[4]), make("td", {}, x[6], make("div", {class: "dim"}, "ruaudit failures show " + x[0])))), W.samples)));
  }
  return box;
};
const sources = (card, domain) => {
  const senders = open(domain), body = one("tbody", card), search = one("input[type=search]", card), told = one(".told", card), more = one(".more", card);
  if (!body) return;
  let sort = {by: "messages", down: true}, limit = 20;
  const keys = {source: r => title(r).toLowerCase(), group: r => r.group, messages: r => messages(r.fate), pass: r => messages(r.fate) ? r.fate[0] / messages(r.fate) : 0,
    quarantined: r => r.fate[2], rejected: r => r.fate[3], seen: r => r.last};
  const line = row => {
    const total = messages(row.fate), button = make("button", {type: "button", class: "open", "aria-expanded": "false"}, title(row));
    const under = row.source ? [row.name, row.source.host].filter(Boolean).join(" · ") : count(row.sources.length === 1 ? 1 + Math.max(0, row.sources[0].folded - 1) : row.sources.reduce((n, s) => n + (s.folded || 1), 0), "addressCount");
    const tr = make("tr", {role: "row", class: "sender"}, cell("c-name", button, make("div", {class: "dim small"}, under)),
      cell("num c-n", number(total)), cell("c-class", make("span", {class: "dot " + GROUPS[row.group]}), " " + W.groups[row.group]), cell("num c-pass", share(row.fate[0], total)),
      cell("c-bar", bar(row.fate)), cell("num c-q", number(row.fate[2])), cell("num c-r", number(row.fate[3])), cell("c-seen", span(row.first, row.last)));
    button.addEventListener("click", () => {
      const isOpen = button.getAttribute("aria-expanded") === "true";
      button.setAttribute("aria-expanded", String(!isOpen));
      if (isOpen) tr.nextElementSibling.remove(); else tr.after(make("tr", {role: "row", class: "detail"}, make("td", {role: "cell", colspan: "8", class: "inside"}, drill(row, domain))));
    });
    return tr;
  };
  const rows = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean), apart = one(".apart", card).checked, failing = one(".failing", card).checked;
    const groups = new Set(all("[data-group]:checked", card).map(x => +x.dataset.group)), out = [];
    for (const s of senders) {
      if (!groups.has(s.group)) continue;
      const found = s.sources.filter(x => (!failing || messages(x.fate) > x.fate[0] + x.fate[4]) && words.every(w => textOf(x).includes(w)));
      if (!found.length) continue;
      const base = {group: s.group, name: s.name || W.nameless[s.group]};
      if (apart) { for (const x of found) out.push({...base, source: x, sources: [x], fate: x.fate, first: x.first, last: x.last}); continue; }
      const row = {...base, sources: found, fate: [0, 0, 0, 0, 0], first: Infinity, last: -Infinity};
      for (const x of found) { add(row.fate, x.fate); row.first = Math.min(row.first, x.first); row.last = Math.max(row.last, x.last); }
      out.push(row);
    }
    const key = keys[sort.by], sign = sort.down ? -1 : 1;
    return out.sort((a, b) => { const x = key(a), y = key(b); return x < y ? -sign : x > y ? sign : messages(b.fate) - messages(a.fate); });
  };
  const paint = () => {
    const found = rows(), apart = one(".apart", card).checked;
    body.replaceChildren(...found.slice(0, limit).map(line));
    told.textContent = fill(W.told, count(found.length, apart ? "addressCount" : "senderCount"), count(found.reduce((n, r) => n + messages(r.fate), 0), "messages"), number(Math.min(limit, found.length)));
    more.hidden = found.length <= limit;
    more.textContent = fill(W.showMore, number(Math.min(100, found.length - limit)));
    for (const th of all("th[data-sort]", card)) if (th.dataset.sort === sort.by) th.setAttribute("aria-sort", sort.down ? "descending" : "ascending"); else th.removeAttribute("aria-sort");
  };
  let waiting = 0;
  const later = () => { clearTimeout(waiting); limit = 20; const n = senders.reduce((k, s) => k + s.sources.length, 0); if (n < 10000) paint(); else waiting = setTimeout(paint, 120); };
  search.addEventListener("input", later);
  for (const box of all(".filters input[type=checkbox]", card)) box.addEventListener("change", later);
  for (const th of all("th[data-sort]", card)) {
    const button = make("button", {type: "button"}, th.textContent);
    button.addEventListener("click", () => { sort = {by: th.dataset.sort, down: sort.by === th.dataset.sort ? !sort.down : th.dataset.sort !== "source"}; paint(); });
    th.replaceChildren(button);
  }
  more.addEventListener("click", () => { limit += 100; paint(); });
  paint();
};

// ---- records to copy
const copy = async button => {
  const pre = button.previousElementSibling, said = one(".copied", button.parentElement);
  let done = false;
  try { await navigator.clipboard.writeText(pre.textContent); done = true; } catch (e) {
    const range = document.createRange(); range.selectNodeContents(pre);
    const selection = getSelection(); selection.removeAllRanges(); selection.addRange(range);
    done = document.execCommand("copy");
  }
  said.textContent = done ? W.copied : W.selected;
};
for (const button of all("button.copy")) button.addEventListener("click", () => copy(button));

root.classList.add("on");
sections.forEach((section, i) => {
  const domain = data.domains[i];
  if (!domain) return;
  const chart = one(".trend", section), card = one(".sourcecard", section);
  if (chart) trend(chart, domain);
  if (card) sources(card, domain);
});
addEventListener("beforeprint", () => { for (const d of all("details.finding")) d.open = true; });
follow(false);
root.dataset.ready = "yes";
})();
