import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod/mini';
import { project } from './support/run.ts';
import { type ActionMetadata, lint } from './workflows/language-service.ts';

/** All workflows that we run or show: as GitHub reads them, and as the pages promise. */

const files = (...patterns: string[]) => globSync(patterns, { cwd: project }).sort();
const read = (file: string) => readFileSync(join(project, file), 'utf8');

const Strings = z.record(z.string(), z.unknown());
const Permissions = z.optional(z.union([z.string(), z.record(z.string(), z.string())]));
const Step = z.object({
  id: z.optional(z.string()),
  if: z.optional(z.string()),
  uses: z.optional(z.string()),
  run: z.optional(z.string()),
  with: z.optional(Strings),
});
const Job = z.object({
  permissions: Permissions,
  'timeout-minutes': z.optional(z.number()),
  if: z.optional(z.string()),
  needs: z.optional(z.unknown()),
  environment: z.optional(z.unknown()),
  concurrency: z.optional(z.unknown()),
  steps: z.array(Step),
});
const Workflow = z.object({
  name: z.string(),
  on: z.pipe(
    z.union([z.string(), z.array(z.string()), Strings]),
    z.transform((on) =>
      typeof on === 'string'
        ? { [on]: null }
        : Array.isArray(on)
          ? Object.fromEntries(on.map((event) => [event, null]))
          : on,
    ),
  ),
  permissions: Permissions,
  jobs: z.record(z.string(), Job),
});
type Workflow = z.infer<typeof Workflow>;
type Step = z.infer<typeof Step>;

// What GitHub's language service doesn't look into: a misspelt member of an input.
const Action = z.object({
  name: z.string(),
  description: z.string(),
  inputs: z.record(
    z.string(),
    z.strictObject({ description: z.string(), required: z.boolean(), default: z.optional(z.string()) }),
  ),
  outputs: z.record(z.string(), z.strictObject({ description: z.string() })),
});
const { name, description, inputs, outputs } = Action.parse(parse(read('action.yml')));

const OURS = 'OWNER/redis-config-guardian';
/** On a page a step may be cut down to what is said to ours. */
const isOurs = ({ uses, with: said }: Step) =>
  uses === undefined ? said !== undefined : uses === './' || uses.startsWith(`${OURS}@`);

/** Ours by its inputs; of the actions of others no more is known than that they exist. */
function metadata(action: string): NonNullable<ActionMetadata> {
  if (action !== OURS) return { name: action, description: '' };
  const known = Object.entries(inputs).map(([input, { default: usual, ...rest }]) => [
    input,
    { ...rest, ...(usual === undefined ? {} : { default: usual }) },
  ]);
  return { name, description, inputs: Object.fromEntries(known), outputs };
}

interface Text {
  readonly place: string;
  readonly text: string;
}

const exampleFiles = files('examples/workflows/*.{yml,yaml}');
const ownFiles = files('.github/workflows/*.{yml,yaml}');
const pages = files('*.md', 'docs/**/*.md', '.github/*.md');

const blocks: readonly Text[] = pages.flatMap((page) => {
  const text = read(page);
  return Array.from(text.matchAll(/^```ya?ml\n([\s\S]*?)^```$/gm), ({ index, 1: block = '' }) => ({
    place: `${page}:${text.slice(0, index).split('\n').length + 1}`,
    text: block,
  }));
});

const workflows: readonly Text[] = [
  ...[...exampleFiles, ...ownFiles].map((file) => ({ place: file, text: read(file) })),
  ...blocks.filter(({ text }) => /^jobs:/m.test(text)),
];

describe('GitHub has nothing to object to', () => {
  test.each(workflows)('$place', async ({ text }) => {
    expect(await lint('workflow.yml', text, metadata)).toEqual([]);
  });

  test('action.yml', async () => {
    expect(await lint('action.yml', read('action.yml'), metadata)).toEqual([]);
  });
});

describe('a planted mistake is found:', () => {
  const sound = read('examples/workflows/pull-request.yml');

  test.each([
    ['an unknown key of the workflow', 'concurrency:', 'concurency:', "Unexpected value 'concurency'"],
    ['an unknown key of a job', 'timeout-minutes:', 'timeout:', "Unexpected value 'timeout'"],
    [
      'an unknown key of a step',
      'with:\n          redis',
      'width:\n          redis',
      "Unexpected value 'width'",
    ],
    ['runs-on, misspelt', 'runs-on:', 'run-on:', "Unexpected value 'run-on'"],
    ['an unknown event', 'on: pull_request', 'on: pull_requests', "Unexpected value 'pull_requests'"],
    ['an unknown type of an event', 'on: pull_request', 'on: { merge_group: { types: [closed] } }', 'closed'],
    [
      'an unknown permission',
      'pull-requests: write',
      'pull-request: write',
      "Unexpected value 'pull-request'",
    ],
    [
      'an unknown level of a permission',
      'pull-requests: write',
      'pull-requests: all',
      "Unexpected value 'all'",
    ],
    ['an unknown input of ours', 'fail-on:', 'failon:', "Invalid action input 'failon'"],
    ['an expression that is none', 'secrets.REDIS_URL', 'secrets.', 'Unexpected'],
    ['an unknown function', 'secrets.REDIS_URL', 'secret(1)', "Unrecognized function: 'secret'"],
    ['an unknown context', 'secrets.REDIS_URL', 'secret.URL', "Unrecognized named-value: 'secret'"],
    ['an unknown member', 'github.ref ', 'github.reff ', 'Context access might be invalid: reff'],
    ['a step that is not there', 'secrets.REDIS_URL', 'steps.none.outputs.url', 'none'],
    ['an action without a version', 'actions/checkout@v6', 'actions/checkout', 'actions/checkout'],
    ['a schedule that is none', 'on: pull_request', 'on: { schedule: [{ cron: "61 * * * *" }] }', 'cron'],
    ['a tab', '    runs-on', '\truns-on', ''],
  ])('%s', async (_fact, right, wrong, said) => {
    expect(sound).toContain(right);
    const found = await lint(
      'workflow.yml',
      sound.replace(right, () => wrong),
      metadata,
    );
    expect(found.join('\n')).toContain(said);
    expect(found).not.toEqual([]);
  });

  test.each([
    ['an unknown key', 'branding:', 'brand:'],
    ['an unknown runtime', 'using: node24', 'using: node23'],
    ['no description', 'description: Verifies', 'describtion: Verifies'],
  ])('in action.yml, %s', async (_fact, right, wrong) => {
    const text = read('action.yml');
    expect(text).toContain(right);
    expect(await lint('action.yml', text.replace(right, wrong), metadata)).not.toEqual([]);
  });
});

/** Every step of a document, also in blocks that are but a part of a workflow. */
function stepsIn(node: unknown): readonly Step[] {
  if (Array.isArray(node)) return node.flatMap(stepsIn);
  const mapping = Strings.safeParse(node);
  if (!mapping.success) return [];
  const step = Step.safeParse(node);
  const own = step.success && (step.data.uses ?? step.data.with) !== undefined ? [step.data] : [];
  return [...own, ...Object.values(mapping.data).flatMap(stepsIn)];
}

describe('what is said to our action and asked of it exists in action.yml:', () => {
  const texts = [...workflows, ...blocks.filter(({ text }) => !/^jobs:/m.test(text))];
  const using = texts.filter(({ text }) => stepsIn(parse(text)).some((step) => isOurs(step)));

  test('there is something to look at', () => expect(using.length).toBeGreaterThan(exampleFiles.length));

  test.each(using)('$place', ({ text }) => {
    for (const step of stepsIn(parse(text)).filter((each) => isOurs(each))) {
      expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})));
      const id = step.id ?? 'guardian';
      const asked = text.matchAll(new RegExp(`steps\\.${id}\\.outputs\\.([\\w-]+)`, 'g'));
      expect(Object.keys(outputs)).toEqual(expect.arrayContaining(Array.from(asked, ([, output]) => output)));
    }
  });
});

interface Parsed extends Text {
  readonly workflow: Workflow;
}

const parsed = (place: string): Parsed => {
  const text = read(place);
  return { place, text, workflow: Workflow.parse(parse(text)) };
};
const examples = exampleFiles.map(parsed);
const all = [...examples, ...ownFiles.map(parsed)];

const jobsOf = ({ jobs }: Workflow) => Object.values(jobs);
const stepsOf = (workflow: Workflow) => jobsOf(workflow).flatMap(({ steps }) => steps);
const repositoryOf = ({ uses: action = '' }: Step) => action.split('@')[0];

describe.each(all)('$place', ({ text, workflow }) => {
  const steps = stepsOf(workflow);

  test('grants on top nothing but reading', () => {
    expect(workflow.permissions).toBeTypeOf('object');
    expect(Object.entries(workflow.permissions ?? {}).filter(([, level]) => level !== 'read')).toEqual([]);
  });

  test('has a limit of time on every job', () => {
    for (const job of jobsOf(workflow)) expect(job['timeout-minutes']).toBeLessThanOrEqual(30);
  });

  test('runs no text of an event', () => {
    expect(steps.filter(({ run = '' }) => run.includes('${{'))).toEqual([]);
    expect(
      steps.filter(({ uses: action, with: given }) => action?.startsWith('actions/github-script') && given),
    ).toEqual([]);
  });

  test('leaves no token in a checkout', () => {
    const checkouts = steps.filter((step) => repositoryOf(step) === 'actions/checkout');
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
  });

  test('checks out nothing of a stranger where there are secrets', () => {
    expect(Object.keys(workflow.on)).not.toContain('pull_request_target');
    const isTrusted = ['workflow_run', 'issue_comment'].some((event) => event in workflow.on);
    const checkouts = steps.filter((step) => repositoryOf(step) === 'actions/checkout');
    if (isTrusted)
      expect(checkouts.filter((step) => step.with?.['ref'] ?? step.with?.['repository'])).toEqual([]);
    if ('workflow_run' in workflow.on) expect(checkouts).toEqual([]);
  });

  test('names the same version of an action as all others do', () => {
    const versions = new Map(
      all.flatMap((each) => stepsOf(each.workflow)).map((step) => [repositoryOf(step), step.uses]),
    );
    expect(steps.filter((step) => step.uses !== versions.get(repositoryOf(step)) && step.uses)).toEqual([]);
  });

  test('spells what it grants with a reason', () => {
    const grants = Array.from(text.matchAll(/^( *)([\w-]+): write$/gm), ([line]) => line);
    const explained = Array.from(text.matchAll(/^ *# For .*\n( *[\w-]+: write)$/gm), ([, line]) => line);
    expect(explained).toEqual(grants);
  });
});

/** The events that lead to a pull request by themselves; a merge queue's run only when it is told to comment. */
const commenting = [
  'pull_request',
  'pull_request_target',
  'pull_request_review',
  'workflow_run',
  'issue_comment',
];
const unattended = ['schedule', 'workflow_dispatch', 'repository_dispatch'];

/** Pushes a branch and opens a pull request with it. */
const isProposing = ({ steps }: z.infer<typeof Job>) =>
  steps.some(({ run = '' }) => run.includes('git push') && run.includes('gh pr create'));

describe.each(examples)('$place', ({ place, text, workflow }) => {
  test('says on top what it is for and what it needs', () => {
    const [head = ''] = text.split(/^name:/m);
    expect(head).toMatch(/^(# .*\n){2,}$/);
    expect(head).toMatch(/^# (.*\. )?Needs: /m);
  });

  test('is in the table of examples', () => {
    expect(read('docs/github.md')).toContain(`](../${place})`);
  });

  test.each(Object.entries(workflow.jobs))('the job %s may write what it writes, and no more', (_id, job) => {
    const steps = job.steps.filter((step) => isOurs(step));
    const isOn = (events: readonly string[]) => events.some((event) => event in workflow.on);
    const comments = isOn(commenting) && steps.some((step) => step.with?.['comment'] !== 'never');
    const keepsIssue = isOn(unattended) && steps.some((step) => step.with?.['issue'] === true);
    const uploads = job.steps.some((step) => repositoryOf(step) === 'github/codeql-action/upload-sarif');
    const proposes = isProposing(job);
    const written = Object.entries(job.permissions ?? {}).filter(([, level]) => level === 'write');
    expect(written.map(([permission]) => permission)).toEqual([
      ...(proposes ? ['contents'] : []),
      ...(comments || proposes ? ['pull-requests'] : []),
      ...(keepsIssue ? ['issues'] : []),
      ...(uploads ? ['security-events'] : []),
    ]);
  });

  test.each(Object.entries(workflow.jobs))('the job %s may read what it reads, and no more', (_id, job) => {
    const used = job.steps.map(repositoryOf);
    const reads = Object.entries(job.permissions ?? {}).filter(([, level]) => level === 'read');
    expect(reads.map(([permission]) => permission)).toEqual([
      ...(used.includes('actions/checkout') && !isProposing(job) ? ['contents'] : []),
      ...(used.includes('actions/download-artifact') ? ['actions'] : []),
    ]);
  });
});

describe('the workflow that writes to Redis', () => {
  const { workflow } = parsed('examples/workflows/reconcile.yml');
  const [plan, apply] = jobsOf(workflow);
  const saysIn = (job: typeof plan) => job?.steps.find((step) => isOurs(step))?.with ?? {};

  test('knows who may write in the job that waits for an approval, and nowhere else', () => {
    const text = read('examples/workflows/reconcile.yml');
    const [, beforeJobs = '', ofPlan = '', ofApply = ''] =
      /^([\s\S]*?)^ {2}plan:\n([\s\S]*?)^ {2}apply:\n([\s\S]*)$/m.exec(text) ?? [];
    expect(ofApply).toContain('secrets.REDIS_WRITE_URL');
    expect(`${beforeJobs}${ofPlan}`).not.toContain('secrets.REDIS_WRITE_URL');
    expect(apply?.environment).toBe('production');
    expect(plan?.environment).toBeUndefined();
  });

  test('applies the plan of its first job, by its hash', () => {
    expect(saysIn(plan)).toMatchObject({ mode: 'plan', plan: saysIn(apply)['plan'] });
    expect(apply?.needs).toBe('plan');
    expect(saysIn(apply)).toMatchObject({
      mode: 'apply',
      'plan-hash': expect.stringMatching(/^\$\{\{ needs\.plan\.outputs\.plan-hash \}\}$/),
    });
  });

  test('runs no two applies at once, and breaks none off', () => {
    expect(apply?.concurrency).toMatchObject({ 'cancel-in-progress': false });
  });
});

describe('the two workflows for forks', () => {
  const gate = parsed('examples/workflows/fork-gate.yml').workflow;
  const comment = parsed('examples/workflows/fork-comment.yml').workflow;
  const inputsOf = (workflow: Workflow, action: string) =>
    stepsOf(workflow).find((step) => repositoryOf(step) === action)?.with ?? {};

  test('the second follows the first', () => {
    expect(comment.on['workflow_run']).toEqual({ workflows: [gate.name], types: ['completed'] });
  });

  test('the second downloads what the first uploads, and posts it', () => {
    const up = inputsOf(gate, 'actions/upload-artifact');
    const down = inputsOf(comment, 'actions/download-artifact');
    expect(down['name']).toBe(up['name']);
    expect(down['run-id']).toMatch(/^\$\{\{ github\.event\.workflow_run\.id \}\}$/);
    expect(inputsOf(comment, OURS)).toMatchObject({ mode: 'post', report: `${down['path']}/report.json` });
  });

  test('only the second posts, and for the same environment', () => {
    expect(inputsOf(gate, OURS)).toMatchObject({ comment: 'never' });
    expect(inputsOf(comment, OURS)['environment']).toBe(inputsOf(gate, OURS)['environment']);
  });

  test('the second asks whether a pull request made the first run', () => {
    for (const job of jobsOf(comment)) expect(job.if).toContain("workflow_run.event == 'pull_request'");
  });
});
