import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBinary, type Server, startServer } from './support/binary.ts';
import { faultAt, inShort, read, SECRET, storeAt } from './support/reading.ts';

const skipped = noBinary === undefined ? '' : ` (skipped: ${noBinary})`;

describe.skipIf(noBinary)(`a server at a Unix socket${skipped}`, () => {
  let folder: string;
  let socket: string;
  let server: Server;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'guardian socket-'));
    socket = join(folder, 'redis.sock');
    server = await startServer([`unixsocket "${socket}"`, 'unixsocketperm 700']);
    await server.admin.set('app:a', 'x');
    await server.admin.select(2);
    await server.admin.set('app:a', 'y');
    await server.admin.call('ACL', 'SETUSER', 'guardian', 'on', `>${SECRET}`, '~*', '+@all');
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A space in it is a character like others, but a URL spells it out. */
  const spelled = (path = socket) => path.replaceAll(' ', '%20');

  test.each(['unix', 'redis+unix', 'UNIX'])('is read by a URL with %s://', async (scheme) => {
    expect((await read(`${scheme}://${spelled()}`, ['app:a', 'app:b'])).map(inShort)).toEqual([
      '"x"',
      'absent',
    ]);
  });

  test('is read in the database that the URL names', async () => {
    expect((await read(`unix://${spelled()}?db=2`, ['app:a'])).map(inShort)).toEqual(['"y"']);
    expect((await faultAt(`unix://${spelled()}?db=99`)).said).toBe(`Redis at ${socket} has no database 99`);
  });

  test('is signed in to, and the password is nowhere', async () => {
    const login = `guardian:${encodeURIComponent(SECRET)}@`;
    expect((await read(`unix://${login}${spelled()}`, ['app:a'])).map(inShort)).toEqual(['"x"']);
    const { reason, said } = await faultAt(`unix://${login.replace('@', 'x@')}${spelled()}?db=2`);
    expect(reason).toBe('unauthorized');
    expect(said).toContain(`Redis at ${socket} refuses`);
    expect(storeAt(`unix://${login}${spelled()}?db=2`).target).toBe(`unix://${socket}?db=2`);
  });

  test('that is not there says so', async () => {
    const { reason, said, advice } = await faultAt(`unix://${spelled()}x`);
    expect(reason).toBe('unreachable');
    expect(said).toBe(`there is no socket ${socket}x (ENOENT)`);
    expect(advice).toContain('unixsocket');
  });

  test('that is a file says so', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect((await faultAt(`unix://${spelled(file)}`)).said).toMatch(
      /nothing listens at the socket .* \(E\w+\)/,
    );
  });

  test('whose path is too long says so', async () => {
    const { said } = await faultAt(`unix:///${'x'.repeat(300)}`);
    expect(said).toMatch(/is longer than the machine allows|there is no socket/);
  });

  test.skipIf(process.getuid?.() === 0)('that this user may not use says so (root may use all)', async () => {
    chmodSync(socket, 0);
    const { said } = await faultAt(`unix://${spelled()}`);
    chmodSync(socket, 0o700);
    expect(said).toContain('this user may not use the socket');
  });
});
