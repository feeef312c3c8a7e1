import { checks } from './checks/index.ts';
import type { Evidence } from './core/evidence.ts';
import type { Draft, Finding, Location, Site } from './core/finding.ts';
import { code, type Known, phrase, vouch } from './core/phrase.ts';
import { locator, positionAt } from './core/position.ts';
import type { Redactor } from './core/redaction.ts';

/** Asks every check, and turns what it drafts into findings that may be printed. */
export function examine(evidence: Evidence, veil: Redactor): readonly Finding[] {
  const locate = { fallback: siteLocator('fallback', evidence), schema: siteLocator('schema', evidence) };
  return checks.flatMap(({ id, run }) =>
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
