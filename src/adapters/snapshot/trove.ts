import { typeOf } from '../../core/content.ts';
import { utf8 } from '../../core/decode.ts';
import type { Encoding, Fault, Observation } from '../../core/evidence.ts';
import { globOf } from '../../core/glob.ts';
import { type Known, name as nameOf, type Phrase, phrase } from '../../core/phrase.ts';
import {
  type Bookmark,
  type Files,
  type Holding,
  type NameBatch,
  type Store,
  StoreFault,
  type Trove,
} from '../../core/ports.ts';
import { NO_TYPE } from './content.ts';
import { digestOfBytes, digestOfFields } from './digest.ts';
import { type Loaded, loadSnapshot, type Snapshot } from './document.ts';
import { snapshotStore } from './store.ts';

/** Names that come at a time. */
const BATCH = 1000;

/**
 * Every key of a snapshot. Times to live are those of when it was taken. What it tells nothing of, because neither its
 * patterns nor its configs asked for it, is unreadable rather than absent.
 */
export async function snapshotTrove(
  path: Known,
  files: Pick<Files, 'read'>,
  passphrase?: string,
): Promise<Trove> {
  // Once, so that names and values are of the same file.
  const content = await files.read(path);
  const taken = { read: async () => content };
  const store = await snapshotStore(path, taken, passphrase);
  return troveOver(store, await loadSnapshot(path, taken, passphrase));
}

function troveOver(store: Store, loaded: Loaded): Trove {
  const snapshot = () => {
    if (!loaded.ok) throw new StoreFault(loaded.fault);
    return loaded.snapshot;
  };
  return {
    target: store.target,
    async size() {
      return keysIn(snapshot()).length;
    },
    async *names(match, from) {
      yield* namesIn(snapshot(), match, from);
    },
    read: (names) =>
      Promise.all(
        names.map(async (name): Promise<Holding> => {
          if (!loaded.ok) return { kind: 'unreadable', fault: loaded.fault };
          return holdingOf(store, loaded.snapshot, name);
        }),
      ),
  };
}

function keysIn({ entries }: Snapshot): readonly string[] {
  return Array.from(entries).flatMap(([key, { type }]) => (type === NO_TYPE ? [] : [key]));
}

/** A bookmark is the number of keys that are behind it, in the order of the file. */
function* namesIn(snapshot: Snapshot, match: string, from: Bookmark | undefined): Generator<NameBatch> {
  const isWanted = globOf(match);
  const names = keysIn(snapshot).map((key) => Buffer.from(key));
  const past = `${snapshot.takenAt} ${names.length} `;
  if (from !== undefined && !(from.startsWith(past) && /^\d+$/.test(from.slice(past.length)))) {
    throw new StoreFault(
      faultOf(
        phrase`this is another snapshot than the one whose keys were listed, so the list can't be gone on with`,
        phrase`begin anew, or give the file that was compared before`,
      ),
    );
  }
  for (let start = Number(from?.slice(past.length) ?? 0); start < names.length; start += BATCH) {
    const end = Math.min(start + BATCH, names.length);
    yield { names: names.slice(start, end).filter(isWanted), bookmark: `${past}${end}` };
  }
}

async function holdingOf(store: Store, { entries }: Snapshot, name: Uint8Array): Promise<Holding> {
  const key = utf8(name);
  if (key === undefined)
    return unreadable(phrase`a snapshot tells of no key whose name is not UTF-8`, advice);
  const type = entries.get(key)?.type ?? NO_TYPE;
  const encoding = type === NO_TYPE ? 'json' : encodingOf(type);
  if (encoding === undefined) {
    return unreadable(phrase`a snapshot holds no values of the type ${nameOf(type.slice(0, 50))}`, advice);
  }
  const [sighting] = await store.read([{ name: store.target, key, encoding }]);
  return sighting === undefined ? { kind: 'absent' } : holdingIn(sighting.observation, type);
}

const advice = phrase`compare this key with the server itself`;

function encodingOf(type: string): Encoding | undefined {
  const encodings: readonly Encoding[] = ['json', 'hash', 'redisjson'];
  return encodings.find((encoding) => typeOf[encoding] === type);
}

function holdingIn(observation: Observation, type: string): Holding {
  switch (observation.kind) {
    case 'present': {
      const { bytes, ttl } = observation;
      return { kind: 'held', type, ...lived(ttl), length: bytes.length, digest: digestOfBytes(bytes), bytes };
    }
    case 'fields': {
      const { fields, ttl } = observation;
      return {
        kind: 'held',
        type,
        ...lived(ttl),
        length: fields.length,
        digest: digestOfFields(fields),
        fields,
      };
    }
    case 'absent':
    case 'unreadable':
      return observation;
    default:
      return unreadable(phrase`the snapshot tells of the key in a way that can't be read`, advice);
  }
}

function lived(ttl: number | undefined): { readonly ttl?: number } {
  return ttl === undefined ? {} : { ttl };
}

function unreadable(said: Phrase, what: Phrase): Holding {
  return { kind: 'unreadable', fault: faultOf(said, what) };
}

function faultOf(said: Phrase, what: Phrase): Fault {
  return { reason: 'unreadable', phrase: said, advice: what };
}
