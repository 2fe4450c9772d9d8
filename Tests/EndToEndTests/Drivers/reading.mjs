// How Node reads each line of a file: `reading.mjs FILE` writes FILE.node in reading.py's notation, and
// prints how many lines its own line reader finds.
import fs from "node:fs";
import readline from "node:readline";

const bits = Buffer.alloc(8);

function form(value) {
  switch (typeof value) {
    case "string": return "s" + Buffer.from(value, "utf8").toString("hex");
    case "boolean": return value ? "t" : "f";
    case "number": bits.writeDoubleBE(value + 0); return "d" + bits.toString("hex");
  }
  if (value === null) return "n";
  if (Array.isArray(value)) return "[" + value.map(form).join(",") + "]";
  const members = Object.keys(value)
    .map((key) => [Buffer.from(key, "utf8").toString("hex"), form(value[key])])
    .sort((one, two) => (one[0] < two[0] ? -1 : 1));
  return "{" + members.map(([key, member]) => `${key}:${member}`).join(",") + "}";
}

const path = process.argv[2];
const lines = fs.readFileSync(path, "utf8").split("\n").slice(0, -1);
fs.writeFileSync(path + ".node", lines.map((line) => form(JSON.parse(line)) + "\n").join(""));
let count = 0;
for await (const _ of readline.createInterface({ input: fs.createReadStream(path) })) count += 1;
console.log(JSON.stringify({ newlines: lines.length, readline: count }));
