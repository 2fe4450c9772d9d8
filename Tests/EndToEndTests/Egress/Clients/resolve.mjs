// Looks names up: node resolve.mjs lookup|resolve NAME…, through the C library or c-ares. A line for
// each name: its addresses, sorted; or "missing", which a resolver says only where it was told so; or
// "failed" and how.
import dns from "node:dns/promises";

const [way, ...names] = process.argv.slice(2);

async function ask(look) {
  try {
    return await look;
  } catch (error) {
    if (["ENOTFOUND", "ENODATA"].includes(error.code)) return [];
    throw error;
  }
}

for (const name of names) {
  try {
    const found =
      way === "lookup"
        ? (await ask(dns.lookup(name, { all: true }))).map((entry) => entry.address)
        : [...(await ask(dns.resolve4(name))), ...(await ask(dns.resolve6(name)))];
    console.log([name, ...(found.length ? [...new Set(found)].sort() : ["missing"])].join(" "));
  } catch (error) {
    console.log(`${name} failed ${error.code}`);
  }
}
