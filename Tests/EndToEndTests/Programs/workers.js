// What servers written for Node.js do besides messages: workers, children, files, sockets, timers.
// Prints one line for each, so that two runs can be compared.
'use strict';
const assert = require('assert');
const cp = require('child_process');
const crypto = require('crypto');
const dns = require('dns').promises;
const fs = require('fs');
const http = require('http');
const net = require('net');
const os = require('os');
const path = require('path');
const { pipeline } = require('stream/promises');
const { Worker, isMainThread, parentPort, workerData } = require('worker_threads');
const zlib = require('zlib');

const say = (name, value) => console.log(name, typeof value === 'string' ? value : JSON.stringify(value));
const digest = (data) => crypto.createHash('sha256').update(data).digest('hex').slice(0, 16);
const once = (emitter, event) => new Promise((resolve, reject) => {
  emitter.once(event, (...values) => resolve(values));
  if (event !== 'error') emitter.once('error', reject);
});

if (!isMainThread) {
  const cells = new Int32Array(workerData.shared);
  for (let i = 0; i < 1000; i++) Atomics.add(cells, 0, 1);
  Atomics.notify(cells, 0);
  parentPort.postMessage({ index: workerData.index, sum: workerData.numbers.reduce((a, b) => a + b) });
} else if (process.argv[2] === 'child') {
  process.on('message', (message) => process.send({ doubled: message.value * 2 }, () => process.disconnect()));
} else {
  main().catch((error) => { console.log('failed', error); process.exitCode = 1; });
}

async function workers() {
  const shared = new SharedArrayBuffer(8);
  const replies = await Promise.all([0, 1, 2, 3].map(async (index) => {
    const worker = new Worker(__filename, { workerData: { index, shared, numbers: [index, 10, 20] } });
    const [[message]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
    return message;
  }));
  say('workers', replies);
  say('shared', new Int32Array(shared)[0]);
}

async function children() {
  say('exec', cp.execFileSync('/bin/sh', ['-c', 'echo $0 $((6 * 7))', 'sh']).toString().trim());
  const cat = cp.spawn('cat');
  cat.stdin.end('through a pipe');
  let text = '';
  for await (const part of cat.stdout) text += part;
  say('spawn', text);
  const forked = cp.fork(__filename, ['child']);
  forked.send({ value: 21 });
  say('fork', (await once(forked, 'message'))[0]);
  const sleeper = cp.spawn('sleep', ['100']);
  sleeper.kill('SIGTERM');
  say('killed', await once(sleeper, 'exit'));
  const missing = cp.spawn('/no/such/program');
  say('missing', (await once(missing, 'error'))[0].code);
  const slow = cp.spawnSync('sleep', ['100'], { timeout: 50 });
  say('timeout', slow.error.code);
}

async function files() {
  const data = Buffer.alloc(300000, 'abc');
  await fs.promises.mkdir('a/b/c', { recursive: true });
  await fs.promises.writeFile('a/one', data);
  fs.copyFileSync('a/one', 'a/two');
  await fs.promises.cp('a', 'copy', { recursive: true });
  await pipeline(fs.createReadStream('a/two'), zlib.createGzip(), fs.createWriteStream('a/two.gz'));
  await pipeline(fs.createReadStream('a/two.gz'), zlib.createGunzip(), fs.createWriteStream('a/three'));
  say('files', [digest(fs.readFileSync('a/three')), fs.readdirSync('copy').sort()]);
  fs.copyFileSync('/usr/share/common-licenses/GPL-3', 'a/far'); // another file system: sendfile
  say('far', digest(fs.readFileSync('a/far')));
  fs.symlinkSync('one', 'a/link');
  fs.chmodSync('a/one', 0o640);
  fs.utimesSync('a/one', 1000, 2000);
  fs.renameSync('a/two', 'a/moved');
  fs.truncateSync('a/moved', 10);
  const status = fs.statSync('a/one');
  say('status', [status.mode & 0o777, status.mtimeMs, fs.readlinkSync('a/link'), fs.realpathSync('a/link').endsWith('a/one')]);
  const watcher = fs.watch('a');
  const change = once(watcher, 'change');
  fs.writeFileSync('a/new', 'x');
  say('watch', (await change)[1]);
  watcher.close();
  fs.rmSync('a', { recursive: true });
  say('removed', fs.existsSync('a'));
}

async function sockets() {
  const echo = net.createServer((peer) => peer.pipe(peer));
  for (const where of [{ port: 0, host: '127.0.0.1' }, { port: 0, host: '::1' }, { path: 'socket' }]) {
    echo.listen(where);
    await once(echo, 'listening');
    const peer = net.connect(where.path ? where : { port: echo.address().port, host: where.host });
    peer.setNoDelay && peer.setNoDelay(true);
    peer.end('hello');
    let text = '';
    for await (const part of peer) text += part;
    say('echo', [where.path || where.host, text]);
    await new Promise((resolve) => echo.close(resolve));
  }
  const server = http.createServer((request, response) => response.end(`you asked ${request.url}`));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const answer = await fetch(`http://127.0.0.1:${server.address().port}/path`);
  say('http', [answer.status, await answer.text()]);
  server.closeAllConnections();
  server.close();
  say('localhost', (await dns.lookup('localhost', { family: 4 })).address);
}

async function main() {
  await workers();
  await children();
  await files();
  await sockets();
  say('pool', (await Promise.all(['a', 'b', 'c', 'd', 'e'].map((salt) =>
    new Promise((resolve) => crypto.pbkdf2('secret', salt, 2000, 16, 'sha256', (error, key) => resolve(key.toString('hex'))))))));
  say('random', crypto.randomBytes(16).length);
  const pair = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
  say('signature', crypto.verify('sha256', 'x', pair.publicKey, crypto.sign('sha256', 'x', pair.privateKey)));
  const wasm = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0, 7, 7, 1, 3, 97, 100, 100, 0, 0, 10, 9, 1, 7, 0, 32, 0, 32, 1, 106, 11]);
  say('wasm', (await WebAssembly.instantiate(wasm)).instance.exports.add(40, 2));
  const begin = process.hrtime.bigint();
  await new Promise((resolve) => setTimeout(resolve, 20));
  say('timer', process.hrtime.bigint() - begin > 15000000n);
  say('processors', [os.cpus().length > 0, os.availableParallelism() > 0]);
  say('system', [os.totalmem() > 0, os.uptime() > 0, typeof os.userInfo().username, os.networkInterfaces().lo !== undefined]);
  process.once('SIGUSR2', () => say('signal', 'SIGUSR2'));
  process.kill(process.pid, 'SIGUSR2');
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.title = 'renamed';
  os.setPriority(5);
  say('priority', os.getPriority());
  global.gc ? global.gc() : say('collected', Array.from({ length: 200 }, (_, i) => Buffer.alloc(100000, i)).length);
}
