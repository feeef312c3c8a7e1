import { code, joined, phrase, vouch } from '../../core/phrase.ts';
import { announced, isHost } from './announced.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import { type Diagnosis, diagnose, Failure, Stranger } from './faults.ts';
import { textOf } from './reply.ts';
import type { Sentinels } from './sentinel-url.ts';
import { type Ended, openSession, type Reply } from './session.ts';
import { address, type Endpoint } from './url.ts';

type Host = Pick<Endpoint, 'host' | 'port'>;

/** Milliseconds that a Sentinel has for its answer when there is another one to ask. */
const PATIENCE = 2000;

/** Asks the Sentinels, one after the other, where the primary is; the first who knows is believed. */
export async function findPrimary(
  endpoint: Endpoint,
  sentinels: Sentinels,
  deadline: Deadline,
): Promise<Ended<Endpoint>> {
  const faults: Diagnosis[] = [];
  for (const [index, host] of sentinels.hosts.entries()) {
    const isLast = index === sentinels.hosts.length - 1;
    const time = isLast ? deadline.left() : Math.min(PATIENCE, deadline.left() / 2);
    const answer = await ask(sentinelAt(host, endpoint, sentinels), sentinels.primary, time);
    if (!answer.ok) faults.push(answer.fault);
    else if (answer.value !== undefined) {
      return { ok: true, value: announced(endpoint, answer.value, 'sentinel') };
    }
  }
  const isUnknown = faults.length < sentinels.hosts.length;
  return { ok: false, fault: isUnknown ? unknownName(sentinels) : unanswered(faults, sentinels) };
}

function sentinelAt(host: Host, { tls, tlsOptions }: Endpoint, { username, password }: Sentinels): Endpoint {
  return {
    ...host,
    tls,
    database: 0,
    ...(tlsOptions === undefined ? {} : { tlsOptions }),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
}

/** Where a Sentinel says the primary is; nothing when it knows of none by that name. */
async function ask(endpoint: Endpoint, primary: string, timeout: number): Promise<Ended<Host | undefined>> {
  const session = openSession(endpoint, startDeadline(timeout));
  try {
    const [reply] = await session.send([['SENTINEL', 'get-master-addr-by-name', primary]]);
    return { ok: true, value: hostOf(reply, endpoint) };
  } catch (error) {
    return { ok: false, fault: diagnose(error, endpoint, 'connected') };
  } finally {
    session.close();
  }
}

function hostOf(reply: Reply | undefined, endpoint: Endpoint): Host | undefined {
  if (reply === null) return undefined;
  if (reply instanceof Error && /unknown command/i.test(reply.message))
    throw new Failure(noSentinel(endpoint));
  if (reply instanceof Error) throw reply;
  const [host = '', port = ''] = Array.isArray(reply) ? reply.map(textOf) : [];
  if (!isHost(host) || !/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw new Stranger();
  return { host, port: Number(port) };
}

function noSentinel(endpoint: Endpoint): Diagnosis {
  return {
    reason: 'unreachable',
    phrase: phrase`what answers at ${code(address(endpoint))} is no Sentinel`,
    advice: phrase`Sentinels listen at port 26379, as a rule; the URL of a server begins with ${code('redis://')}`,
    again: 'never',
  };
}

function unknownName({ primary }: Sentinels): Diagnosis {
  return {
    reason: 'unreachable',
    phrase: phrase`the Sentinels know no primary that is called ${code(vouch(primary))}`,
    advice: phrase`compare it with ${code('sentinel monitor')} in their configuration; ${code('SENTINEL masters')} lists all names`,
    again: 'never',
  };
}

function unanswered(faults: readonly Diagnosis[], { primary }: Sentinels): Diagnosis {
  const [first] = faults;
  const told = joined(
    faults.map((fault) => fault.phrase),
    '; ',
  );
  const isRefused = first?.reason === 'unauthorized';
  return {
    reason: first?.reason ?? 'unreachable',
    phrase: phrase`no Sentinel tells where ${code(vouch(primary))} is: ${told}`,
    advice:
      first === undefined || isRefused
        ? phrase`the Sentinels' own password is the parameter ${code('sentinel-password')} of the URL, their user ${code('sentinel-user')}`
        : first.advice,
    again: faults.some(({ again }) => again !== 'never') ? 'briefly' : 'never',
    ...(faults.every(({ isLate }) => isLate) ? { isLate: true } : {}),
  };
}

/** A server that the Sentinels call the primary, and that says it is none: another one is being made it. */
export function demoted(endpoint: Endpoint, { primary }: Sentinels): Diagnosis {
  return {
    reason: 'unreachable',
    phrase: phrase`the Sentinels call ${code(address(endpoint))} the primary of ${code(vouch(primary))}, but it is a replica`,
    advice: phrase`a failover may be under way: run again when it is over, or raise ${code('timeout')}`,
    again: 'patiently',
  };
}
