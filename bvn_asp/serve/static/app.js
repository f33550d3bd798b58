// The chart lives here, in this page, and is posted whole with every question. Nothing is stored.
const $ = (id) => document.getElementById(id);
const all = (what, where = document) => [...where.querySelectorAll(what)];
const clone = (each) => JSON.parse(JSON.stringify(each));
const isMap = (each) => each !== null && typeof each === "object" && !Array.isArray(each);

const EMPTY = { title: "A person with low back pain", request: {}, facts: {} };
let state = { chart: clone(EMPTY), readings: {}, strict: false, origin: "" }; // `origin`: the file that was opened
let suppose = [];
let skipped = [];
let together = []; // the policies that interview and ways are asked of; the one looked at if none
let paper = "request";
let hits = null; // the facts that a search found, and where
let focus = "";
let chosen = ""; // the policy that a person chose to look at
let view = "chart";
let tab = "sheet";
let past = [];
let future = [];
let shown = null; // the verdicts shown last
let touched = null; // the fact that was changed last
let turn = 0;
let aborts = {};
let saved = JSON.stringify(state.chart);

// -- asking ------------------------------------------------------------------------------------

const question = (more = {}) => ({
  case: state.chart, readings: state.readings, strict: state.strict, suppose, ...(chosen ? { policy: chosen } : {}), ...more,
});

async function post(path, more = {}, one = true) {
  if (one) {
    aborts[path]?.abort();
    aborts[path] = new AbortController();
  }
  return sent(path, question(more), one ? aborts[path].signal : undefined);
}

async function sent(path, body, signal) {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body), signal });
  const type = answer.headers.get("content-type") || "";
  if (answer.ok) return type.includes("json") ? answer.json() : type.includes("octet") ? answer.blob() : answer.text();
  const fault = type.includes("json") ? await answer.json() : { status: answer.status, faults: [{ message: "no answer" }] };
  throw Object.assign(new Error("refused"), { fault });
}

const quiet = (error) => {
  if (error.name === "AbortError") return;
  const faults = error.fault?.faults || [{ message: "the server does not answer" }];
  tell(faults.map((each) => each.message + (each.hint ? ` (${each.hint})` : "")).join("; "), true);
};

let fading = 0;
function tell(text, bad = false) {
  $("news").textContent = text;
  $("news").classList.toggle("bad", bad);
  clearTimeout(fading);
  if (!bad) fading = setTimeout(() => { $("news").textContent = ""; }, 9000);
}

function put(html) {
  for (const [id, text] of Object.entries(html)) {
    const place = $(id);
    if (!place) continue;
    const key = place.contains(document.activeElement) ? keyOf(document.activeElement) : "";
    place.innerHTML = text;
    for (const table of all("table[data-columns]", place)) table.style.setProperty("--columns", table.dataset.columns);
    if (key) place.querySelector(key)?.focus();
  }
}

function keyOf(each) {
  for (const name of ["data-policy", "data-reading", "data-record", "data-go", "data-do", "data-try"]) {
    const value = each.getAttribute(name);
    if (value !== null) return `[${name}="${CSS.escape(value)}"]` + (each.type === "radio" ? `[value="${CSS.escape(each.value)}"]` : "");
  }
  return "";
}

async function ask() {
  const mine = ++turn;
  document.body.dataset.busy = "1";
  try {
    const found = await post("/app/verdicts");
    if (mine !== turn) return;
    forgive();
    put(found.html);
    focus = found.focus;
    mark(found.verdicts);
    await look();
  } catch (error) {
    if (mine === turn) wrong(error);
  } finally {
    if (mine === turn) {
      delete document.body.dataset.busy;
      document.body.dataset.turn = String(mine);
    }
  }
}

// What is looked at, after the verdicts.
async function look() {
  const mine = turn;
  try {
    const path = { sheet: "/app/sheet", open: "/app/sheet", readings: "/app/sheet", ways: "/app/ways", matrix: "/app/matrix" }[tab];
    const before = tab === "sheet" ? statuses() : null;
    const waiting = [post(path, { policy: focus, together })];
    if (view === "interview") waiting.unshift(post("/app/ask", { policy: focus, skipped, together }));
    if (view === "papers") waiting.unshift(showPaper(mine));
    const found = await Promise.allSettled(waiting.map((each) => each.then((one) => {
      if (mine === turn && one) put(one.html);
    })));
    if (mine !== turn) return;
    for (const each of found) if (each.status === "rejected") quiet(each.reason);
    if (before) compare(before);
    want();
    pressed();
    if (view === "interview" && document.activeElement === document.body) $("question")?.focus();
  } catch (error) {
    quiet(error);
  }
}

// The facts that can still change the verdict looked at are marked in the chart.
function want() {
  if (!all("#open [data-go], #open p").length) return;
  const open = new Set(all("#open [data-go]").map((each) => each.dataset.go));
  for (const each of all(".fact")) each.classList.toggle("wanted", open.has(each.dataset.fact));
}

function statuses() {
  const name = $("sheet").dataset.of;
  return { name, words: Object.fromEntries(all("#sheet [data-entry]").map((row) => [row.dataset.entry, row.dataset.word])) };
}

function compare(before) {
  $("sheet").dataset.of = focus;
  if (before.name !== focus) return;
  for (const row of all("#sheet [data-entry]")) {
    const was = before.words[row.dataset.entry];
    const moved = was !== undefined && was !== row.dataset.word;
    row.classList.toggle("moved", moved);
    row.querySelector(".was").textContent = moved ? `was ${was}` : "";
  }
}

// What moved is marked until the next change.
function mark(verdicts) {
  const moved = [];
  for (const each of all("#strip [data-policy]")) {
    const was = shown?.[each.dataset.policy];
    if (was && was !== each.dataset.verdict) {
      each.classList.add("moved");
      each.querySelector(".was").textContent = `was ${was}`;
      moved.push(`${each.dataset.policy}: ${was} to ${each.dataset.verdict}`);
    }
  }
  if (shown) tell(moved.length ? `${moved.length} verdict${moved.length > 1 ? "s" : ""} moved: ${moved.slice(0, 4).join(", ")}${moved.length > 4 ? ", …" : ""}` : "no verdict moved");
  shown = verdicts;
}

function wrong(error) {
  if (error.name === "AbortError") return;
  const faults = error.fault?.faults;
  if (!faults) return quiet(error);
  const text = faults.map((each) => each.message + (each.hint ? ` (${each.hint})` : "")).join("; ");
  const place = touched && all(`[data-fact="${touched}"] .wrong`)[0];
  const where = place || $("wrong-request");
  where.textContent = text;
  where.hidden = false;
  where.closest("[data-fact]")?.classList.add("faulty");
  tell("The answer is that of the chart before this entry: it cannot be read.", true);
}

function forgive() {
  for (const each of all(".wrong")) each.hidden = true;
  for (const each of all(".faulty")) each.classList.remove("faulty");
}

// -- changing ----------------------------------------------------------------------------------

function change(act, fact = null) {
  const before = JSON.stringify(state);
  act(state);
  if (JSON.stringify(state) === before) return;
  past.push(before);
  if (past.length > 500) past.shift();
  future = [];
  touched = fact;
  paint();
  ask();
}

function travel(from, to) {
  if (!from.length) return;
  to.push(JSON.stringify(state));
  state = JSON.parse(from.pop());
  touched = null;
  paint();
  ask();
}

const { many: MANY, asked: ASKED } = document.body.dataset;
const REQUEST = new Set([".headfact", "[data-section='Request']:not([data-per])"].flatMap((what) => all(what)).map((each) => each.dataset.fact));

function get(slot) {
  const [fact, member] = split(slot);
  const { request = {}, facts = {} } = state.chart;
  if (!member) return REQUEST.has(fact) ? request[fact] : facts[fact];
  return facts[fact]?.[member];
}

function split(slot) {
  const at = slot.indexOf(".");
  return at < 0 ? [slot, ""] : [slot.slice(0, at), slot.slice(at + 1)];
}

function set(chart, slot, value) {
  const [fact, member] = split(slot);
  const home = !member && REQUEST.has(fact) ? (chart.request ??= {}) : (chart.facts ??= {});
  if (!member) {
    if (value === undefined) delete home[fact];
    else home[fact] = value;
    return;
  }
  const within = { ...(home[fact] || {}) };
  if (value === undefined) delete within[member];
  else within[member] = value;
  if (Object.keys(within).length) home[fact] = within;
  else delete home[fact];
}

// A value with the evidence that stood beside the one before.
function withEvidence(old, value) {
  const evidence = isMap(old) ? old.evidence : undefined;
  if (evidence === undefined || value === undefined) return value;
  return isMap(value) ? { ...value, evidence } : { value, evidence };
}

function typed(slot, text) {
  const said = text.trim();
  if (!said) return undefined;
  const dates = /^since\s+(\S+?)(?:\s+until\s+(\S+))?$/.exec(said);
  const value = dates ? { since: dates[1], ...(dates[2] ? { until: dates[2] } : {}) } : said;
  return withEvidence(get(slot), value);
}

// -- showing the chart -------------------------------------------------------------------------

const SIGNS = { at_least: ">=", more_than: ">", at_most: "<=", less_than: "<" };
const SILENT = "not_reported";
const NOTHING = { unknown: "the chart says that it is not known", [SILENT]: "the report on file does not say" };
const spoken = (text) => String(text).replaceAll("_", " ");

// What a record says: how it is shown in its field, and what else there is to say of it.
function reading(data, fact) {
  if (data === undefined || data === null) return { text: "", kind: "open", notes: [] };
  const notes = [];
  let value = data;
  if (isMap(data)) {
    for (const each of [data.evidence ?? []].flat()) {
      const parts = isMap(each) ? [each.document, each.date, each.page && `page ${each.page}`, each.note, each.quotation] : [each];
      notes.push(parts.filter(Boolean).join(", "));
    }
    if (data.conflicting) {
      const sides = data.conflicting.map((each) => {
        const side = reading(each, fact);
        return side.text + (side.notes.length ? ` (${side.notes.join("; ")})` : "");
      });
      return { text: "", kind: "conflict", notes: [`conflicting: ${sides.join(" / ")}`, ...notes] };
    }
    if (data.by) {
      const each = Object.entries(data.by).map(([who, said]) => `${spoken(who)}: ${inWords(said, fact)}`);
      return { text: "", kind: "kept", notes: [`as judged by ${each.join("; by ")}`, ...notes] };
    }
    if (data.all_of) return { text: "", kind: "kept", notes: [spoken([data.all_of].flat().join(" and ")), ...notes] };
    if (data.one_of) {
      const every = fact?.querySelectorAll("option, input[type=radio]");
      const count = every ? new Set([...every].map((each) => each.value).filter((each) => each && !(each in NOTHING))).size : 0;
      const listed = [data.one_of].flat();
      if (listed.length === count) return { text: "unknown", kind: "unknown", notes: [NOTHING.unknown, ...notes] };
      return { text: "", kind: "several", notes: [spoken(listed.join(" or ")), ...notes] };
    }
    if (data.since) return { text: `since ${data.since}${data.until ? ` until ${data.until}` : ""}`, kind: "dates", notes };
    const ends = Object.keys(SIGNS).filter((key) => key in data);
    if (ends.length) {
      const text = ends.length === 2 && data.at_least && data.at_most ? `${data.at_least} to ${data.at_most}` : ends.map((key) => `${SIGNS[key]} ${data[key]}`).join(", ");
      return { text, kind: ends.length === 2 && !(data.at_least && data.at_most) ? "several" : "range", notes: ends.length === 2 && !(data.at_least && data.at_most) ? [text, ...notes] : notes };
    }
    value = data.value ?? data.born;
    if (data.born) notes.push(`born ${data.born}`);
  }
  const text = value === true ? "yes" : value === false ? "no" : String(value ?? "");
  if (text in NOTHING) return { text, kind: text === SILENT ? "silent" : "unknown", notes: [NOTHING[text], ...notes] };
  const choices = fact && !fact.dataset.numeric ? [...fact.querySelectorAll("option, input[type=radio]")] : [];
  if (choices.length && !choices.some((each) => each.value === text)) return { text, kind: "kept", notes: [spoken(text), ...notes] };
  return { text, kind: "value", notes };
}

// A record in one line of words, with its place if it has no field.
function inWords(data, fact, where = "") {
  const { text, kind, notes } = reading(data, fact);
  const told = [...notes];
  const value = ["value", "range", "dates"].includes(kind) ? spoken(text) : told.shift() ?? text;
  return [value, where, told.length ? `(${told.join("; ")})` : ""].filter(Boolean).join(" ");
}

// What is said of a fact without naming one member, or of several members as one: it has no field, and is told in words.
function ofSeveral(name, fact) {
  const { facts = {} } = state.chart;
  const found = [];
  for (const [key, said] of isMap(facts[name]) ? Object.entries(facts[name]) : []) {
    const inside = key === "somewhere" ? said : isMap(said) ? said.somewhere : undefined;
    if (inside === undefined || inside === null) continue;
    const count = isMap(inside) ? inside.exactly ? `exactly ${inside.exactly}` : inside.count ? `at least ${inside.count}` : "" : "";
    const where = (count ? `of ${count}` : "somewhere") + (key === "somewhere" ? "" : ` in ${key}`);
    found.push(inWords(inside, fact, `${where}, which is not stated`));
  }
  for (const [key, listed] of Object.entries(facts)) {
    for (const entry of Array.isArray(listed) ? listed : []) {
      if (isMap(entry) && name in entry) found.push(inWords(entry[name], fact, `at ${entry.at}, as one of the ${spoken(key)}`));
    }
  }
  return found;
}

function paint() {
  const { title = "", request = {}, facts = {} } = state.chart;
  if ($("title") !== document.activeElement) $("title").value = title;
  $("date").value = request.date || "";
  $("strict").checked = state.strict;
  const bodies = bodiesOf();
  for (const each of all("[data-body]")) each.checked = bodies.includes(each.dataset.body);
  if ($("diagnoses") !== document.activeElement) $("diagnoses").value = [request.diagnoses ?? []].flat().join(", ");
  if ($("procedures") !== document.activeElement) {
    const lines = request.procedures ?? {};
    $("procedures").value = isMap(lines) ? Object.entries(lines).map(([code, units]) => `${code}: ${units}`).join(", ") : [lines].flat().join(", ");
  }
  for (const fact of all(".fact, .headfact")) {
    const notes = [];
    let recorded = 0;
    for (const field of all("[data-slot]", fact)) {
      if (field.dataset.slot.includes("+")) {
        const [a, b] = field.dataset.slot.split("+").map((slot) => reading(get(slot), fact).text);
        field.value = a === b ? a : "";
        continue;
      }
      const said = reading(get(field.dataset.slot), fact);
      if (field.type === "radio") field.checked = field.value === (said.kind === "value" ? said.text : "") && !(said.kind in { unknown: 1, silent: 1, kept: 1 });
      else if (field !== document.activeElement) field.value = field.tagName !== "SELECT" ? said.kind === "silent" ? spoken(said.text) : said.text : has(field, said.text) ? said.text : "";
      field.classList.toggle("set", said.kind !== "open");
      const first = field.type !== "radio" || field === fact.querySelector("[data-slot]");
      if (!first) continue;
      if (said.kind !== "open") recorded += 1;
      const member = split(field.dataset.slot)[1].replaceAll("_", " ");
      for (const note of said.notes) notes.push((member ? `${member}: ` : "") + note);
    }
    const several = ofSeveral(fact.dataset.fact, fact);
    notes.push(...several);
    recorded += several.length;
    fact.classList.toggle("has", recorded > 0);
    fact.dataset.count = recorded;
    const said = fact.querySelector(".said");
    if (said) {
      said.textContent = gathered(notes);
      said.hidden = !notes.length;
      said.classList.toggle("open", notes.some((each) => each.includes("conflicting")));
    }
  }
  for (const group of all(".group")) {
    const count = all(".fact", group).filter((each) => each.classList.contains("has")).length;
    group.querySelector(".count").textContent = `${count} of ${all(".fact", group).length} recorded`;
  }
  for (const each of all(".optional")) each.hidden = absent(each);
  all("[data-do=undo]")[0].disabled = !past.length;
  all("[data-do=redo]")[0].disabled = !future.length;
  filter();
}

// What few people have is shown once the chart speaks of it.
function absent(each) {
  const member = each.dataset.member;
  return !$("optional").checked && !JSON.stringify([state.chart.request, state.chart.facts]).includes(`"${member}"`);
}

// Members with the same note share it.
function gathered(notes) {
  const by = new Map();
  for (const note of notes) {
    const [, who, what] = /^(?:([^:]{1,40}): )?(.*)$/s.exec(note);
    by.set(what, [...(by.get(what) || []), who].filter(Boolean));
  }
  return [...by].map(([what, who]) => (who.length ? `${who.join(" ")}: ${what}` : what)).join("; ");
}

const has = (select, value) => [...select.options].some((each) => each.value === value);

function bodiesOf() {
  const { request = {}, facts = {} } = state.chart;
  if (request[MANY] !== undefined) return [request[MANY]].flat().map(String);
  return Object.entries(facts[ASKED] || {}).filter(([, each]) => ["yes", true].includes(isMap(each) ? each.value : each)).map(([member]) => member);
}

// The facts are found by the server's own rule, that of `bvn facts`; what was found before stays until it answers.
let asking = 0;
async function search() {
  const words = $("search").value.split(/\s+/).filter(Boolean);
  const mine = ++asking;
  try {
    const found = words.length ? (await sent("/app/find", { case: { title: "x" }, words })).facts : null;
    if (mine === asking) hits = found;
  } catch (error) {
    quiet(error);
  }
  if (mine === asking) filter();
}

function filter() {
  const only = $("recorded").checked;
  let any = false;
  for (const group of all(".group")) {
    let some = false;
    for (const fact of all(".fact", group)) {
      const here = (!hits || fact.dataset.fact in hits) && (!only || fact.classList.contains("has"));
      fact.hidden = !here;
      fact.querySelector(".hit").textContent = (hits?.[fact.dataset.fact] || []).join("; ");
      some ||= here;
    }
    group.hidden = !some;
    if (some && (hits || only)) group.open = true;
    any ||= some;
  }
  $("none").hidden = any;
}

function regroup(by) {
  const facts = all(".fact");
  const order = new Map();
  facts.sort((a, b) => a.dataset.at - b.dataset.at);
  for (const fact of facts) {
    const title = by === "section" ? fact.dataset.section : fact.dataset.document.split(",")[0].trim();
    order.set(title, [...(order.get(title) || []), fact]);
  }
  const made = [...order].map(([title, listed], i) => {
    const group = document.createElement("details");
    group.className = "group";
    group.open = i < 3;
    const summary = document.createElement("summary");
    const name = document.createElement("b");
    name.textContent = title;
    const count = document.createElement("span");
    count.className = "count soft";
    summary.append(name, " ", count);
    const inside = document.createElement("div");
    inside.className = "facts";
    inside.append(...listed);
    group.append(summary, inside);
    return group;
  });
  $("groups").replaceChildren(...made);
  paint();
}

function go(fact) {
  show("chart");
  $("search").value = "";
  $("recorded").checked = false;
  hits = null;
  asking += 1;
  filter();
  const found = $(`f-${fact}`) || all(`.headfact[data-fact="${fact}"]`)[0] || (fact === ASKED ? all(".spine")[0] : null);
  if (!found) return;
  const group = found.closest("details");
  if (group) group.open = true;
  found.scrollIntoView({ block: "center" });
  found.querySelector("input:checked, input, select")?.focus();
}

// -- the details of one record -----------------------------------------------------------------

function details(fact) {
  const home = $(`f-${fact}`);
  const form = $("details-form");
  form.reset();
  $("details-title").textContent = home.querySelector(".ask").textContent;
  const slots = [...new Set(all("[data-slot]", home).map((each) => each.dataset.slot))].filter((each) => !each.includes("+"));
  const pick = form.elements.slot;
  pick.replaceChildren(...slots.map((slot) => new Option(spoken(split(slot)[1]) || fact, slot)));
  const loose = `${fact}.somewhere`;
  if (home.dataset.per && !home.dataset.request) pick.append(new Option("somewhere: which is not stated", loose));
  $("details-member").hidden = slots.length < 2;
  const numeric = Boolean(home.dataset.numeric);
  const first = home.querySelector("select");
  const values = numeric ? [] : first
    ? [...first.options].filter((each) => each.value && !(each.value in NOTHING)).map((each) => [each.value, each.textContent])
    : all("input[type=radio]", home).filter((each) => each.value).map((each) => [each.value, each.nextElementSibling.textContent]);
  form.elements.choice.replaceChildren(...values.map(([value, says]) => new Option(says, value)));
  form.elements.choice.hidden = numeric;
  form.elements.value.hidden = !numeric;
  $("k-several").hidden = numeric || values.length < 3;
  $("k-range").hidden = !numeric;
  $("k-dates").hidden = !home.dataset.duration;
  $("values").replaceChildren(...values.map(([value, says]) => new Option(says, value)));
  $("several").replaceChildren(...values.map(([value, says]) => {
    const label = document.createElement("label");
    const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "several", value });
    label.append(box, ` ${says}`);
    return label;
  }));
  const fill = () => {
    const slot = pick.value;
    const data = get(slot);
    const said = reading(data, home);
    $("k-kept").hidden = said.kind !== "kept";
    $("kept").textContent = said.kind === "kept" ? said.notes[0] : "";
    $("k-silent").hidden = Boolean(home.dataset.request) || slot === loose;
    $("k-conflict").hidden = $("k-unknown").hidden = slot === loose;
    form.elements.kind.value = said.kind;
    form.elements.value.value = said.kind === "value" ? said.text : "";
    if (said.kind === "value" && !numeric) form.elements.choice.value = said.text;
    form.elements.range.value = said.kind === "range" ? said.text : "";
    form.elements.since.value = data?.since || "";
    form.elements.until.value = data?.until || "";
    const listed = said.kind === "several" ? [data.one_of ?? []].flat() : [];
    for (const each of all("[name=several]", form)) each.checked = listed.includes(each.value);
    const sides = data?.conflicting || [];
    for (const i of [1, 2]) {
      const side = sides[i - 1];
      const where = isMap(side) ? [side.evidence ?? {}].flat()[0] : {};
      form.elements[`v${i}`].value = side === undefined ? "" : reading(side, home).text;
      form.elements[`d${i}`].value = isMap(where) ? where.document || "" : where || "";
      form.elements[`t${i}`].value = where?.date || "";
    }
    const where = isMap(data) ? [data.evidence ?? {}].flat()[0] ?? {} : {};
    form.elements.document.value = isMap(where) ? where.document || "" : where;
    form.elements.when.value = where.date || "";
    form.elements.page.value = where.page || "";
    form.elements.note.value = where.note || "";
    toggles();
  };
  pick.onchange = fill;
  const toggles = () => {
    const kind = form.elements.kind.value;
    $("several").hidden = kind !== "several";
    $("conflict").hidden = kind !== "conflict";
    $("evidence").hidden = ["open", "conflict", "kept"].includes(kind);
  };
  form.onchange = (event) => {
    const name = event.target.name;
    if (["value", "choice"].includes(name)) form.elements.kind.value = "value";
    if (name === "range") form.elements.kind.value = "range";
    if (["since", "until"].includes(name)) form.elements.kind.value = "dates";
    if (["v1", "v2"].includes(name)) form.elements.kind.value = "conflict";
    toggles();
  };
  form.onsubmit = (event) => {
    if (event.submitter?.value !== "save") return;
    const slot = pick.value;
    const old = get(slot);
    const data = made(form, numeric, old);
    for (const key of ["count", "exactly"]) if (slot === loose && isMap(data) && isMap(old) && key in old) data[key] = old[key];
    change(({ chart }) => set(chart, slot, data), fact);
  };
  fill();
  $("details").showModal();
}

function made(form, numeric, old) {
  const e = form.elements;
  const proof = (document, date, page, note, first = {}) => {
    const found = { ...(isMap(first) ? first : {}) };
    for (const [key, text] of Object.entries({ document, date, page, note })) {
      if (text) found[key] = text;
      else delete found[key];
    }
    return Object.keys(found).length ? { evidence: found } : {};
  };
  const listed = isMap(old) ? [old.evidence ?? []].flat() : [];
  const first = proof(e.document.value, e.when.value, e.page.value, e.note.value, listed[0]);
  const rest = listed.slice(1);
  const evidence = rest.length ? { evidence: [first.evidence, ...rest].filter(Boolean) } : first;
  switch (e.kind.value) {
    case "value": return { value: numeric ? e.value.value.trim() : e.choice.value, ...evidence };
    case "several": return { one_of: all("[name=several]:checked", form).map((each) => each.value), ...evidence };
    case "range": return { value: e.range.value.trim(), ...evidence };
    case "dates": return { since: e.since.value, ...(e.until.value ? { until: e.until.value } : {}), ...evidence };
    case "unknown": return { value: "unknown", ...evidence };
    case "silent": return { value: SILENT, ...evidence };
    case "kept": return old;
    case "conflict": return { conflicting: [1, 2].map((i) => ({ value: e[`v${i}`].value.trim(), ...proof(e[`d${i}`].value, e[`t${i}`].value) })) };
    default: return undefined;
  }
}

// -- views, files ------------------------------------------------------------------------------

function show(name) {
  if (view === name) return;
  view = name;
  for (const each of all("[data-pane]")) each.hidden = each.dataset.pane !== name;
  for (const each of all("[data-view]")) {
    if (each.dataset.view === name) each.setAttribute("aria-current", "page");
    else each.removeAttribute("aria-current");
  }
  document.body.dataset.view = name;
  if (name === "interview" || name === "papers") look();
  if (name === "policies") texts("/app/policies");
}

// A paper stands in a room of its own, with the style of our pages: nothing of it meets the names of this page.
async function showPaper(mine) {
  for (const each of all("[data-about]")) each.hidden = each.dataset.about !== paper;
  $("which").value = paper;
  const host = $("paper");
  const found = await post("/app/paper", { policy: focus, paper }).catch((error) => {
    if (error.name === "AbortError") throw error;
    room(host).textContent = (error.fault?.faults || []).map((each) => each.message + (each.hint ? ` (${each.hint})` : "")).join("; ") || "it could not be made";
    return null;
  });
  if (!found || mine !== turn) return null;
  $("left-out").hidden = !found.left_out;
  room(host).innerHTML = found.html.paper;
  host.dataset.shows = `${found.paper} ${found.policy}`;
  return null;
}

function room(host) {
  if (!host.shadowRoot) {
    const root = host.attachShadow({ mode: "open" });
    for (const href of ["/page.css", "/static/paper.css"]) root.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
    root.append(document.createElement("div"));
  }
  return host.shadowRoot.lastElementChild;
}

const ENDS = { html: ["html", "text/html"], markdown: ["md", "text/markdown"], docx: ["docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"] };
async function handPaper(form) {
  tell("making the paper…");
  const [end, type] = ENDS[form];
  hand(await post("/app/paper", { policy: focus, paper, form }, false), `${paper}-${focus}.${end}`, type);
  tell(`the paper was handed to the browser as ${paper}-${focus}.${end}`);
}

function askOf(names, now = true) {
  together = names;
  for (const each of all("[data-together]")) each.checked = together.includes(each.dataset.together);
  for (const each of all(".asked-of")) each.textContent = together.length ? together.length > 3 ? `${together.length} policies together` : together.join(" and ") : "the one looked at";
  if (now) look();
}

async function texts(path) {
  try {
    $("texts").innerHTML = "<p class=soft>asking…</p>";
    put({ texts: (await post(path)).html.texts });
    $("texts").querySelector("h2")?.focus();
  } catch (error) {
    $("texts").innerHTML = "";
    quiet(error);
  }
}

// To suppose something, or to drop it where it is supposed already.
const slotOf = (text) => text.slice(0, text.indexOf("="));
function supposing(texts) {
  const there = texts.every((each) => suppose.includes(each));
  const slots = new Set(texts.map(slotOf));
  suppose = suppose.filter((each) => !slots.has(slotOf(each)));
  if (!there) suppose.push(...texts);
  unghost();
  ask();
}

function pressed() {
  for (const each of all("#ways [data-try]")) {
    const on = JSON.parse(each.dataset.try).every((one) => suppose.includes(one));
    each.setAttribute("aria-pressed", on);
    if (each.closest(".wayhead")) each.textContent = on ? "Drop" : "Try";
  }
}

function choose(name) {
  tab = name;
  for (const each of all("[data-tab]")) {
    const on = each.dataset.tab === name;
    each.setAttribute("aria-selected", on);
    each.tabIndex = on ? 0 : -1;
    $(`panel-${each.dataset.tab}`).hidden = !on;
  }
  look();
}

// The groups in which something is recorded are unfolded.
function unfold() {
  for (const group of all(".group")) if (group.querySelector(".fact.has")) group.open = true;
}

function load(chart, news, origin = "") {
  suppose = [];
  skipped = [];
  change((each) => {
    each.chart = chart;
    each.origin = origin;
  });
  saved = JSON.stringify(state.chart);
  unfold();
  if (news) tell(news);
}

async function open(text, name = "") {
  try {
    const media = text.trimStart().startsWith("<") ? "application/fhir+xml" : "application/yaml";
    const answer = await fetch("/app/open", { method: "POST", headers: { "content-type": media }, body: text });
    const found = await answer.json();
    if (!answer.ok) throw Object.assign(new Error("refused"), { fault: found });
    shown = null;
    chosen = "";
    load(found.case, name ? `opened ${name}` : "", found.origin);
    if (!name) { past = []; paint(); }
  } catch (error) {
    quiet(error);
  }
}

function hand(text, name, type) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

const DEEDS = {
  undo: () => travel(past, future),
  redo: () => travel(future, past),
  new: () => { shown = null; chosen = ""; load(clone(EMPTY), "a new chart"); },
  open: () => $("file").click(),
  save: async () => { hand(await post("/app/save", { origin: state.origin }), "case.yaml", "application/yaml"); saved = JSON.stringify(state.chart); tell("the case was handed to the browser as case.yaml"); },
  report: async () => { tell("making the report…"); hand(await post("/app/report", { policy: "" }), "report.html", "text/html"); tell("the report was handed to the browser"); },
  "report-one": async () => { tell("making the report…"); hand(await post("/app/report", { policy: focus }), `report-${focus}.html`, "text/html"); tell("the report was handed to the browser"); },
  record: async () => { hand(await post("/app/record"), "record.json", "application/json"); tell("the record was handed to the browser; nothing supposed is in it"); },
  paper: (d) => { paper = d.paper; if (view === "papers") look(); else show("papers"); $("which").focus(); },
  print: () => print(),
  "paper-html": () => handPaper("html"),
  "paper-markdown": () => handPaper("markdown"),
  "paper-docx": () => handPaper("docx"),
  ways: () => { choose("ways"); $("tab-ways").focus(); },
  "together-none": () => askOf([]),
  "together-coverage": (_, each) => askOf(all("[data-together]", each.closest(".together").querySelector("fieldset")).map((one) => one.dataset.together)),
  drop: () => { suppose = []; tell("dropped"); ask(); },
  interview: () => { show("interview"); },
  unskip: () => { skipped = []; look(); },
};

// -- listening ---------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const each = event.target.closest("button, a[data-view]");
  if (!each) return;
  const d = each.dataset;
  if (d.view) { event.preventDefault(); show(d.view); return; }
  if (each.closest(".menu")) each.closest(".menu").open = false;
  if (d.do) Promise.resolve(DEEDS[d.do]?.(d, each)).catch(quiet);
  else if (d.policy) { chosen = d.policy; ask(); }
  else if (d.tab) choose(d.tab);
  else if (d.more) details(d.more);
  else if (d.go) go(d.go);
  else if (d.try) supposing(JSON.parse(d.try));
  else if (d.record) change(({ chart }) => JSON.parse(d.record).forEach((slot) => set(chart, slot, d.value)));
  else if (d.answer) { const value = JSON.parse(d.value); if (value in NOTHING) skipped = [...skipped, d.answer]; change(({ chart }) => set(chart, d.answer, withEvidence(get(d.answer), value)), split(d.answer)[0]); }
  else if (d.skip) { skipped = [...skipped, d.skip]; look(); }
  else if (d.text) texts(d.text);
  else if (d.patient) { open(d.patient, "a patient"); show("chart"); }
});

document.addEventListener("change", (event) => {
  const each = event.target;
  const d = each.dataset;
  if (each.closest("dialog")) return;
  if (d.slot) {
    const slots = d.slot.split("+");
    const fact = split(slots[0])[0];
    change(({ chart }) => slots.forEach((slot) => set(chart, slot, typed(slot, each.value))), fact);
  } else if (d.body) {
    change(({ chart }) => {
      chart.request ??= {};
      chart.request[MANY] = all("[data-body]").filter((one) => one.checked).map((one) => one.dataset.body);
      if (!chart.request[MANY].length) delete chart.request[MANY];
      if (chart.facts) delete chart.facts[ASKED];
    });
  } else if (d.reading) {
    change(({ readings }) => {
      readings[d.of] = { ...(readings[d.of] || {}), [d.reading]: each.value };
      if (each.value === d.default) delete readings[d.of][d.reading];
      if (!Object.keys(readings[d.of]).length) delete readings[d.of];
    });
  } else if (d.bydisc) {
    for (const cell of all(".cell", each.closest(".fact"))) cell.hidden = cell.classList.contains("disc") !== each.checked || (cell.classList.contains("optional") && absent(cell));
  } else if (d.together) askOf(all("[data-together]", each.closest(".together")).filter((one) => one.checked).map((one) => one.dataset.together));
  else if (each.id === "which") { paper = each.value; look(); }
  else if (d.do === "standing") $("sheet").classList.toggle("standing", each.checked);
  else if (d.text !== undefined && each.tagName === "SELECT") texts(each.value);
  else if (each.id === "title") change(({ chart }) => { chart.title = each.value.trim() || EMPTY.title; });
  else if (each.id === "date") change(({ chart }) => { (chart.request ??= {}).date = each.value; if (!each.value) delete chart.request.date; });
  else if (each.id === "strict") change((one) => { one.strict = each.checked; });
  else if (each.id === "diagnoses") change(({ chart }) => { const listed = each.value.split(/[\s,;]+/).filter(Boolean); (chart.request ??= {}).diagnoses = listed; if (!listed.length) delete chart.request.diagnoses; if (chart.facts) delete chart.facts.diagnosed; });
  else if (each.id === "procedures") change(({ chart }) => { const lines = Object.fromEntries(each.value.split(/[,;]+/).map((one) => one.trim()).filter(Boolean).map((one) => { const [code, units] = one.split(/[\s:x]+/); return [code, units || "1"]; })); (chart.request ??= {}).procedures = lines; if (!Object.keys(lines).length) delete chart.request.procedures; if (chart.facts) delete chart.facts.billed; });
  else if (each.id === "by") regroup(each.value);
  else if (each.id === "recorded") filter();
  else if (each.id === "optional") paint();
  else if (each.id === "file" && each.files[0]) { each.files[0].text().then((text) => open(text, "the file")); each.value = ""; }
});

let typing = 0;
$("search").addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(search, 90); });

document.addEventListener("submit", (event) => {
  const slot = event.target.dataset.exact;
  if (!slot) {
    const to = event.target.dataset.pair;
    if (to) { event.preventDefault(); const e = event.target.elements; texts(`/app/${e.what.value}/${e.old.value}/${e.new.value}`); }
    return;
  }
  event.preventDefault();
  const value = event.target.elements.value.value.trim();
  if (value) change(({ chart }) => set(chart, slot, typed(slot, value)), split(slot)[0]);
});

document.addEventListener("keydown", (event) => {
  const at = event.target;
  const writes = at.matches("input:not([type=radio]):not([type=checkbox]), select, textarea");
  if (event.key === "Enter" && at.matches("input.num")) at.dispatchEvent(new Event("change", { bubbles: true }));
  if ((event.ctrlKey || event.metaKey) && !writes && event.key.toLowerCase() === "z") { event.preventDefault(); DEEDS[event.shiftKey ? "redo" : "undo"](); return; }
  if ((event.ctrlKey || event.metaKey) && !writes && event.key.toLowerCase() === "y") { event.preventDefault(); DEEDS.redo(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || at.closest("dialog")) return;
  if (event.key === "/" && !writes) { event.preventDefault(); show("chart"); $("search").focus(); return; }
  if (at.matches("[role=tab]") && ["ArrowLeft", "ArrowRight"].includes(event.key)) {
    const tabs = all("[role=tab]");
    const next = tabs[(tabs.indexOf(at) + (event.key === "ArrowRight" ? 1 : tabs.length - 1)) % tabs.length];
    choose(next.dataset.tab);
    next.focus();
    return;
  }
  if (writes) return;
  const answers = view === "interview" ? all(".answers .answer") : [];
  if (answers.length && /^[1-9]$/.test(event.key)) { answers[event.key - 1]?.click(); return; }
  const choices = all("input[type=radio]", at.closest(".fact .choices"));
  if (!at.closest(".fact .choices") || event.key.length !== 1) return;
  const digit = /^[0-9]$/.test(event.key) ? choices[(Number(event.key) || choices.length) - 1] : null;
  const letter = choices.find((each) => each.nextElementSibling.textContent.toLowerCase().startsWith(event.key.toLowerCase()));
  const wanted = digit || letter;
  if (wanted) { event.preventDefault(); wanted.focus(); wanted.click(); }
});

// Over a way to approval, or with the focus on it: what it would turn.
let hovered = "";
async function ghost(event) {
  const each = event.target.closest?.("[data-try]");
  if (!each || each.dataset.try === hovered) return;
  hovered = each.dataset.try;
  try {
    const found = await post("/app/tries", { tries: JSON.parse(each.dataset.try) });
    if (hovered !== each.dataset.try) return;
    for (const one of all("#strip [data-policy]")) {
      const then = found.verdicts[one.dataset.policy];
      one.querySelector(".ghost").textContent = then && then !== one.dataset.verdict ? `then ${then}` : "";
    }
  } catch (error) {
    if (error.name !== "AbortError") unghost();
  }
}
function unghost() {
  hovered = "";
  for (const each of all("#strip .ghost")) each.textContent = "";
}
$("ways").addEventListener("mouseover", ghost);
$("ways").addEventListener("focusin", ghost);
$("ways").addEventListener("mouseleave", unghost);

for (const kind of ["dragover", "drop"]) {
  document.addEventListener(kind, (event) => {
    if (![...(event.dataTransfer?.types || [])].includes("Files")) return;
    event.preventDefault();
    if (kind === "drop" && event.dataTransfer.files[0]) event.dataTransfer.files[0].text().then((text) => open(text, "the file"));
  });
}

addEventListener("beforeunload", (event) => {
  if (JSON.stringify(state.chart) !== saved) event.preventDefault();
});

all(".fact").forEach((each, i) => { each.dataset.at = i; });
paint();
const demo = $("demo");
if (demo) open(demo.content.textContent, "");
else ask();
const start = location.hash.slice(1);
askOf([], false);
if (["interview", "papers", "policies"].includes(start)) show(start);
