// Translates a CQL library and runs it on charts: node run.mjs NODE_MODULES LIBRARY.cql < charts.json > results.json
//
// Every parameter is passed, null where a chart does not say: one that is left out is not null to this engine.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, file] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(`${modules}/@cqframework/cql/${name}`));
const { CqlTranslator, LibraryManager, ModelManager } = await load("cql-to-elm.mjs");
const { SystemModelInfoProvider } = await load("cql.mjs");
const { Library, Executor, Repository } = createRequire(`${modules}/x.js`)("cql-execution");

const models = new ModelManager();
models.modelInfoLoader.registerModelInfoProvider(new SystemModelInfoProvider());
const translator = CqlTranslator.fromText(readFileSync(file, "utf8"), new LibraryManager(models));
const elm = JSON.parse(translator.toJson());
const faults = (elm.library.annotation ?? []).filter((each) => each.errorSeverity === "error");
if (faults.length) {
  console.error(JSON.stringify(faults));
  process.exit(1);
}
const { names, charts } = JSON.parse(readFileSync(0, "utf8"));
const library = new Library(elm, new Repository([]));
const parameters = elm.library.parameters.def.map((each) => each.name);
const nobody = { currentPatient: () => undefined, nextPatient: () => undefined };
const results = [];
for (const chart of charts) {
  const given = Object.fromEntries(parameters.map((name) => [name, chart[name] ?? null]));
  const found = await new Executor(library, null, given).exec(nobody);
  results.push(names.map((name) => found.unfilteredResults[name] ?? null));
}
console.log(JSON.stringify({ parameters, results }));
