import { code, count, type Known, type Phrase, phrase, vouch } from '../../core/phrase.ts';
import type { StoreFault } from '../../core/ports.ts';
import { ofUnsendableHeader, refusal } from './faults.ts';

/** Why there was no answer. An error of the client may quote a header or a URL: only its code is told. */
export function ofConnection(error: unknown, at: Known, timeout: number): StoreFault {
  const causes = causesOf(error);
  const isOverdue = causes.some(({ name }) => name === 'TimeoutError' || name === 'AbortError');
  const found = causes.map(({ code }) => code).find((each) => each !== undefined);
  if (isOverdue || found === 'UND_ERR_CONNECT_TIMEOUT' || found === 'ETIMEDOUT') {
    return refusal(
      'unreachable',
      phrase`no whole answer of ${code(at)} came within ${count(timeout)} ms`,
      phrase`look at firewall and allow-list, and whether the application is busy; ${code('timeout')} can be raised`,
    );
  }
  if (causes.some(({ name }) => name === 'HTTPParserError')) {
    return refusal(
      'unreachable',
      phrase`what answers at ${code(at)} doesn't speak HTTP`,
      phrase`check the port; a server that wants TLS is named with ${code('https://')}`,
    );
  }
  if (causes.some(({ isBadPort }) => isBadPort)) {
    return refusal(
      'unreachable',
      phrase`the port of ${code(at)} is one that HTTP clients refuse to connect to`,
      phrase`check the port; an application behind such a one can be reached through a proxy at another`,
    );
  }
  if (found !== undefined && unsendable.includes(found)) return ofUnsendableHeader();
  const [said, advice] = ofCode(found ?? '', at);
  return refusal('unreachable', said, advice);
}

interface Cause {
  readonly name?: string;
  readonly code?: string;
  /** Ports of other protocols are blocked, by the standard of fetch; it has no code for that. */
  readonly isBadPort: boolean;
}

function causesOf(error: unknown, depth = 0): readonly Cause[] {
  if (!(error instanceof Error) || depth > 4) return [];
  const found = 'code' in error ? error.code : undefined;
  // A DOMException has a number there.
  const own = typeof found === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(found) ? { code: found } : {};
  const isBadPort = error.message === 'bad port';
  return [{ name: error.name, ...own, isBadPort }, ...causesOf(error.cause, depth + 1)];
}

/** Of all that is sent, only the header to sign in with comes from outside. */
const unsendable: readonly string[] = ['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED'];

const unknownAuthority: readonly string[] = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
];

function ofCode(found: string, at: Known): readonly [said: Phrase, advice: Phrase] {
  const shown = code(vouch(found));
  if (unknownAuthority.includes(found)) {
    return [
      phrase`the certificate of ${code(at)} is signed by an authority that this machine doesn't know (${shown})`,
      phrase`give the authority's certificate in ${code('NODE_EXTRA_CA_CERTS')}`,
    ];
  }
  switch (found) {
    case 'ECONNREFUSED':
      return [phrase`nothing listens at ${code(at)} (${shown})`, phrase`check host and port`];
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return [
        phrase`the host name in ${code(at)} does not resolve (${shown})`,
        phrase`check the spelling; a private name resolves only inside its network: use a runner there`,
      ];
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return [
        phrase`there is no route to ${code(at)} (${shown})`,
        phrase`the runner is in another network: use one inside it`,
      ];
    case 'CERT_HAS_EXPIRED':
      return [phrase`the certificate of ${code(at)} has expired`, phrase`renew it`];
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return [
        phrase`the certificate of ${code(at)} is for another name (${shown})`,
        phrase`use the name that stands in the certificate`,
      ];
    case '':
      return [
        phrase`the connection to ${code(at)} broke down`,
        phrase`look whether a proxy is in the way, and into the application's log`,
      ];
    default:
      return /SSL|CERT|TLS/.test(found)
        ? [
            phrase`TLS with ${code(at)} failed (${shown})`,
            phrase`look whether the port is the one for ${code('https://')}, and at TLS versions on both sides`,
          ]
        : [
            phrase`the connection to ${code(at)} broke down (${shown})`,
            phrase`look whether a proxy is in the way, and into the application's log`,
          ];
  }
}
