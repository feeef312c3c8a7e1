import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A private authority, gone with all that it signed when the test is. */
export interface Authority extends Disposable {
  /** Its certificate: PEM, and the file with it. */
  readonly pem: string;
  readonly path: string;
  /** Signs a certificate. `names` are like `DNS:localhost` and `IP:127.0.0.1`; a client needs none. */
  issue(subject: string, names?: readonly string[]): Issued;
}

/** A certificate and its key: PEM, and the files with them. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
  readonly certPath: string;
  readonly keyPath: string;
  /** The key under a passphrase. */
  encrypted(): string;
}

const CURVE = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export function foundAuthority(subject = 'private authority'): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'guardian-authority-'));
  const file = (name: string) => join(folder, name);
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { stdio: 'ignore' });
  const [path, key] = [file('ca.pem'), file('ca-key.pem')];
  openssl('req', '-x509', ...CURVE, '-days', '2', '-subj', `/CN=${subject}`, '-keyout', key, '-out', path);
  let issued = 0;
  return {
    path,
    pem: readFileSync(path, 'utf8'),
    issue(name, names = []) {
      issued += 1;
      const [certPath, keyPath] = [file(`${issued}.pem`), file(`${issued}-key.pem`)];
      const [request, extensions] = [file(`${issued}.csr`), file(`${issued}.ext`)];
      writeFileSync(extensions, names.length === 0 ? '' : `subjectAltName=${names.join(',')}\n`);
      openssl('req', ...CURVE, '-subj', `/CN=${name}`, '-keyout', keyPath, '-out', request);
      openssl(
        ...['x509', '-req', '-in', request, '-CA', path, '-CAkey', key, '-CAcreateserial', '-days', '2'],
        ...['-extfile', extensions, '-out', certPath],
      );
      return {
        certPath,
        keyPath,
        cert: readFileSync(certPath, 'utf8'),
        key: readFileSync(keyPath, 'utf8'),
        encrypted() {
          const out = `${keyPath}.encrypted`;
          openssl('pkey', '-in', keyPath, '-aes256', '-passout', 'pass:secret', '-out', out);
          return readFileSync(out, 'utf8');
        },
      };
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
