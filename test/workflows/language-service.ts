import { registerHooks } from 'node:module';
import { TextDocument } from 'vscode-languageserver-textdocument';

/** What GitHub's own language service for workflows finds in a file. */

// Its files import JSON as a bundler takes it; Node.js wants to be told that it is JSON.
const hooks = registerHooks({
  load: (url, context, next) =>
    /\/@actions\/[^?]*\.json$/.test(url)
      ? next(url, { ...context, importAttributes: { ...context.importAttributes, type: 'json' } })
      : next(url, context),
});
const { registerLogger, validate } = await import('@actions/languageservice');
hooks.deregister();

export type ActionMetadata = Awaited<
  ReturnType<NonNullable<Config['actionsMetadataProvider']>['fetchActionMetadata']>
>;
type Config = NonNullable<Parameters<typeof validate>[1]>;

// It swallows what it throws itself, and then finds nothing.
const breakdowns: string[] = [];
const ignore = () => undefined;
registerLogger({
  error: (message) => void breakdowns.push(message),
  warn: ignore,
  info: ignore,
  log: ignore,
});

const WARNING = 2;
/** Files are remembered by their address. */
let count = 0;

/** Errors and warnings, as `LINE: message`. `describe` answers for the actions of others too, if only with a name. */
export async function lint(
  name: string,
  text: string,
  describe: (action: string) => NonNullable<ActionMetadata>,
): Promise<readonly string[]> {
  count += 1;
  const document = TextDocument.create(`file:///${count}/${name}`, 'yaml', 1, text);
  const diagnostics = await validate(document, {
    actionsMetadataProvider: {
      fetchActionMetadata: async ({ owner, name: repository }) => describe(`${owner}/${repository}`),
    },
  });
  return [
    ...breakdowns.splice(0),
    ...diagnostics
      // What its parser finds has no severity.
      .filter(({ severity }) => severity === undefined || severity <= WARNING)
      .map(({ range, message }) => `${range.start.line + 1}: ${message}`),
  ];
}
