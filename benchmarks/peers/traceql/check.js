// Parses the TraceQL queries in the dashboards of packaging/compose with Grafana's own grammar, and prints each with what is
// wrong with it. Exits with 1 if any cannot be parsed, or if there is none.
import { parser } from "@grafana/lezer-traceql";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), "../../../packaging/compose/grafana/dashboards");

// What Grafana and the user put into a query.
const VARIABLES = { $min_cost: "0.01" };

// An intrinsic of Tempo, below 0 for roots, that the grammar does not know; Grafana's own pages query it. It is read as
// another number.
const MORE_INTRINSICS = { nestedSetParent: "duration" };

// Queries that the grammar must refuse: without them, a parser that accepts everything would go unnoticed.
const WRONG = ["{ span.a = }", "{ span.a = 1 } | select(span.b", "{ span.a >=< 1 }", "{ span.a = 1 } | selekt(span.b)"];

function faults(query) {
  const found = [];
  parser.parse(query).iterate({
    enter(node) {
      if (node.type.isError) {
        found.push(`${node.from}: ${JSON.stringify(query.slice(node.from, node.from + 20))}`);
      }
    },
  });
  return found;
}

function filled(query) {
  return Object.entries({ ...VARIABLES, ...MORE_INTRINSICS }).reduce((text, [name, value]) => text.replaceAll(name, value), query);
}

let queries = 0;
let refused = 0;
for (const name of readdirSync(FOLDER).filter((file) => file.endsWith(".json"))) {
  for (const panel of JSON.parse(readFileSync(join(FOLDER, name), "utf8")).panels) {
    for (const target of panel.targets ?? []) {
      // A query that is only the id of a trace is not TraceQL.
      if (target.queryType !== "traceql" || target.query === "$traceId") {
        continue;
      }
      const query = filled(target.query);
      const wrong = query.includes("$") ? ["a variable that is not known"] : faults(query);
      queries += 1;
      refused += wrong.length > 0 ? 1 : 0;
      console.log(`${wrong.length > 0 ? "FAULT" : "ok   "} ${name} ${panel.title}: ${query}${wrong.map((w) => `\n      at ${w}`).join("")}`);
    }
  }
}
for (const query of WRONG) {
  if (faults(query).length === 0) {
    refused += 1;
    console.log(`FAULT the grammar accepts ${query}`);
  }
}
console.log(`${queries} queries, ${refused} faults`);
process.exit(queries === 0 || refused > 0 ? 1 : 0);
