import {
  asBytes,
  type CarriedOut,
  carryOut,
  type Prepared,
  type Readiness,
  targetOf,
  toPrimary,
  unwritable,
  type WritingPorts,
} from './carry-out.ts';
import { isHeld, isSameContent } from './core/content.ts';
import type { Encoding } from './core/evidence.ts';
import { code, type Known, type Phrase, phrase, vouch } from './core/phrase.ts';
import type { PlanTarget } from './core/plan.ts';
import type { Content, FileBytes, Files, Held } from './core/ports.ts';
import { noAnswer } from './gather.ts';

/** Puts back what was there before a plan was applied, where what was written is still there. */

/** What a backup tells of one thing that was written. */
export type Undoing = {
  readonly config: string;
} & (
  | {
      readonly to: 'redis';
      readonly key: string;
      readonly encoding: Encoding;
      readonly before: Held;
      /** Whether that is what was written. */
      readonly isAfter: (content: Content) => boolean;
    }
  | {
      readonly to: 'file';
      readonly path: string;
      readonly before: FileBytes;
      readonly isAfter: (content: Content) => boolean;
    }
);

export interface UndoRequest {
  readonly target: PlanTarget;
  readonly entries: readonly Undoing[];
}

export interface UndoPorts extends WritingPorts {
  readonly digestOf: (text: string) => string;
}

/** Throws a `StoreFault` when nobody answers. */
export async function undo({ target, entries }: UndoRequest, ports: UndoPorts): Promise<CarriedOut> {
  const ofKeys = entries.filter((entry) => entry.to === 'redis');
  const { store } = ports;
  if (ofKeys.length > 0) {
    const identity = await store.identify();
    const blocked = unwritable(identity);
    if (blocked !== undefined) return { kind: 'elsewhere', phrase: blocked, advice: toPrimary };
    const strange = strangerThan(target, targetOf(identity, store.target, ports.digestOf));
    const advice = phrase`look at the URL that is written with`;
    if (strange !== undefined) return { kind: 'elsewhere', phrase: strange, advice };
  }
  const asked = ofKeys.map(({ config, key, encoding }) => ({ name: vouch(config), key, encoding }));
  const sightings = asked.length === 0 ? [] : await store.read(asked);
  const seen = new Map(ofKeys.map((entry, index) => [entry, sightings[index]?.observation]));
  const prepared: Prepared[] = [];
  for (const entry of entries) {
    const config = vouch(entry.config);
    if (entry.to === 'file') {
      const path = vouch(entry.path);
      const readiness = await fileReadiness(entry, config, path, ports.files);
      prepared.push({ config, to: 'file', at: path, readiness });
    } else {
      const readiness = keyReadiness(entry, config, seen.get(entry));
      prepared.push({ config, to: 'redis', at: vouch(entry.key), readiness });
    }
  }
  return { kind: 'done', steps: await carryOut(prepared, ports) };
}

/**
 * A server that was started anew since is the same; so is one at another address that goes on from the same data. What
 * is put back is put where what was written still is, in any case.
 */
function strangerThan(target: PlanTarget, found: PlanTarget): Phrase | undefined {
  const isKnown =
    found.address === target.address ||
    (found.run !== null && found.run === target.run) ||
    (found.replication !== null && found.replication === target.replication);
  if (isKnown && found.database === target.database) return undefined;
  return phrase`the backup is of another server or database: ${code(vouch(target.url))}`;
}

function refuse(said: Phrase, advice = phrase`look at it: what it held before is in the backup`): Readiness {
  return { kind: 'refused', phrase: said, advice };
}

function keyReadiness(
  { key, encoding, before, isAfter }: Extract<Undoing, { readonly to: 'redis' }>,
  config: Known,
  observation: Parameters<typeof isHeld>[0] | undefined,
): Readiness {
  if (observation === undefined) return refuse(noAnswer.phrase);
  if (observation.kind === 'unreadable') return refuse(observation.fault.phrase, observation.fault.advice);
  if (!isHeld(observation)) return refuse(phrase`a value of another type is there now`);
  if (isSameContent(observation, before)) return { kind: 'done' };
  if (!isAfter(observation)) return refuse(phrase`it isn't what was written: somebody has changed it since`);
  const after: Content = before;
  return { kind: 'ready', writing: { to: 'redis', config, key, encoding, before: observation, after } };
}

async function fileReadiness(
  { before, isAfter }: Extract<Undoing, { readonly to: 'file' }>,
  config: Known,
  path: Known,
  files: Files,
): Promise<Readiness> {
  const content = await files.read(path);
  if (content.kind === 'unreadable') return refuse(phrase`the file cannot be read: ${code(content.why)}`);
  const now = asBytes(content);
  if (isSameContent(now, before)) return { kind: 'done' };
  if (!isAfter(now)) return refuse(phrase`it isn't what was written: somebody has changed the file since`);
  return { kind: 'ready', writing: { to: 'file', config, path, before: now, after: before } };
}
