import type { Fault } from '../../core/evidence.ts';
import { code, count, type Known, type Phrase, phrase, vouch } from '../../core/phrase.ts';
import { address, type Endpoint } from './url.ts';

/** How far a session had come when it failed. */
export type Stage = 'connecting' | 'connected';

/** Thrown by this adapter when its own deadline is over. */
export class Overdue extends Error {
  readonly milliseconds: number;

  constructor(milliseconds: number) {
    super('overdue');
    this.milliseconds = milliseconds;
  }
}

/** Thrown by this adapter when replies are none that Redis could have given. */
export class Stranger extends Error {}

/** Whether the same attempt may succeed a moment later: a few more are worth it, or all that there is time for. */
type Again = 'never' | 'briefly' | 'patiently';

export interface Diagnosis extends Fault {
  readonly again: Again;
}

/**
 * Says what went wrong between us and a server. Errors of the client quote commands with their arguments, the
 * password among them, so nothing of an error is passed on but its code and the first word of a server's reply.
 */
export function diagnose(error: unknown, endpoint: Endpoint, stage: Stage): Diagnosis {
  const causes = causesOf(error);
  for (const cause of causes) {
    const known = fromReply(cause, endpoint) ?? fromCode(cause, endpoint) ?? fromProtocol(cause, endpoint);
    if (known !== undefined) return known;
  }
  const overdue = causes.find((cause) => cause instanceof Overdue);
  if (overdue instanceof Overdue) return late(overdue.milliseconds, endpoint, stage);
  return closed(endpoint);
}

/** An error, what it wraps, and the members of an aggregate: the telling one may be any of them. */
function causesOf(error: unknown, depth = 0): readonly unknown[] {
  if (depth > 4 || !(error instanceof Error)) return [error];
  const nested: unknown[] = [];
  if (error.cause !== undefined) nested.push(error.cause);
  if ('previousErrors' in error && Array.isArray(error.previousErrors)) nested.push(...error.previousErrors);
  if ('errors' in error && Array.isArray(error.errors)) nested.push(...error.errors);
  return [...nested.flatMap((cause) => causesOf(cause, depth + 1)), error];
}

type Ending = readonly [reason: Fault['reason'], phrase: Phrase, advice: Phrase, again?: Again];

function diagnosis([reason, said, advice, again = 'never']: Ending): Diagnosis {
  return { reason, phrase: said, advice, again };
}

function fromReply(cause: unknown, endpoint: Endpoint): Diagnosis | undefined {
  if (!(cause instanceof Error) || cause.name !== 'ReplyError') return undefined;
  // Why EXEC was refused stands behind what that led to.
  const message = cause.message.replace(/^EXECABORT Transaction discarded because of: /, '');
  return diagnosis(ofReply(message, address(endpoint), endpoint));
}

function ofReply(message: string, at: Known, { database, username }: Endpoint): Ending {
  const word = vouch(/^[A-Z]{2,20}\b/.exec(message)?.[0] ?? 'ERR');
  switch (word) {
    case 'WRONGPASS':
      return [
        'unauthorized',
        phrase`Redis at ${code(at)} refuses the user or the password (${code(word)})`,
        phrase`check the secret that holds the URL; special characters in a password are percent-encoded`,
      ];
    case 'NOAUTH':
      return [
        'unauthorized',
        phrase`Redis at ${code(at)} wants a password, and the URL has none (${code(word)})`,
        phrase`write it as ${code('redis://user:password@host')}; keep the URL in a secret`,
      ];
    case 'NOPERM':
      return [
        'unauthorized',
        phrase`the Redis user ${code(vouch(username ?? 'default'))} at ${code(at)} lacks the permission to ${denied(message)}`,
        phrase`check ${code('prefix')}, or grant it: ${code(vouch(`ACL SETUSER <user> ${grant(message)}`))}`,
      ];
    case 'DENIED':
      return [
        'unauthorized',
        phrase`Redis at ${code(at)} is in protected mode: without a password it answers only its own host`,
        phrase`set a password on the server, or connect from the same host`,
      ];
    case 'LOADING':
      return [
        'unreachable',
        phrase`Redis at ${code(at)} is still loading its data (${code(word)})`,
        phrase`run again in a moment, or raise ${code('timeout')}`,
        'patiently',
      ];
    case 'BUSY':
      return [
        'unreachable',
        phrase`Redis at ${code(at)} is busy with a script (${code(word)})`,
        phrase`run again when it is done; ${code('SCRIPT KILL')} on the server ends one that isn't`,
        'patiently',
      ];
    case 'MASTERDOWN':
      return [
        'unreachable',
        phrase`Redis at ${code(at)} is a replica that lost its primary (${code(word)})`,
        phrase`connect to the primary`,
      ];
    case 'MOVED':
    case 'ASK':
    case 'CLUSTERDOWN':
    case 'CROSSSLOT':
      return [
        'unreadable',
        phrase`Redis at ${code(at)} is one node of a cluster, and the keys live on others (${code(word)})`,
        phrase`clusters are not read yet, but a node that holds a key answers for it: name that node, and the key in ${code('keys')}`,
      ];
    default:
      return ofPlainError(message, at, database);
  }
}

function ofPlainError(message: string, at: Known, database: number): Ending {
  if (/DB index|SELECT is not allowed/i.test(message)) {
    return [
      'unreadable',
      phrase`Redis at ${code(at)} has no database ${count(database)}`,
      phrase`check the number at the end of the URL; most servers have 0 to 15, clusters and some providers only 0`,
    ];
  }
  if (/max number of clients/i.test(message)) {
    return [
      'unreachable',
      phrase`Redis at ${code(at)} takes no more connections`,
      phrase`look who holds them (${code('CLIENT LIST')}), or raise ${code('maxclients')}`,
      'briefly',
    ];
  }
  if (/without any password configured|Client sent AUTH, but no password is set/i.test(message)) {
    return [
      'unauthorized',
      phrase`the URL holds a password, but Redis at ${code(at)} has none set`,
      phrase`look whether this is the right server before you take the password out`,
    ];
  }
  if (/invalid password/i.test(message)) {
    return [
      'unauthorized',
      phrase`Redis at ${code(at)} refuses the password`,
      phrase`check the secret that holds the URL`,
    ];
  }
  if (/wrong number of arguments for 'auth'/i.test(message)) {
    return [
      'unauthorized',
      phrase`Redis at ${code(at)} is older than version 6 and knows no users`,
      phrase`write the password alone: ${code('redis://:password@host')}`,
    ];
  }
  if (/unknown command/i.test(message)) {
    return [
      'unreadable',
      phrase`the server at ${code(at)} doesn't know a command that reading needs`,
      phrase`a proxy or an old version may be in the way`,
    ];
  }
  return [
    'unreadable',
    phrase`Redis at ${code(at)} answered with an error that the guardian doesn't know`,
    phrase`look into the server's log`,
  ];
}

const READING = '%R~<prefix>* +type +strlen +pttl +getrange +multi +exec +select';

/** All that reading takes, and the command that was denied if it is none of these. */
function grant(message: string): string {
  const command = deniedCommand(message);
  return command === undefined || READING.includes(`+${command}`) ? READING : `${READING} +${command}`;
}

function deniedCommand(message: string): string | undefined {
  return /run the '([a-z|]{1,30})' command/i.exec(message)?.[1]?.toLowerCase();
}

/** Which command or keys the user was denied: words of the server's own sentence, no arguments. */
function denied(message: string): Phrase {
  const command = deniedCommand(message);
  if (command !== undefined) return phrase`run ${code(vouch(command.toUpperCase()))}`;
  return /channel/i.test(message) ? phrase`use a channel` : phrase`read the key`;
}

function fromCode(cause: unknown, endpoint: Endpoint): Diagnosis | undefined {
  if (!(cause instanceof Error) || !('code' in cause) || typeof cause.code !== 'string') return undefined;
  const ending = ofCode(cause.code, address(endpoint), endpoint);
  return ending && diagnosis(ending);
}

function ofCode(errno: string, at: Known, { tls }: Endpoint): Ending | undefined {
  const shown = code(vouch(/^[A-Z0-9_]{1,60}$/.test(errno) ? errno : 'unknown'));
  switch (errno) {
    case 'ECONNREFUSED':
      return [
        'unreachable',
        phrase`nothing listens at ${code(at)} (${shown})`,
        phrase`check host and port; a service container needs its port mapped`,
      ];
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return [
        'unreachable',
        phrase`the host name in ${code(at)} does not resolve (${shown})`,
        phrase`check the spelling; a private name resolves only inside its network: use a runner there`,
      ];
    case 'ETIMEDOUT':
      return [
        'unreachable',
        tls
          ? phrase`no TLS connection to ${code(at)} came about in time (${shown})`
          : phrase`no connection to ${code(at)} came about in time (${shown})`,
        tls
          ? phrase`a server without TLS never answers: then the URL begins with ${code('redis://')}; else look at firewall and allow-list`
          : phrase`look at the firewall, the provider's allow-list and the network the runner is in`,
      ];
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return [
        'unreachable',
        phrase`there is no route to ${code(at)} (${shown})`,
        phrase`the runner is in another network: use one inside it`,
      ];
    case 'ECONNRESET':
    case 'EPIPE':
      return [...closedEnding(at, tls), 'briefly'];
    case 'CERT_HAS_EXPIRED':
      return ['unreachable', phrase`the certificate of ${code(at)} has expired`, phrase`renew it`];
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return [
        'unreachable',
        phrase`the certificate of ${code(at)} is for another name (${shown})`,
        phrase`use the name that stands in the certificate`,
      ];
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return [
        'unreachable',
        phrase`the certificate of ${code(at)} is signed by an authority that this machine doesn't know (${shown})`,
        phrase`give the authority's certificate in ${code('NODE_EXTRA_CA_CERTS')}`,
      ];
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return [
        'unreachable',
        phrase`the server at ${code(at)} doesn't speak TLS (${shown})`,
        phrase`if it is meant not to, the URL begins with ${code('redis://')}`,
      ];
    case 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED':
      return [
        'unreachable',
        phrase`the server at ${code(at)} asks for a client certificate (${shown})`,
        phrase`the guardian has none to show: let a TLS tunnel such as ${code('stunnel')} show it`,
      ];
    default:
      if (!errno.includes('SSL') && !errno.includes('CERT')) return undefined;
      return [
        'unreachable',
        phrase`TLS with ${code(at)} failed (${shown})`,
        phrase`look at certificates and TLS versions on both sides`,
      ];
  }
}

/** Replies that can't be read, or that nobody asked for: about both, the client begs to be told. */
function fromProtocol(cause: unknown, endpoint: Endpoint): Diagnosis | undefined {
  if (!(cause instanceof Error)) return undefined;
  if (!(cause instanceof Stranger) && !/please report/i.test(cause.message)) return undefined;
  return diagnosis([
    'unreachable',
    phrase`what answers at ${code(address(endpoint))} is not Redis`,
    phrase`check the port; an HTTP server or a proxy may listen there`,
  ]);
}

function late(milliseconds: number, endpoint: Endpoint, stage: Stage): Diagnosis {
  const at = address(endpoint);
  if (stage === 'connecting') {
    const [reason, , advice] = ofCode('ETIMEDOUT', at, endpoint) ?? closedEnding(at, endpoint.tls);
    const said = phrase`no connection to ${code(at)} came about within ${count(milliseconds)} ms`;
    return diagnosis([reason, said, advice]);
  }
  return diagnosis([
    'unreachable',
    phrase`${code(at)} took the connection, but no whole Redis reply came within ${count(milliseconds)} ms`,
    phrase`a proxy, a server that is busy or a very large value may be in the way; ${code('timeout')} can be raised`,
  ]);
}

function closed(endpoint: Endpoint): Diagnosis {
  return diagnosis([...closedEnding(address(endpoint), endpoint.tls), 'briefly']);
}

function closedEnding(at: Known, tls: boolean): readonly [Fault['reason'], Phrase, Phrase] {
  return [
    'unreachable',
    phrase`${code(at)} closed the connection before it answered`,
    tls
      ? phrase`look at the server's log; it may ask for a client certificate`
      : phrase`a server that wants TLS does so: then the URL begins with ${code('rediss://')}; or a proxy is in the way`,
  ];
}
