import type { ConfigSpec } from './core/evidence.ts';
import type { Compatibility } from './core/evolution.ts';
import { vouch } from './core/phrase.ts';
import { type Pattern, parsePointer } from './core/pointer.ts';

/**
 * The four configs that are guarded when there is no manifest: those of a mail-routing application, which keeps
 * one JSON string per config in Redis and reads `debug/<name>.json` when Redis has nothing.
 */

/** Where the files and keys of the application are. */
export interface Layout {
  readonly prefix: string;
  /** Folders to look for `<name>.schema.json` in, the first that has it wins. */
  readonly schemas: readonly string[];
  readonly fallbacks: string;
  /** When nothing is said: backward. */
  readonly compatibility?: Compatibility;
  /** The application lets its environment rename this one fallback file. */
  readonly magicLinkFile?: string;
}

type Particulars = Pick<
  ConfigSpec,
  'empty' | 'drift' | 'identity' | 'freshness' | 'tokens' | 'visibility'
> & { readonly fallbackNames?: readonly string[] };

/** The names of the four, in the order of every report. */
export const guardedNames = [
  'processing_prefs',
  'routing_rules',
  'webhook_config',
  'magic_link_tokens',
] as const;
export type GuardedName = (typeof guardedNames)[number];

export function guardedApp(layout: Layout): readonly ConfigSpec[] {
  return guardedNames.map((name) => {
    const { fallbackNames = [], ...particulars } = application[name];
    const renamed = name === 'magic_link_tokens' ? layout.magicLinkFile : undefined;
    const inFallbacks = [name, ...fallbackNames].map((file) => `${layout.fallbacks}/${file}.json`);
    return {
      name: vouch(name),
      key: vouch(`${layout.prefix}${name}`),
      storedKey: `${layout.prefix}${name}`,
      encoding: 'json',
      schema: layout.schemas.map((folder) => vouch(`${folder}/${name}.schema.json`)),
      fallback: (renamed === undefined ? inFallbacks : [renamed]).map(vouch),
      required: true,
      compatibility: layout.compatibility ?? 'backward',
      severities: new Map(),
      exceptions: [],
      cases: { folder: vouch(`${layout.schemas[0] ?? ''}/cases/${name}`), isNamed: false },
      ...particulars,
    };
  });
}

const UPDATED_AT = '_updated_at';
const saved = { at: [UPDATED_AT], expected: true } as const;
const watched = { watch: true, ignore: [[UPDATED_AT]] } as const;
const nothingHidden = { showWords: [], showText: [], secret: [], hiddenNames: [], secretNames: [] } as const;

const application: Readonly<Record<GuardedName, Particulars>> = {
  processing_prefs: {
    empty: 'refuse',
    drift: watched,
    identity: [],
    freshness: saved,
    visibility: {
      ...nothingHidden,
      show: patterns(
        '/require_attachments',
        '/max_email_size_mb',
        '/retry_count',
        '/retry_delay_sec',
        '/webhook_timeout_sec',
        '/rate_limit_per_hour',
        '/notify_on_failure',
        '/mirror_media_to_custom',
      ),
      showWords: patterns('/sender_priority/*'),
      // Its names are the addresses of correspondents.
      hiddenNames: [{ at: ['sender_priority'], except: [] }],
    },
  },
  routing_rules: {
    empty: 'allow',
    drift: watched,
    identity: [{ at: ['rules'], property: 'id' }],
    freshness: saved,
    visibility: {
      ...nothingHidden,
      showText: patterns('/rules/*/id', '/rules/*/name'),
      showWords: patterns(
        '/rules/*/conditions/*/field',
        '/rules/*/conditions/*/operator',
        '/rules/*/actions/priority',
      ),
      show: patterns('/rules/*/conditions/*/case_sensitive', '/rules/*/actions/stop_processing'),
      secret: patterns('/rules/*/actions/webhook_url'),
    },
  },
  webhook_config: {
    empty: 'refuse',
    drift: watched,
    identity: [],
    freshness: saved,
    visibility: {
      ...nothingHidden,
      show: patterns(
        '/webhook_ssl_verify',
        '/webhook_sending_enabled',
        '/absence_pause_enabled',
        '/webhook_fallback_on_415',
      ),
      showWords: patterns('/absence_pause_days/*', '/webhook_delivery_mode'),
      // The path of a webhook's URL is the token that lets anyone post to it.
      secret: patterns('/webhook_url'),
    },
  },
  magic_link_tokens: {
    empty: 'refuse',
    // Every login changes the tokens: that they differ from a file says nothing.
    drift: { watch: false, ignore: [] },
    identity: [],
    freshness: { ...saved, expected: false },
    tokens: ['*'],
    fallbackNames: ['magic_links'],
    visibility: {
      ...nothingHidden,
      show: patterns('/*/consumed', '/*/single_use'),
      // A token id is all it takes to log in, and a value of the wrong shape may have it at any depth.
      secretNames: [
        { at: [], below: true, except: [UPDATED_AT, 'expires_at', 'consumed', 'consumed_at', 'single_use'] },
      ],
    },
  },
};

function patterns(...pointers: readonly string[]): readonly Pattern[] {
  return pointers.map((text) => parsePointer(text) ?? []);
}
