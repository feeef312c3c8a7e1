import { absent, type Pace, pacer, Recent, readAll, textOf, unanswered } from './compare-reading.ts';
import {
  type DifferenceKind,
  differenceKinds,
  fromBase64,
  type KeyDifference,
  type KeyGuide,
  nameOf,
  sideOf,
  type Terms,
  toBase64,
  type Unlike,
  unlikeness,
} from './core/comparison.ts';
import { latin1, sameBytes } from './core/content.ts';
import { globOf } from './core/glob.ts';
import { type KeyMap, mapped, sourcesOf } from './core/key-map.ts';
import type { Bookmark, Holding, NameBatch, Trove } from './core/ports.ts';

/** The verb that compares all keys of two places: first those of the source, then what only the target has. */

export interface CompareRequest extends Terms {
  /** Which names of the source, as Redis matches them; `*` for all. */
  readonly match: string;
  readonly map: KeyMap;
  /** How often a key is read before it is called different. */
  readonly rounds: number;
  /** Milliseconds between rounds. */
  readonly pause: number;
  /** Keys per second at the most; absent for as fast as may be. */
  readonly rate?: number;
  /** Whether a name of the source is of this part; a name that isn't UTF-8 has one character per byte. */
  readonly isOurs: (name: string) => boolean;
}

export interface ComparePorts extends Pace {
  readonly from: Trove;
  readonly to: Trove;
  /** What a config says of a key of the source. */
  readonly guideOf: (name: Uint8Array) => KeyGuide | undefined;
  /** Keyed anew in each run. */
  readonly digest: (text: string) => string;
  /** Appends lines to the file of differences; on the disk when it returns, with the bytes of the whole file. */
  readonly write: (lines: string) => Promise<number>;
  /** All of it or nothing; on the disk when it returns. */
  readonly save: (state: CompareState) => Promise<void>;
  readonly onProgress?: (state: CompareState) => void;
}

/** Where a comparison stands. What is in the file of differences beyond `bytes` is not part of it. */
export interface CompareState {
  readonly phase: 'forward' | 'backward' | 'done';
  readonly bookmark?: Bookmark;
  /** Names, as base64, that seemed different and are to be read again. */
  readonly pending: readonly string[];
  /** Names, as base64, that were told to be unreadable on the way forward. */
  readonly unreadable: readonly string[];
  readonly counts: CompareCounts;
  /** The first few of each kind. */
  readonly first: readonly KeyDifference[];
  /** Of the file of differences. */
  readonly bytes: number;
}

export interface CompareCounts {
  /** Keys that are there on either side. */
  readonly compared: number;
  readonly same: number;
  /** Differences; a key can have several. */
  readonly kinds: Readonly<Record<DifferenceKind, number>>;
}

export interface Comparison extends Pick<CompareState, 'counts' | 'first'> {
  /** 0 all is the same, 1 something differs, 2 nothing does, as far as it could be read. */
  readonly exitCode: 0 | 1 | 2;
}

const FIRST = 10;
/** Keys that are read in one go. */
const BATCH = 1000;
const IN_FLIGHT = 2;
/** Names that wait to be read again: each pause is for all of them. */
const MOST_PENDING = 5000;
const MOST_UNREADABLE = 10_000;

export const begun: CompareState = {
  phase: 'forward',
  pending: [],
  unreadable: [],
  counts: {
    compared: 0,
    same: 0,
    kinds: { missing: 0, extra: 0, type: 0, value: 0, ttl: 0, encoding: 0, unreadable: 0 },
  },
  first: [],
  bytes: 0,
};

/**
 * Goes on from `state`; whoever hands one over has cut the file of differences to its `bytes`. Throws a `StoreFault`
 * when a side can't be read any more: what was saved until then can be gone on from.
 */
export async function compare(
  request: CompareRequest,
  ports: ComparePorts,
  state: CompareState = begun,
): Promise<Comparison> {
  const run = new Run(request, ports, state);
  await run.end();
  const { counts, first } = run.state;
  return { counts, first, exitCode: exitCodeOf(counts) };
}

/** A difference that was seen outranks what wasn't seen. */
function exitCodeOf({ kinds }: CompareCounts): 0 | 1 | 2 {
  if (differenceKinds.some((kind) => kind !== 'unreadable' && kinds[kind] > 0)) return 1;
  return kinds.unreadable > 0 ? 2 : 0;
}

/** What became of one name. */
interface Look {
  /** As it was listed. */
  readonly name: Uint8Array;
  /** It is told of elsewhere, or gone from both sides. */
  readonly isPassed?: true;
  readonly unlike: readonly Unlike[];
  readonly key: Uint8Array;
  readonly target: Uint8Array;
  readonly from: Holding;
  readonly to: Holding;
}

class Run {
  state: CompareState;
  readonly #request: CompareRequest;
  readonly #ports: ComparePorts;
  readonly #pace: (keys: number) => Promise<void>;
  readonly #isMatch: (name: Uint8Array) => boolean;
  #recent = new Recent();

  constructor(request: CompareRequest, ports: ComparePorts, state: CompareState) {
    this.#request = request;
    this.#ports = ports;
    this.state = state;
    this.#pace = pacer(request.rate, ports);
    this.#isMatch = globOf(request.match);
  }

  async end(): Promise<void> {
    const { from, to } = this.#ports;
    if (this.state.phase === 'forward') {
      await this.#walk(from, this.#request.match);
      await this.#enter('backward');
    }
    if (this.state.phase === 'backward') {
      await this.#walk(to, '*');
      await this.#enter('done');
    }
  }

  async #walk(listed: Trove, match: string): Promise<void> {
    this.#recent = new Recent();
    const { bookmark } = this.state;
    const flight: { readonly batch: NameBatch; readonly looks: Promise<readonly Look[]> }[] = [];
    const land = async () => {
      const first = flight.shift();
      if (first !== undefined) await this.#settle(await first.looks, first.batch.bookmark);
    };
    for await (const batch of listed.names(match, bookmark)) {
      const looks = this.#lookAt(this.#ours(batch.names));
      // Whoever waits for it hears of it; until then nobody does.
      looks.catch(() => undefined);
      flight.push({ batch, looks });
      if (flight.length === IN_FLIGHT) await land();
    }
    while (flight.length > 0) await land();
  }

  async #enter(phase: 'backward' | 'done'): Promise<void> {
    const told = await this.#readAgain(this.state.pending.map(fromBase64));
    const { bookmark: _behind, ...rest } = this.state;
    await this.#note(told, { ...rest, phase, pending: [] });
  }

  /** Those that are to be looked at, each once as far as that can be known. */
  #ours(names: readonly Uint8Array[]): readonly Uint8Array[] {
    const { isOurs } = this.#request;
    return names.filter((name) => {
      const owner = this.state.phase === 'forward' ? name : this.#ownerOf(name);
      return owner !== undefined && isOurs(textOf(owner)) && this.#recent.isNew(latin1(name));
    });
  }

  /** The name that says which part a name of the target is of; `undefined` when nobody asked for it. */
  #ownerOf(name: Uint8Array): Uint8Array | undefined {
    const [source] = this.#sourcesOf(name);
    if (source !== undefined) return source;
    // No name of the source leads there: it is in the way only where the whole target is asked for.
    return this.#request.match === '*' ? name : undefined;
  }

  #sourcesOf(name: Uint8Array): readonly Uint8Array[] {
    return sourcesOf(this.#request.map, name).filter(this.#isMatch);
  }

  async #lookAt(names: readonly Uint8Array[]): Promise<readonly Look[]> {
    const looks: Look[] = [];
    for (let start = 0; start < names.length; start += BATCH) {
      const piece = names.slice(start, start + BATCH);
      await this.#pace(piece.length);
      looks.push(
        ...(this.state.phase === 'forward' ? await this.#forward(piece) : await this.#backward(piece)),
      );
    }
    return looks;
  }

  async #forward(names: readonly Uint8Array[]): Promise<readonly Look[]> {
    const targets = names.map((name) => mapped(this.#request.map, name));
    const { from, to } = this.#ports;
    const [ofFrom, ofTo] = await Promise.all([readAll(from, names), readAll(to, targets)]);
    return names.map((name, index) =>
      this.#look(name, name, targets[index] ?? name, ofFrom[index] ?? unanswered, ofTo[index] ?? unanswered),
    );
  }

  /** Only what the source doesn't have: the rest was compared on the way forward. */
  async #backward(names: readonly Uint8Array[]): Promise<readonly Look[]> {
    const sources = names.map((name) => this.#sourcesOf(name));
    const { from, to } = this.#ports;
    const ofSources = await readAll(from, sources.flat());
    let at = 0;
    const known = sources.map((group): Holding => {
      const holdings = ofSources.slice(at, at + group.length);
      at += group.length;
      return (
        holdings.find(({ kind }) => kind === 'held') ??
        holdings.find(({ kind }) => kind === 'unreadable') ??
        absent
      );
    });
    const alone = names.filter((_name, index) => known[index]?.kind === 'absent');
    const ofTarget = await readAll(to, alone);
    const holdings = new Map(alone.map((name, index) => [latin1(name), ofTarget[index] ?? unanswered]));
    return names.map((name, index) => {
      const key = sources[index]?.[0] ?? name;
      const source = known[index] ?? unanswered;
      const look = this.#look(name, key, name, source, holdings.get(latin1(name)) ?? absent);
      const isTold =
        source.kind === 'held' || (source.kind === 'unreadable' && this.#isToldUnreadable(sources[index]));
      return isTold ? { ...look, isPassed: true, unlike: [] } : look;
    });
  }

  #isToldUnreadable(names: readonly Uint8Array[] = []): boolean {
    return names.some((name) => this.state.unreadable.includes(toBase64(name)));
  }

  #look(name: Uint8Array, key: Uint8Array, target: Uint8Array, from: Holding, to: Holding): Look {
    const look = { name, key, target, from, to };
    // What only the target has is told on the way back, whenever it came to be so.
    const isPassed = from.kind === 'absent' && (to.kind === 'absent' || this.state.phase === 'forward');
    if (isPassed) return { ...look, unlike: [], isPassed };
    return { ...look, unlike: unlikeness(from, to, this.#request, this.#ports.guideOf(key)) };
  }

  /** What is the same is counted; the rest waits until it is read again. */
  async #settle(looks: readonly Look[], bookmark: Bookmark): Promise<void> {
    const isFinal = this.#request.rounds <= 1;
    const told = looks.filter(({ unlike }) => isFinal || unlike.length === 0);
    const waiting = looks
      .filter((look) => !(isFinal || look.unlike.length === 0))
      .map(({ name }) => toBase64(name));
    const pending = [...this.state.pending, ...waiting];
    if (pending.length < MOST_PENDING) return this.#note(told, { ...this.state, bookmark, pending });
    const again = await this.#readAgain(pending.map(fromBase64));
    await this.#note([...told, ...again], { ...this.state, bookmark, pending: [] });
  }

  async #readAgain(names: readonly Uint8Array[]): Promise<readonly Look[]> {
    const done: Look[] = [];
    let open: readonly Look[] = [];
    let left = names;
    for (let round = 1; round < this.#request.rounds && left.length > 0; round += 1) {
      await this.#ports.sleep(this.#request.pause);
      const looks = await this.#lookAt(left);
      done.push(...looks.filter(({ unlike }) => unlike.length === 0));
      open = looks.filter(({ unlike }) => unlike.length > 0);
      left = open.map(({ name }) => name);
    }
    return [...done, ...open];
  }

  /** The lines first: what stands behind the state that is saved is cut off when it is gone on from. */
  async #note(looks: readonly Look[], next: CompareState): Promise<void> {
    const counted = looks.filter(({ isPassed }) => isPassed !== true);
    const differences = counted.flatMap((look) => this.#differencesOf(look));
    const lines = differences.map((difference) => `${JSON.stringify(difference)}\n`).join('');
    const bytes = lines === '' ? this.state.bytes : await this.#ports.write(lines);
    const kinds = { ...this.state.counts.kinds };
    const first = [...this.state.first];
    for (const difference of differences) {
      if (kinds[difference.kind] < FIRST) first.push(difference);
      kinds[difference.kind] += 1;
    }
    const { compared, same } = this.state.counts;
    const ofSame = counted.filter(({ unlike }) => unlike.length === 0).length;
    const counts = { compared: compared + counted.length, same: same + ofSame, kinds };
    const unreadable = this.state.phase === 'forward' ? this.#unreadableWith(counted) : next.unreadable;
    this.state = { ...next, counts, first, bytes, unreadable };
    await this.#ports.save(this.state);
    this.#ports.onProgress?.(this.state);
  }

  #unreadableWith(looks: readonly Look[]): readonly string[] {
    const found = looks.filter(({ from }) => from.kind === 'unreadable').map(({ key }) => toBase64(key));
    if (found.length === 0) return this.state.unreadable;
    return [...this.state.unreadable, ...found].slice(0, MOST_UNREADABLE);
  }

  #differencesOf({ key, target, from, to, unlike }: Look): readonly KeyDifference[] {
    const { digest, guideOf } = this.#ports;
    const guide = guideOf(key);
    const isRenamed = guide?.shown === undefined && !sameBytes(key, target);
    return unlike.map(({ kind, places }) => ({
      key: guide?.shown ?? nameOf(key),
      ...(isRenamed ? { mappedTo: nameOf(target) } : {}),
      kind,
      from: sideOf(from, digest),
      to: sideOf(to, digest),
      ...(places === undefined ? {} : { differing: places.length }),
      ...(places === undefined || guide === undefined
        ? {}
        : { places: [...new Set(places.map(guide.place))] }),
    }));
  }
}
