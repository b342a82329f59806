import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { LiveApi, LiveObject } from '../../compat/index.js';
import { command, contractsOption, folderOf, type Common, type Context } from '../command.js';
import { engine } from '../engine.js';
import { EXIT, Refusal } from '../exit.js';
import { nameAndVersion } from './record.js';
import { nearest } from '../nearest.js';
import { workOf } from '../project/work.js';
import { apiDocument, objectDocument, type Document, type Exported } from '../report/json-schema.js';

interface Options extends Common {
  readonly contracts?: readonly string[];
  readonly out?: string;
  readonly object?: string;
  readonly api?: string;
}

/** `lynchpin compat export`. */
export function exportCommand(context: Context): Command {
  return new Command('export')
    .helpCommand(false)
    .summary('give what the contracts say in another form')
    .description('Give what the contracts say in another form.')
    .addCommand(jsonSchemaCommand(context));
}

function jsonSchemaCommand(context: Context): Command {
  return command({
    name: 'json-schema',
    summary: 'JSON Schema (draft 2020-12), each file with all that it refers to',
    description: 'One document goes to standard output unless --out names a folder. All of them need a folder.',
    examples: [
      ['lynchpin compat export json-schema --object Volume@1.2', 'one version of an object'],
      ['lynchpin compat export json-schema --api volume@3.4', 'all that an API version takes and returns'],
      ['lynchpin compat export json-schema --out schemas', 'every version of everything'],
    ],
  })
    .option('--out <dir>', 'the folder to write to')
    .addOption(new Option('--object <name@version>', 'one version of an object').conflicts('api'))
    .addOption(new Option('--api <topic@version>', 'one version of an API').conflicts('object'))
    .addOption(contractsOption())
    .action((options: Options) => jsonSchema(options, context));
}

async function jsonSchema(options: Options, context: Context): Promise<void> {
  const { terminal } = context;
  const one = options.object !== undefined || options.api !== undefined;
  if (!one && options.out === undefined) throw new Refusal('say --object, --api, or with --out the folder for all of them');
  const { surface } = await workOf(options, context);
  const { entriesOf, pathOf, recordedSchemas } = await engine();
  const exported: Exported = { surface, recorded: { origin: 'the code', entries: entriesOf(surface) }, schemas: recordedSchemas, pathOf };
  const documents = one ? [single(exported, options)] : all(exported);
  if (options.out === undefined) for (const { schema } of documents) terminal.out.write(textOf(schema));
  else {
    const folder = resolve(folderOf(options, context), options.out);
    for (const { path, schema } of documents) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), textOf(schema));
      terminal.out.write(`written  ${join(options.out, path)}\n`);
    }
  }
  context.end(EXIT.fine);
}

const textOf = (schema: Document['schema']): string => `${JSON.stringify(schema, undefined, 2)}\n`;

function single(exported: Exported, { object, api }: Options): Document {
  const { surface } = exported;
  const isObject = object !== undefined;
  const { name, version } = nameAndVersion(object ?? api ?? '', isObject ? '--object' : '--api');
  const list: readonly (LiveObject | LiveApi)[] = isObject ? surface.objects : surface.apis;
  const live = list.find((one) => one.name === name);
  if (live === undefined) {
    const names = list.map((one) => one.name);
    const close = nearest(name, names);
    throw new Refusal(
      `the contracts have no ${isObject ? 'object' : 'API'} ${name}.${close === undefined ? '' : ` Did you mean ${close}?`} Known: ${names.join(', ')}`,
    );
  }
  const known = live.versions.find((one) => one === version);
  const document =
    known === undefined
      ? undefined
      : isObject
        ? objectDocument(exported, live as LiveObject, known)
        : apiDocument(exported, live as LiveApi, known);
  if (document === undefined) throw new Refusal(`${name} has no version ${version}. It has ${live.versions.join(', ')}`);
  return document;
}

function all(exported: Exported): readonly Document[] {
  const { surface } = exported;
  return [
    ...surface.objects.flatMap((object) => object.versions.flatMap((version) => objectDocument(exported, object, version) ?? [])),
    ...surface.apis.flatMap((api) => api.versions.flatMap((version) => apiDocument(exported, api, version) ?? [])),
  ];
}
