import { checks } from './checks/index.ts';
import type { Evidence } from './core/evidence.ts';
import type { Draft, Finding, Location } from './core/finding.ts';
import { code, type Known, phrase, vouch } from './core/phrase.ts';
import { locate, positionAt } from './core/position.ts';
import type { Redactor } from './core/redaction.ts';

/** Asks every check, and turns what it drafts into findings that may be printed. */
export function examine(evidence: Evidence, veil: Redactor): readonly Finding[] {
  return checks.flatMap(({ id, run }) =>
    attempt(id, () => run(evidence, veil)).map(({ pointer, site, ...draft }): Finding => {
      const location = site && locateSite(site, evidence);
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

function locateSite(site: NonNullable<Draft['site']>, evidence: Evidence): Location | undefined {
  const file = textOf(site.file, evidence);
  if (file === undefined) return undefined;
  const { line, column } =
    site.offset === undefined ? locate(file.text, site.pointer) : positionAt(file.text, site.offset);
  return { file: file.path, line, column };
}

function textOf(
  file: 'fallback' | 'schema',
  { fallback, schema }: Evidence,
): { readonly path: Known; readonly text: string } | undefined {
  if (file === 'fallback') {
    return fallback.kind === 'read' ? { path: fallback.path, text: fallback.decoded.text ?? '' } : undefined;
  }
  return schema.kind === 'compiled' || schema.kind === 'broken' ? schema : undefined;
}
