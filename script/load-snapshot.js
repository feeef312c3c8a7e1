// Writes the values of a snapshot to a Redis, or deletes them again:
//   node script/load-snapshot.js [--delete] URL PREFIX SNAPSHOT
// For the demo, which has to run without any package; the guardian itself never writes here.
import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';

const remove = process.argv[2] === '--delete';
const [url, prefix, file] = process.argv.slice(remove ? 3 : 2);
if (!url || !prefix || !file) {
  console.error('usage: node script/load-snapshot.js [--delete] URL PREFIX SNAPSHOT');
  process.exit(2);
}

const { protocol, hostname, port, username, password, pathname } = new URL(url);
const { keys } = JSON.parse(readFileSync(file, 'utf8'));

const commands = [];
if (password) {
  commands.push(['AUTH', ...(username ? [decodeURIComponent(username)] : []), decodeURIComponent(password)]);
}
if (pathname.length > 1) commands.push(['SELECT', pathname.slice(1)]);
for (const [key, { value }] of Object.entries(keys)) {
  const target = prefix + key.slice(key.lastIndexOf(':') + 1);
  const bytes = 'utf8' in value ? Buffer.from(value.utf8) : Buffer.from(value.base64, 'base64');
  commands.push(remove ? ['DEL', target] : ['SET', target, bytes]);
}

const encode = (words) =>
  Buffer.concat([
    Buffer.from(`*${words.length}\r\n`),
    ...words.flatMap((word) => {
      const bytes = Buffer.from(word);
      return [Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n')];
    }),
  ]);

await send(10);

// A server that was started a moment ago may not listen yet.
async function send(tries) {
  try {
    await exchange();
  } catch (error) {
    if (error.code !== 'ECONNREFUSED' || tries === 0) {
      console.error(`the sample configs could not be written: ${error.message}`);
      process.exit(2);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    await send(tries - 1);
  }
}

// Each of these commands is answered by one line: +OK, :1, or -ERR with a reason.
function exchange() {
  return new Promise((resolve, reject) => {
    const host = hostname.replace(/^\[|\]$/g, '');
    const options = { host, port: Number(port) || 6379, servername: net.isIP(host) ? undefined : host };
    const socket = (protocol === 'rediss:' ? tls : net).connect(options);
    socket.setTimeout(10_000, () => socket.destroy(new Error('Redis did not answer')));
    let replies = '';
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('Redis closed the connection')));
    socket.on('data', (chunk) => {
      replies += chunk;
      const lines = replies.split('\r\n').slice(0, -1);
      const refused = lines.find((line) => line.startsWith('-'));
      // A refusal may quote the command; its first word says enough.
      if (refused) socket.destroy(new Error(`Redis refused: ${refused.slice(1).split(' ')[0]}`));
      else if (lines.length >= commands.length) {
        resolve();
        socket.end();
      }
    });
    socket.write(Buffer.concat(commands.map(encode)));
  });
}
