// Fetches a URL as an ordinary program does: node client.mjs fetch|https URL.
import https from "node:https";

const [way, url] = process.argv.slice(2);

const withHTTPS = () =>
  new Promise((resolve, reject) => {
    const request = https.get(url, { timeout: 10000 }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (more) => (text += more));
      answer.on("end", () => resolve(text));
    });
    request.on("error", reject);
  });

try {
  const text = way === "fetch" ? await (await fetch(url)).text() : await withHTTPS();
  process.stdout.write(text);
} catch (error) {
  console.error(error.cause?.code ?? error.code ?? String(error));
  process.exitCode = 1;
}
