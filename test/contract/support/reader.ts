/** A program: reads `app:a` at a URL, writes the observation to its output, and has nothing left to do. */
import { redisStore } from '../../../src/adapters/redis/store.ts';
import { parseRedisUrl } from '../../../src/adapters/redis/url.ts';
import { vouch } from '../../../src/core/phrase.ts';
import { plain } from '../../../src/core/plain.ts';

const [url = '', timeout = ''] = process.argv.slice(2);
const parsed = parseRedisUrl(url);
if (!parsed.ok) throw new Error(plain(parsed.why));
const store = redisStore(parsed.endpoint, { timeout: Number(timeout), maxBytes: 200_000_000 });
const [sighting] = await store.read([{ name: vouch('a'), key: 'app:a', encoding: 'json' }]);
const observation = sighting?.observation;
process.stdout.write(
  observation?.kind === 'unreadable'
    ? `${plain(observation.fault.phrase)}; ${plain(observation.fault.advice)}`
    : `${observation?.kind}`,
);
