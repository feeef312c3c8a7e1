import { describe, expect, test } from 'vitest';
import { type Credentials, parseSignIn, type SignIn } from '../../src/adapters/endpoint/sign-in.ts';
import { plain } from '../../src/core/plain.ts';

const token = 'Tr0ub4dor-0123456789';

describe('the way in', () => {
  test.each<[string, Credentials, SignIn, readonly string[]]>([
    ['nothing', { username: '', password: undefined }, { kind: 'none' }, []],
    [
      'user and password',
      { username: 'guardian', password: token },
      { kind: 'form', username: 'guardian', password: token },
      [token],
    ],
    ['a token', { magicLink: token }, { kind: 'magic-link', link: token }, [token]],
    [
      'a link',
      { magicLink: `https://app.example/login/magic/${token}\n`, header: '' },
      { kind: 'magic-link', link: `https://app.example/login/magic/${token}\n` },
      [`https://app.example/login/magic/${token}`, token],
    ],
    [
      'a bearer',
      { header: `Authorization: Bearer ${token}` },
      { kind: 'header', name: 'Authorization', value: `Bearer ${token}` },
      [`Bearer ${token}`, token],
    ],
    [
      'a cookie',
      { header: `cookie:session=${token}; theme=dark` },
      { kind: 'header', name: 'cookie', value: `session=${token}; theme=dark` },
      [`session=${token}; theme=dark`, token],
    ],
    [
      'a key',
      { header: `X-Api-Key: ${token}` },
      { kind: 'header', name: 'X-Api-Key', value: token },
      [token],
    ],
  ])('by %s', (_fact, given, signIn, secrets) => {
    expect(parseSignIn(given)).toEqual({ ok: true, signIn, secrets });
  });

  test.each<[Credentials, string]>([
    [
      { username: 'guardian' },
      'endpoint-username and endpoint-password belong together, and one of them is missing',
    ],
    [
      { password: token },
      'endpoint-username and endpoint-password belong together, and one of them is missing',
    ],
    [{ password: token, magicLink: token }, 'there is more than one way to sign in to the endpoint'],
    [{ header: token }, 'endpoint-header is no header'],
    [{ header: `: ${token}` }, 'endpoint-header is no header'],
    [{ header: `${token}:` }, 'endpoint-header is no header'],
  ])('is not to be had from %j', (given, why) => {
    const parsed = parseSignIn(given);
    expect(parsed.ok ? undefined : plain(parsed.why)).toBe(why);
    expect(JSON.stringify(parsed)).not.toContain('Tr0ub4dor');
  });
});
