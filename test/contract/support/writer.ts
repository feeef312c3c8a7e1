/**
 * A program: gives all keys a value in one command, then all another (or none, when told to `remove` them), without
 * end. The two alternate: a reader that trusts two equal readings in a row would be fooled by what comes back.
 */
import { Redis } from 'ioredis';

const [url = '', mode, ...keys] = process.argv.slice(2);
// When the server goes, so does this program.
const redis = new Redis(url, { retryStrategy: () => null });
const [even, odd] = ['even', 'odd'].map((value) => keys.flatMap((key) => [key, value]));
for (let round = 0; ; round += 1) {
  if (round % 2 === 0) await redis.mset(...(even ?? []));
  else if (mode === 'remove') await redis.del(...keys);
  else await redis.mset(...(odd ?? []));
  if (round === 1) process.stdout.write('writing\n');
}
