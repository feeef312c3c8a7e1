import { describe, expect, test } from 'vitest';
import { fromPublished, publish } from '../../src/core/published.ts';
import { spellMark } from '../../src/core/sticky.ts';
import { type MarkdownOptions, markdown } from '../../src/reporters/markdown.ts';
import { changed, extras, guarded, rules, type Situation } from './reports.ts';
import { situations } from './situations.ts';

/**
 * Comments as a pull request shows them. `vitest run test/reporters/comment.test.ts -u` accepts a change; look at
 * each first: `npm run look` draws them as GitHub does.
 */

const run = { id: 4711, attempt: 2, link: 'https://github.com/acme/mail/actions/runs/4711/attempts/2' };
const docs = 'https://github.com/acme/redis-config-guardian/blob/v1/docs/checks';

interface Telling extends Situation {
  readonly shown?: Partial<MarkdownOptions>;
}

const telling: Readonly<Record<string, Telling>> = {
  'all is well': {},
  'one of each': {
    live: {
      routing_rules: changed('routing_rules', {
        rules: rules().map((rule, index) => (index === 2 ? { ...rule, id: 'Media links' } : rule)),
      }),
      processing_prefs: changed('processing_prefs', { retry_count: 4 }),
      webhook_config: changed('webhook_config', { webhook_delivery_mode: 'xml' }),
    },
    shown: { identity: { environment: 'production', label: '' } },
  },
  'drift in one place': {
    live: { webhook_config: changed('webhook_config', { webhook_delivery_mode: 'form' }) },
    shown: { identity: { environment: 'production', label: '' } },
  },
  drift: { ...situations['drift'] },
  invalid: {
    ...situations['invalid'],
    shown: { identity: { environment: 'production', label: 'eu | west' } },
  },
  'nothing answers': { ...situations['nothing answers'] },
  'a fork without secrets': { ...situations['nothing answers'], policy: { allowUnchecked: true } },
  'keys are elsewhere': { ...situations['keys are elsewhere'] },
  'the fallback is broken': { ...situations['the fallback is broken'] },
  'hostile names': { ...situations['hostile names'] },
  'a change that breaks': { ...situations['a change that breaks'] },
  'too much to tell': { ...situations['many findings'], shown: { limit: 6000 } },
  hearsay: { ...situations['invalid'], shown: { isHearsay: true } },
};

describe('the comment when there is', () => {
  test.each(Object.entries(telling))('%s', async (name, { shown = {}, ...situation }) => {
    const { report } = await guarded(situation);
    const told = shown.isHearsay === true ? fromPublished(publish(report, extras.tool)) : report;
    const identity = shown.identity ?? { environment: '', label: '' };
    const options = {
      ...{ limit: 65_536, run, docs, ...shown, identity },
      whereabouts: {
        variables: {},
        options: identity.environment === '' ? {} : { environment: identity.environment },
      },
    };
    const text = `${spellMark(identity, run)}\n${markdown(told, options)}`;
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(options.limit + 200);
    await expect(text).toMatchFileSnapshot(`./golden/comments/${name.replaceAll(' ', '-')}.md`);
  });
});
