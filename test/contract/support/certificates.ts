import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate extends Disposable {
  /** The file that a client trusts it by. */
  readonly path: string;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** A certificate for `localhost` that nobody but itself has signed. */
export function selfSigned(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'guardian-tls-'));
  const [path, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ],
      ...['-keyout', key, '-out', path, '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
    ],
    { stdio: 'ignore' },
  );
  return {
    path,
    cert: readFileSync(path),
    key: readFileSync(key),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
