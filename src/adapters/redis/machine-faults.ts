import { code, type Part, type Phrase, phrase, vouch } from '../../core/phrase.ts';
import type { Ending } from './ending.ts';
import { address, type Endpoint } from './url.ts';

/** What an error of the machine or of TLS means, if it is one that is known. */
export function ofCode(errno: string, endpoint: Endpoint): Ending | undefined {
  const shown = code(vouch(/^[A-Z0-9_]{1,60}$/.test(errno) ? errno : 'unknown'));
  const ending = endpoint.socket === undefined ? undefined : ofSocket(errno, code(address(endpoint)), shown);
  return ending ?? ofNetwork(errno, shown, endpoint) ?? ofTls(errno, code(address(endpoint)), shown);
}

function ofSocket(errno: string, at: Part, shown: Part): Ending | undefined {
  switch (errno) {
    case 'ENOENT':
    case 'ENOTDIR':
      return [
        'unreachable',
        phrase`there is no socket ${at} (${shown})`,
        phrase`compare the path with ${code('unixsocket')} in the server's configuration; a container has to share it`,
      ];
    case 'EACCES':
    case 'EPERM':
      return [
        'unreachable',
        phrase`this user may not use the socket ${at} (${shown})`,
        phrase`${code('unixsocketperm')} in the server's configuration, and the folders above it, say who may`,
      ];
    case 'ECONNREFUSED':
    case 'ENOTSOCK':
      return [
        'unreachable',
        phrase`nothing listens at the socket ${at} (${shown})`,
        phrase`start the server; one that has crashed leaves its socket behind`,
      ];
    case 'EINVAL':
    case 'ENAMETOOLONG':
      return [
        'unreachable',
        phrase`the path of the socket ${at} is longer than the machine allows (${shown})`,
        phrase`about a hundred characters are allowed: use a shorter path, or a symbolic link`,
      ];
    default:
      return undefined;
  }
}

function ofNetwork(errno: string, shown: Part, endpoint: Endpoint): Ending | undefined {
  const at = code(address(endpoint));
  switch (errno) {
    case 'ECONNREFUSED':
      return [
        'unreachable',
        phrase`nothing listens at ${at} (${shown})`,
        nobodyThere(endpoint) ?? phrase`check host and port; a service container needs its port mapped`,
      ];
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return [
        'unreachable',
        phrase`the host name in ${at} does not resolve (${shown})`,
        announced(endpoint) ??
          phrase`check the spelling; a private name resolves only inside its network: use a runner there`,
      ];
    case 'ETIMEDOUT':
      return [
        'unreachable',
        endpoint.tls
          ? phrase`no TLS connection to ${at} came about in time (${shown})`
          : phrase`no connection to ${at} came about in time (${shown})`,
        noConnection(endpoint),
      ];
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return [
        'unreachable',
        phrase`there is no route to ${at} (${shown})`,
        announced(endpoint) ?? phrase`the runner is in another network: use one inside it`,
      ];
    case 'ECONNRESET':
    case 'EPIPE':
      return [...closedEnding(endpoint), 'briefly'];
    default:
      return undefined;
  }
}

/** What to do when packets get no answer. */
export function noConnection(endpoint: Endpoint): Phrase {
  const elsewhere = announced(endpoint);
  if (elsewhere !== undefined) return elsewhere;
  return endpoint.tls
    ? phrase`a server without TLS never answers: then the URL begins with ${code('redis://')}; else look at firewall and allow-list`
    : phrase`look at the firewall, the provider's allow-list and the network the runner is in`;
}

/** An address that somebody else gave is not mended in the URL. */
function announced({ announcedBy }: Endpoint): Phrase | undefined {
  switch (announcedBy) {
    case 'cluster':
      return phrase`the cluster gave this address: use a runner that can reach it, or set ${code('cluster-announce-ip')} or ${code('cluster-announce-hostname')} on that node`;
    case 'sentinel':
      return phrase`the Sentinels gave this address: use a runner that can reach it, or set ${code('replica-announce-ip')} on that server`;
    default:
      return undefined;
  }
}

/** A host that refuses connections is there, so that the address may well be right. */
function nobodyThere(endpoint: Endpoint): Phrase | undefined {
  const elsewhere = announced(endpoint);
  if (elsewhere === undefined || endpoint.announcedBy !== 'cluster') return elsewhere;
  return phrase`${elsewhere}; or the node is down: ${code('CLUSTER NODES')} tells`;
}

export function closedEnding(endpoint: Endpoint): readonly [Ending[0], Phrase, Phrase] {
  return [
    'unreachable',
    phrase`${code(address(endpoint))} closed the connection before it answered`,
    endpoint.tls
      ? phrase`look at the server's log; it may ask for a client certificate (${code('tls-cert')})`
      : phrase`a server that wants TLS does so: then the URL begins with ${code('rediss://')}; or a proxy is in the way`,
  ];
}

const REFUSES_OURS =
  /ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(EXPIRED|REVOKED|UNKNOWN))$/;

function ofTls(errno: string, at: Part, shown: Part): Ending | undefined {
  switch (errno) {
    case 'CERT_HAS_EXPIRED':
      return ['unreachable', phrase`the certificate of ${at} has expired`, phrase`renew it`];
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return [
        'unreachable',
        phrase`the certificate of ${at} is for another name (${shown})`,
        phrase`use the name that stands in the certificate; through a tunnel, give it as ${code('tls-servername')}`,
      ];
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return [
        'unreachable',
        phrase`the certificate of ${at} is signed by an authority that is not trusted here (${shown})`,
        phrase`give the authority's certificate as ${code('tls-ca')}, or in ${code('NODE_EXTRA_CA_CERTS')}`,
      ];
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return [
        'unreachable',
        phrase`the server at ${at} doesn't speak TLS (${shown})`,
        phrase`if it is meant not to, the URL begins with ${code('redis://')}`,
      ];
    case 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED':
      return [
        'unreachable',
        phrase`the server at ${at} asks for a client certificate (${shown})`,
        phrase`give it as ${code('tls-cert')}, and its key as ${code('tls-key')}`,
      ];
    default:
      return ofOtherTls(errno, at, shown);
  }
}

function ofOtherTls(errno: string, at: Part, shown: Part): Ending | undefined {
  if (REFUSES_OURS.test(errno)) {
    return [
      'unreachable',
      phrase`the server at ${at} refuses our certificate (${shown})`,
      phrase`look whether ${code('tls-cert')} is still valid, and of an authority that the server trusts`,
    ];
  }
  if (!errno.includes('SSL') && !errno.includes('CERT')) return undefined;
  return [
    'unreachable',
    phrase`TLS with ${at} failed (${shown})`,
    phrase`look at certificates and TLS versions on both sides`,
  ];
}
