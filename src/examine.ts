import { checks } from './checks/index.ts';
import { type ConfigSpec, type Evidence, pathOf } from './core/evidence.ts';
import type { Draft, Finding, Location, Site } from './core/finding.ts';
import type { Json } from './core/json.ts';
import { code, type Known, phrase, vouch } from './core/phrase.ts';
import { locator, positionAt } from './core/position.ts';
import type { Redactor } from './core/redaction.ts';
import { ruled } from './core/ruling.ts';
import { summarize } from './core/summary.ts';
import type { Examined } from './core/verdict.ts';

/** Asks every check, and turns what it drafts into findings that may be printed. */
export function examine(evidence: Evidence, veil: Redactor): readonly Finding[] {
  const locate = { fallback: siteLocator('fallback', evidence), schema: siteLocator('schema', evidence) };
  const findings = checks.flatMap(({ id, run }) =>
    attempt(id, () => run(evidence, veil)).map(({ pointer, site, ...draft }): Finding => {
      const location = site && locate[site.file](site);
      return {
        check: id,
        config: evidence.spec.name,
        ...draft,
        place: veil.place(pointer),
        ...(location === undefined ? {} : { location }),
      };
    }),
  );
  return ruled(findings, evidence.spec, evidence.now);
}

/** One config as the judge is told of it. */
export function examineOne(item: Evidence, veil: Redactor): Examined {
  const { spec } = item;
  const value = liveValue(item);
  const [fallback, schema] = [pathOf(item.fallback), pathOf(item.schema)];
  return {
    name: spec.name,
    key: spec.key,
    ...(fallback === undefined ? {} : { fallback }),
    ...(schema === undefined ? {} : { schema }),
    hasFallback: item.fallback.kind === 'read' && item.fallback.decoded.ok,
    holdsSecrets: mayHoldSecrets(spec),
    findings: marked(examine(item, veil), item, veil),
    ...(value === undefined ? {} : { summary: summarize(value, spec.freshness?.at, veil) }),
  };
}

export function liveValue({ live }: Evidence): Json | undefined {
  return live?.ok === true ? live.value : undefined;
}

/** Marks what was so before the change under review: what the same checks find in the files as they were. */
function marked(findings: readonly Finding[], item: Evidence, veil: Redactor): readonly Finding[] {
  // Cases are of now: one that is new would count as debt.
  const { base, past: _past, cases: _cases, ...asBefore } = item;
  if (base?.kind !== 'known' || findings.every(({ claim }) => claim === 'unchecked')) return findings;
  const { schema, fallback } = base;
  const before = new Set(examine({ ...asBefore, schema, fallback }, veil).map(sameness));
  return findings.map((finding) =>
    finding.claim !== 'unchecked' && before.has(sameness(finding))
      ? { ...finding, isDebt: true, phrase: phrase`${finding.phrase} (so before this change)` }
      : finding,
  );
}

/** Word for word: what breaks in another way than before is new. */
function sameness({ check, claim, place, phrase }: Finding): string {
  return JSON.stringify([check, claim, place, phrase]);
}

/** Whether anything of it is to appear nowhere. */
export function mayHoldSecrets({ visibility: { secret, secretNames } }: ConfigSpec): boolean {
  return secret.length > 0 || secretNames.length > 0;
}

/** A check that throws has not checked. The error itself may quote the value, so only its class is told. */
function attempt(id: string, run: () => readonly Draft[]): readonly Draft[] {
  try {
    return run();
  } catch (error) {
    const kind = error instanceof Error ? error.name : typeof error;
    return [
      {
        claim: 'unchecked',
        severity: 'error',
        reason: 'internal',
        pointer: [],
        phrase: phrase`the check ${code(vouch(id))} broke down (${code(vouch(kind))})`,
        advice: phrase`a pattern or a recursive schema may be too much for the validator; otherwise please report it`,
      },
    ];
  }
}

/** Finds the sites of one file, which is read for the first of them only. */
function siteLocator(file: Site['file'], evidence: Evidence): (site: Site) => Location | undefined {
  const source = textOf(file, evidence);
  if (source === undefined) return () => undefined;
  const find = locator(source.text);
  return ({ pointer, offset }) => {
    const { line, column } = offset === undefined ? find(pointer) : positionAt(source.text, offset);
    return { file: source.path, line, column };
  };
}

function textOf(
  file: Site['file'],
  { fallback, schema }: Evidence,
): { readonly path: Known; readonly text: string } | undefined {
  if (file === 'fallback') {
    return fallback.kind === 'read' ? { path: fallback.path, text: fallback.decoded.text ?? '' } : undefined;
  }
  return schema.kind === 'compiled' || schema.kind === 'broken' ? schema : undefined;
}
