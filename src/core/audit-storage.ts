import { type Asker, bad, good, type Judged, span, unknown } from './audit-item.ts';
import { code, count, phrase } from './phrase.ts';
import type { NodeFacts } from './server.ts';

/** What becomes of what is written: whether it reaches the disk, and whether it has to give way. */

/** Snapshots that are older than this, in milliseconds, are old when changes came since. */
const OLD = 86_400_000;
/** Per cent of the limit. */
const NEARLY_FULL = 90;

export function persistence({ role: told, snapshots, log }: NodeFacts): readonly Judged[] {
  if (log?.isOn === true) return good(phrase`changes are written to an append-only file`);
  const points = snapshots?.points;
  if (points !== undefined && points !== '')
    return good(phrase`it saves snapshots by itself: ${code('save')} is ${code(points)}`);
  if (points === undefined || log === undefined)
    return unknown(phrase`whether what is written reaches the disk`);
  // A replica gets everything from its primary again.
  if (told === 'replica') return unknown(phrase`whether what is written reaches the disk of its primary`);
  return bad(
    'warning',
    phrase`what is written doesn't reach the disk by itself: it saves no snapshots and has no append-only file`,
    phrase`a restart loses what nobody has saved; ${code('CONFIG SET appendonly yes')} and ${code('CONFIG REWRITE')} keep it, or the provider's settings do`,
  );
}

export function lastSave({ uptime, snapshots, log }: NodeFacts, { now }: Asker): readonly Judged[] {
  const { isLastSaveGood, lastSave: at, unsaved = 0, points } = snapshots ?? {};
  if (isLastSaveGood === undefined) return unknown(phrase`whether its snapshots are saved`);
  if (!isLastSaveGood) {
    return bad(
      'warning',
      phrase`the last attempt to save a snapshot failed`,
      phrase`its log says why: a full disk, or a folder that it may not write to; until an attempt succeeds it may refuse writes`,
    );
  }
  const age = at === undefined ? undefined : now - at;
  const running = uptime === undefined ? 0 : uptime * 1000;
  // Where changes go to a file anyway a snapshot may be old, and a server that saves none is told of already.
  const matters = unsaved > 0 && log?.isOn === false && points !== '';
  if (!matters || (age ?? running) <= OLD) {
    return good(
      age === undefined
        ? phrase`no attempt to save a snapshot has failed`
        : phrase`the last snapshot is ${span(age)} old`,
    );
  }
  const changes = count(unsaved, 'change');
  return bad(
    'warning',
    age === undefined
      ? phrase`it has saved no snapshot in the ${span(running)} since it started, and made ${changes}`
      : phrase`the last snapshot is ${span(age)} old, and it has made ${changes} since`,
    phrase`a crash loses them; look at ${code('save')} in its configuration`,
  );
}

export function appendLog({ log }: NodeFacts): readonly Judged[] {
  if (log?.isOn !== true) return [];
  const why = phrase`its log says why: a full disk, or a file that it may not write to`;
  const failed = [
    ...(log.isLastWriteGood === false
      ? bad('warning', phrase`the last write to the append-only file failed`, why)
      : []),
    ...(log.isLastRewriteGood === false
      ? bad('warning', phrase`the last rewrite of the append-only file failed`, why)
      : []),
  ];
  if (failed.length > 0) return failed;
  return log.isLastWriteGood === undefined
    ? unknown(phrase`whether its append-only file is written`)
    : good(phrase`the last write to the append-only file succeeded`);
}

export function evictionPolicy({ memory: told }: NodeFacts, { expires }: Asker): readonly Judged[] {
  const { policy, limit } = told ?? {};
  if (limit === 0) return good(phrase`no key is evicted: there is no limit for its memory`);
  if (policy === 'noeviction') return good(phrase`no key is evicted: the policy is ${code(policy)}`);
  const isOfExpiring = policy?.startsWith('volatile-') === true;
  if (policy !== undefined && isOfExpiring && !expires)
    return good(phrase`no permanent key is evicted: the policy is ${code(policy)}`);
  if (policy === undefined || limit === undefined || !(isOfExpiring || policy.startsWith('allkeys-')))
    return unknown(phrase`whether keys are evicted when its memory is full`);
  return isOfExpiring
    ? bad(
        'warning',
        phrase`keys with a time to live are evicted when its memory is full: the policy is ${code(policy)}`,
        phrase`configuration is permanent: take the time to live from the key`,
      )
    : bad(
        'warning',
        phrase`any key may be evicted when its memory is full: the policy is ${code(policy)}`,
        phrase`keep configuration where ${code('maxmemory-policy')} is ${code('noeviction')}, apart from a cache`,
      );
}

export function evictions({ memory: told }: NodeFacts, { expires }: Asker): readonly Judged[] {
  const { evicted, policy } = told ?? {};
  if (evicted === undefined) return unknown(phrase`whether it has evicted keys`);
  if (evicted === 0) return good(phrase`it counts no evicted keys`);
  const isOfOthers = policy?.startsWith('volatile-') === true && !expires;
  return bad(
    isOfOthers ? 'notice' : 'warning',
    phrase`it has evicted ${count(evicted, 'key')}`,
    phrase`a config may have been among them: look at ${code('maxmemory')} and ${code('maxmemory-policy')}`,
  );
}

export function memory({ memory: told }: NodeFacts): readonly Judged[] {
  const { limit, used, policy } = told ?? {};
  if (limit === 0) return good(phrase`there is no limit for its memory`);
  if (limit === undefined || used === undefined) return unknown(phrase`how full its memory is`);
  const percent = Math.floor((100 * used) / limit);
  if (percent < NEARLY_FULL) return good(phrase`${count(percent)} % of its memory is used`);
  const advice = phrase`look what fills it, or raise ${code('maxmemory')}`;
  return policy === 'noeviction'
    ? bad('warning', phrase`${count(percent)} % of its memory is used: at the limit, writes fail`, advice)
    : bad(
        'notice',
        phrase`${count(percent)} % of its memory is used: at the limit, keys are evicted or writes fail`,
        advice,
      );
}
