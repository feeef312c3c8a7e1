import { once } from 'node:events';
import { createConnection } from 'node:net';
import { describe, expect, test } from 'vitest';
import {
  diagnose,
  Failure,
  Overdue,
  type Stage,
  Stranger,
  sign,
} from '../../../src/adapters/redis/faults.ts';
import type { Endpoint } from '../../../src/adapters/redis/url.ts';
import { plain } from '../../../src/core/plain.ts';
import { freePort } from '../../support/redis.ts';

const SECRET = 'hunter2';
const endpoint: Endpoint = {
  tls: false,
  host: 'redis.example',
  port: 6379,
  username: 'guardian',
  password: SECRET,
  database: 3,
};

/** An error as the client makes it of a server's reply: it carries the command, arguments and all. */
function reply(message: string): Error {
  const error = new Error(message);
  error.name = 'ReplyError';
  return Object.assign(error, { command: { name: 'AUTH', args: ['guardian', SECRET] } });
}

function coded(code: string): Error {
  return Object.assign(new Error(`connect ${code} ${SECRET}`), { code });
}

function told(error: unknown, at: Partial<Endpoint> = {}, stage: Stage = 'connected') {
  const fault = diagnose(error, { ...endpoint, ...at }, stage);
  expect(JSON.stringify(fault)).not.toContain(SECRET);
  return { reason: fault.reason, said: plain(fault.phrase), advice: plain(fault.advice), again: fault.again };
}

describe('a reply of the server', () => {
  test.each<[message: string, reason: string, said: RegExp, again: string]>([
    [`WRONGPASS invalid username-password pair ${SECRET}`, 'unauthorized', /user or the password/, 'never'],
    ['NOAUTH Authentication required.', 'unauthorized', /wants a password/, 'never'],
    ["NOPERM this user has no permissions to run the 'get' command", 'unauthorized', /run GET$/, 'never'],
    [
      "NOPERM User guardian has no permissions to run the 'config|get' command",
      'unauthorized',
      /CONFIG\|GET/,
      'never',
    ],
    [
      'NOPERM this user has no permissions to access one of the keys',
      'unauthorized',
      /read the key/,
      'never',
    ],
    [
      "EXECABORT Transaction discarded because of: NOPERM … run the 'exec' command",
      'unauthorized',
      /run EXEC/,
      'never',
    ],
    [
      "NOPERM User guardian has no permissions to run the 'json.get' command",
      'unauthorized',
      /run JSON\.GET$/,
      'never',
    ],
    ['ERR invalid password', 'unauthorized', /refuses the password/, 'never'],
    ['ERR Client sent AUTH, but no password is set', 'unauthorized', /has none set/, 'never'],
    [
      'ERR AUTH <password> called without any password configured for the default user.',
      'unauthorized',
      /has none set/,
      'never',
    ],
    ["ERR wrong number of arguments for 'auth' command", 'unauthorized', /knows no users/, 'never'],
    ['DENIED Redis is running in protected mode', 'unauthorized', /protected mode/, 'never'],
    ['LOADING Redis is loading the dataset in memory', 'unreachable', /still loading/, 'patiently'],
    ['BUSY Redis is busy running a script.', 'unreachable', /busy with a script/, 'patiently'],
    ['ERR max number of clients reached', 'unreachable', /no more connections/, 'briefly'],
    ['MASTERDOWN Link with MASTER is down', 'unreachable', /lost its primary/, 'never'],
    ['MOVED 1 10.0.0.7:6379', 'unreadable', /cluster/, 'never'],
    ['CROSSSLOT Keys in request', 'unreadable', /cluster/, 'never'],
    ['ASK 1 10.0.0.7:6379', 'unreadable', /moving to another/, 'never'],
    ['TRYAGAIN Multiple keys request during rehashing', 'unreadable', /moving to another/, 'never'],
    ['CLUSTERDOWN Hash slot not served', 'unreadable', /cluster that doesn't serve the key/, 'never'],
    ['ERR DB index is out of range', 'unreadable', /no database 3/, 'never'],
    [
      'ERR SELECT is not allowed in cluster mode',
      'unreadable',
      /a cluster, which has no database 3/,
      'never',
    ],
    [
      `ERR unknown command 'AUTH', with args beginning with: '${SECRET}'`,
      'unreadable',
      /doesn't know a command/,
      'never',
    ],
    ["unsupported command 'multi'", 'unreadable', /doesn't know a command/, 'never'],
    ["ERR command 'MULTI' not allowed", 'unreadable', /doesn't know a command/, 'never'],
    ['ERR MULTI is not supported', 'unreadable', /doesn't know a command/, 'never'],
    [`ERR ${SECRET}`, 'unreadable', /an error that the guardian doesn't know/, 'never'],
    [SECRET, 'unreadable', /an error that the guardian doesn't know/, 'never'],
  ])('%j', (message, reason, said, again) => {
    const fault = told(reply(message));
    expect(fault).toMatchObject({ reason, again });
    expect(fault.said).toMatch(said);
    expect(fault.said).toContain('redis.example:6379');
  });
});

describe('the advice to a user', () => {
  test.each(['get', 'info', 'config|get', 'json.get'])(
    'who was denied %s is to grant that alone',
    (command) => {
      const said = `NOPERM this user has no permissions to run the '${command}' command`;
      expect(told(reply(said)).advice).toBe(`grant it: ACL SETUSER <user> +${command}`);
    },
  );

  test('who was denied a key is to look at the prefix, or to grant all that reading takes', () => {
    const { advice } = told(reply('NOPERM this user has no permissions to access one of the keys'));
    expect(advice).toMatch(/^check prefix, or grant it: ACL SETUSER <user> %R~<prefix>\* .*\+getrange/);
  });
});

describe('an error of the machine', () => {
  test.each<[code: string, said: RegExp, again: string]>([
    ['ECONNREFUSED', /nothing listens/, 'never'],
    ['ENOTFOUND', /does not resolve/, 'never'],
    ['EAI_AGAIN', /does not resolve/, 'never'],
    ['ETIMEDOUT', /in time/, 'never'],
    ['EHOSTUNREACH', /no route/, 'never'],
    ['ECONNRESET', /closed the connection/, 'briefly'],
    ['EPIPE', /closed the connection/, 'briefly'],
    ['CERT_HAS_EXPIRED', /has expired/, 'never'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /another name/, 'never'],
    ['SELF_SIGNED_CERT_IN_CHAIN', /authority/, 'never'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /doesn't speak TLS/, 'never'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', /asks for a client certificate/, 'never'],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', /refuses our certificate/, 'never'],
    ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', /refuses our certificate/, 'never'],
    ['ERR_SSL_SOMETHING_NEW', /TLS with .* failed \(ERR_SSL_SOMETHING_NEW\)/, 'never'],
  ])('%s', (code, said, again) => {
    const fault = told(coded(code), { tls: true }, 'connecting');
    expect(fault).toMatchObject({ reason: 'unreachable', again });
    expect(fault.said).toMatch(said);
  });

  test.each<[code: string, said: RegExp]>([
    ['ENOENT', /^there is no socket \/run\/redis\.sock \(ENOENT\)$/],
    ['EACCES', /may not use the socket/],
    ['ECONNREFUSED', /nothing listens at the socket/],
    ['EINVAL', /longer than the machine allows/],
    ['ECONNRESET', /closed the connection/],
  ])('at a socket is told of its path: %s', (code, said) => {
    expect(told(coded(code), { socket: '/run/redis.sock' }, 'connecting').said).toMatch(said);
  });

  test.each(['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH'])(
    'at an address that a cluster or a Sentinel gave is not to be mended in the URL: %s',
    (code) => {
      expect(told(coded(code), { announcedBy: 'cluster' }).advice).toContain('cluster-announce-ip');
      expect(told(coded(code), { announcedBy: 'sentinel' }).advice).toContain('replica-announce-ip');
      expect(told(coded(code)).advice).not.toContain('announce');
    },
  );

  test('at a node of a cluster that refuses connections may be that it is down', () => {
    const advice = (code: string, announcedBy: 'cluster' | 'sentinel') =>
      told(coded(code), { announcedBy }).advice;
    expect(advice('ECONNREFUSED', 'cluster')).toContain('or the node is down: CLUSTER NODES tells');
    expect(advice('ENOTFOUND', 'cluster')).not.toContain('CLUSTER NODES');
    expect(advice('ECONNREFUSED', 'sentinel')).not.toContain('CLUSTER NODES');
  });

  test('never leads to the advice to stop verifying certificates', () => {
    for (const code of ['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID']) {
      expect(told(coded(code), { tls: true }).advice).not.toMatch(/reject|insecure|skip|disable|turn/i);
    }
  });

  test('(2) is found in the empty aggregate of a name with several addresses', async () => {
    const addresses = [
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ];
    const socket = createConnection({
      host: 'both.example',
      port: await freePort(),
      autoSelectFamily: true,
      lookup: (_host, _options, found) => found(null, addresses),
    });
    const [error] = await once(socket, 'error');
    expect(error).toBeInstanceOf(AggregateError);
    expect(error).toHaveProperty('message', '');
    expect(told(error).said).toBe('nothing listens at redis.example:6379 (ECONNREFUSED)');
  });
});

describe('where there are several servers', () => {
  const node: Endpoint = { ...endpoint, host: 'node.example', port: 7000 };

  test('a reply is told of the server that gave it', () => {
    const error = reply('LOADING Redis is loading the dataset in memory');
    sign(error, node);
    expect(told(error).said).toContain('Redis at node.example:7000');
    expect(Object.keys(error)).not.toContain('server');
  });

  test('a session that failed has said all there is to say', () => {
    const failure = new Failure(diagnose(coded('ECONNREFUSED'), node, 'connecting'));
    expect(told(failure).said).toBe('nothing listens at node.example:7000 (ECONNREFUSED)');
  });
});

describe('several errors', () => {
  test('are told by what the server said, not by the reset that followed it', () => {
    const causes = new AggregateError([reply('ERR max number of clients reached'), coded('ECONNRESET')]);
    expect(told(causes).said).toContain('no more connections');
  });

  test('are told by their cause, however deep', () => {
    const wrapped = new Error('Connection is closed.', {
      cause: new Error('it', { cause: coded('ENOTFOUND') }),
    });
    expect(told(wrapped).said).toContain('does not resolve');
  });

  test('that go round in a circle come to an end', () => {
    const error = new Error('Connection is closed.');
    error.cause = error;
    expect(told(error).said).toContain('closed the connection');
  });
});

describe('without a cause', () => {
  test('a closed connection is told as one, with the scheme that may be missing', () => {
    expect(told(new Error('Connection is closed.'))).toMatchObject({
      reason: 'unreachable',
      again: 'briefly',
      advice: expect.stringContaining('rediss://'),
    });
    expect(told(new Error('Connection is closed.'), { tls: true }).advice).not.toContain('rediss://');
  });

  test('the time that is over is told by how far it went', () => {
    expect(told(new Overdue(500), {}, 'connecting').said).toContain(
      'no connection to redis.example:6379 came',
    );
    expect(told(new Overdue(500), {}, 'connected').said).toContain('no whole Redis reply came within 500 ms');
    expect(told(new Overdue(500), { tls: true }, 'connecting').advice).toContain('redis://');
  });

  test.each([
    new Stranger(),
    new Error('Unknown RESP type 72 "H". Please report this.'),
    new Error('Command queue state error. If you can reproduce this, please report it. Last reply: x'),
  ])('replies that make no sense are not Redis: %s', (error) => {
    expect(told(error)).toMatchObject({
      reason: 'unreachable',
      said: expect.stringContaining('is not Redis'),
    });
  });

  test.each([undefined, null, 'text', 42, {}])('even %j is a fault', (thrown) => {
    expect(told(thrown).reason).toBe('unreachable');
  });
});
