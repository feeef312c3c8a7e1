import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { code, type Phrase, phrase } from '../../core/phrase.ts';
import type { Endpoint } from './url.ts';

/** How a server with TLS is trusted, and how we show who we are. Certificates and keys are PEM, several in a row too. */
export interface TlsOptions {
  /** The authorities to trust, in place of those that the machine knows. */
  readonly ca?: string;
  /** Our own certificate, perhaps with those between it and its authority behind it. */
  readonly cert?: string;
  readonly key?: string;
  /** The name that the server's certificate is for, where that isn't the host of the URL. */
  readonly servername?: string;
}

interface Objection {
  readonly why: Phrase;
  readonly advice: Phrase;
}

/** Why the options can't be used; nothing when they can. The key is a secret: nothing of it is quoted. */
export function objectionTo({ ca, cert, key, servername }: TlsOptions): Objection | undefined {
  if (ca !== undefined && certificatesIn(ca) === undefined) return noCertificate('tls-ca');
  if (cert === undefined && key === undefined) return objectionToName(servername);
  if (cert === undefined || key === undefined) {
    return {
      why: phrase`${code('tls-cert')} and ${code('tls-key')} belong together, and only one of them is given`,
      advice: phrase`give both, or neither`,
    };
  }
  const own = certificatesIn(cert)?.[0];
  if (own === undefined) return noCertificate('tls-cert');
  const secret = privateKey(key);
  if (!('type' in secret)) return secret;
  if (!own.checkPrivateKey(secret)) {
    return {
      why: phrase`the key in ${code('tls-key')} is not the one of the certificate in ${code('tls-cert')}`,
      advice: phrase`give the two that were made together; the certificate itself comes before those of its authorities`,
    };
  }
  return objectionToName(servername);
}

function objectionToName(servername: string | undefined): Objection | undefined {
  if (servername === undefined || (isIP(servername) === 0 && /^[\w.-]+$/.test(servername))) return undefined;
  return {
    why: phrase`${code('tls-servername')} is no host name`,
    advice: phrase`give a name that stands in the server's certificate, without a port`,
  };
}

function noCertificate(option: 'tls-ca' | 'tls-cert'): Objection {
  return {
    why: phrase`${code(option)} holds no certificate that can be read`,
    advice: phrase`it should be PEM: ${code('-----BEGIN CERTIFICATE-----')}, lines of Base64, ${code('-----END CERTIFICATE-----')}`,
  };
}

/** All certificates of a text; nothing when there is none, or one that is damaged. */
function certificatesIn(pem: string): readonly X509Certificate[] | undefined {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? [];
  const begun = pem.split('-----BEGIN CERTIFICATE-----').length - 1;
  if (blocks.length === 0 || blocks.length !== begun) return undefined;
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return undefined;
  }
}

function privateKey(pem: string): KeyObject | Objection {
  if (/ENCRYPTED/.test(pem)) {
    return {
      why: phrase`the key in ${code('tls-key')} is encrypted`,
      advice: phrase`give it without a passphrase, as a secret: ${code('openssl pkey -in client.key -out plain.key')}`,
    };
  }
  try {
    return createPrivateKey(pem);
  } catch {
    return {
      why: phrase`${code('tls-key')} holds no private key that can be read`,
      advice: phrase`it should be PEM: ${code('-----BEGIN PRIVATE KEY-----')}, lines of Base64, ${code('-----END PRIVATE KEY-----')}`,
    };
  }
}

interface TlsSettings extends TlsOptions {
  /** Unless told, the client believes `NODE_TLS_REJECT_UNAUTHORIZED`, with which anybody could be the server. */
  readonly rejectUnauthorized: true;
}

/**
 * What the client needs to speak TLS. It sends no server name unless told, and many managed servers choose their
 * certificate by it; an address is none.
 */
export function tlsSettings({ host, tlsOptions = {} }: Endpoint): TlsSettings {
  return { ...(isIP(host) === 0 ? { servername: host } : {}), ...tlsOptions, rejectUnauthorized: true };
}
