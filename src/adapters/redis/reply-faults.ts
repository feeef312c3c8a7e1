import { code, count, type Known, type Phrase, phrase, vouch } from '../../core/phrase.ts';
import type { Ending } from './ending.ts';
import { address, type Endpoint } from './url.ts';

/** What a server's error means. Only its first word is told, and words of it that are our own. */
export function ofReply(message: string, endpoint: Endpoint): Ending {
  const { username } = endpoint;
  const at = address(endpoint);
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
        grant(message),
      ];
    case 'DENIED':
      return [
        'unauthorized',
        phrase`Redis at ${code(at)} is in protected mode: without a password it answers only its own host`,
        phrase`set a password on the server, or connect from the same host`,
      ];
    case 'READONLY':
      return [
        'unauthorized',
        phrase`Redis at ${code(at)} is a replica, which nobody may write to (${code(word)})`,
        phrase`give the URL of the primary: ${code('ROLE')} on this server tells where it is`,
      ];
    case 'OOM':
      return [
        'unreadable',
        phrase`the memory of Redis at ${code(at)} is full, so it takes no more values (${code(word)})`,
        phrase`raise ${code('maxmemory')} or remove what isn't needed; ${code('INFO memory')} tells how much there is`,
      ];
    case 'MISCONF':
      return [
        'unreadable',
        phrase`Redis at ${code(at)} takes no values, because it couldn't save those it has to its disk (${code(word)})`,
        phrase`look into the server's log; a disk may be full`,
      ];
    case 'NOREPLICAS':
      return [
        'unreadable',
        phrase`Redis at ${code(at)} takes no values, because too few of its replicas follow it (${code(word)})`,
        phrase`${code('INFO replication')} tells which do; ${code('min-replicas-to-write')} says how many have to`,
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
    case 'TRYAGAIN':
    case 'CROSSSLOT':
      return [
        'unreadable',
        phrase`Redis at ${code(at)} is one node of a cluster, and the key is moving to another or has moved (${code(word)})`,
        phrase`run again; ${code('redis-cli --cluster check')} tells of a move that has got stuck`,
      ];
    case 'CLUSTERDOWN':
      return [
        'unreadable',
        phrase`Redis at ${code(at)} is one node of a cluster that doesn't serve the key (${code(word)})`,
        phrase`${code('CLUSTER INFO')} on the server tells what is missing: every slot needs a primary that runs`,
      ];
    default:
      return ofPlainError(message, at, endpoint);
  }
}

function ofPlainError(message: string, at: Known, { database }: Endpoint): Ending {
  if (/SELECT is not allowed in cluster mode/i.test(message)) {
    return [
      'unreadable',
      phrase`Redis at ${code(at)} is one node of a cluster, which has no database ${count(database)}`,
      phrase`take the number off the end of the URL: all keys of a cluster are in database 0`,
    ];
  }
  if (/DB index/i.test(message)) {
    return [
      'unreadable',
      phrase`Redis at ${code(at)} has no database ${count(database)}`,
      phrase`check the number at the end of the URL; most servers have 0 to 15, some providers only 0`,
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
  if (isUnavailable(message)) {
    return [
      'unreadable',
      phrase`the server at ${code(at)} doesn't know a command that reading needs`,
      phrase`a proxy or an old version may be in the way, or it is a Sentinel: then the URL begins with ${code('redis+sentinel://')}`,
    ];
  }
  return [
    'unreadable',
    phrase`Redis at ${code(at)} answered with an error that the guardian doesn't know`,
    phrase`look into the server's log`,
  ];
}

/** All that reading takes. */
const READING =
  '%R~<prefix>* +type +strlen +pttl +getrange +mget +hlen +hkeys +hstrlen +hgetall +scan +multi +exec +select';

/** Who is denied a command lacks that one, perhaps for good reasons; whose keys are denied may have been given none. */
function grant(message: string): Phrase {
  const command = deniedCommand(message);
  const line = (rules: string) => code(vouch(`ACL SETUSER <user> ${rules}`));
  return command === undefined
    ? phrase`check ${code('prefix')}, or grant it: ${line(READING)}`
    : phrase`grant it: ${line(`+${command}`)}`;
}

/** The command can't be had from this server: proxies have words of their own for it. */
export function isUnavailable(message: string): boolean {
  return (
    !isOutOfMemory(message) && /unknown command|unsupported command|not supported|not allowed/i.test(message)
  );
}

/** The server has no memory left. It says so in the words of a command that can't be had. */
export function isOutOfMemory(message: string): boolean {
  return /^(EXECABORT .*: )?OOM\b/.test(message);
}

export function deniedCommand(message: string): string | undefined {
  return /run the '([a-z.|]{1,30})' command/i.exec(message)?.[1]?.toLowerCase();
}

/** Which command or keys the user was denied: words of the server's own sentence, no arguments. */
function denied(message: string): Phrase {
  const command = deniedCommand(message);
  if (command !== undefined) return phrase`run ${code(vouch(command.toUpperCase()))}`;
  return /channel/i.test(message) ? phrase`use a channel` : phrase`read the key`;
}
