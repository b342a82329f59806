import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from '../../scripts/files.js';
import { commandsOf } from './commands.js';
import { root } from './project.js';

/** Who runs a command that the documents show. Patterns match a whole command. */
const RUN_BY: ReadonlyArray<{ readonly command: RegExp; readonly by: string }> = [
  { command: /^npm ci$/, by: '.ci/run' },
  { command: /^npm test$/, by: '.ci/run' },
  { command: /^npm run (demo|test:scenarios|lint|types|docs|dead|package:check|build|build:test)$/, by: '.ci/run' },
  { command: /^npx mocha "build\/test\/[a-z]+\/\*\.test\.js"$/, by: '.mocharc.json' },
  { command: /^npm run bench$/, by: 'test/bench/bench.test.ts' },
  { command: /^node build\/examples\/tour\/index\.js$/, by: 'test/examples/tour/tour.test.ts' },
  { command: /^AMQP_URL=amqp:\/\/localhost npx mocha build\/examples\/tour\/skew\.js$/, by: 'test/testing/skew/options.test.ts' },
  { command: /^npm run demo -- --json$/, by: 'test/scenarios/demo-in-memory.test.ts' },
  { command: /^npm run demo -- --amqp( --journals [a-z/]+)?$/, by: 'test/scenarios/demo.test.ts' },
  { command: /^node build\/examples\/cinder-volume\/demo\/verifier\/index\.js [a-z/]+$/, by: 'test/examples/demo/verifier.test.ts' },
  { command: /^npx lynchpin compat (record|bump [A-Z][a-z]+ --minor --parents|release [\d.]+)$/, by: 'test/cli/recording.test.ts' },
  { command: /^npx lynchpin compat can-deploy --fleet running\.json --as server$/, by: 'test/cli/recording.test.ts' },
  { command: /^npx lynchpin compat check --against git:origin\/main$/, by: 'test/cli/baseline.test.ts' },
  { command: /^npx lynchpin compat accept [\da-f:]+ --reason "[^"]+" --until [\d-]+$/, by: 'test/cli/check.test.ts' },
  {
    command: /^npx lynchpin compat check( --release [\d.]+| --against (git:main|dir:\.|npm:\.\/orders-1\.4\.2\.tgz))?$/,
    by: 'test/cli/guide.test.ts',
  },
  { command: /^npx lynchpin compat bump Order --minor --parents --write$/, by: 'test/cli/guide.test.ts' },
  { command: /^npx lynchpin compat record --describe Order@1\.2 "[^"]+" orders@2\.2 "[^"]+"$/, by: 'test/cli/guide.test.ts' },
  { command: /^npx lynchpin compat explain( object\/field-added-no-bump)?$/, by: 'test/cli/guide.test.ts' },
  { command: /^npx lynchpin compat accept "\$KEY" --reason "[^"]+" --until [\d-]+$/, by: 'test/cli/guide.test.ts' },
  { command: /^npx lynchpin compat (matrix|changelog( --since 1\.4\.2 --format markdown)?)$/, by: 'test/cli/guide.test.ts' },
  { command: /^npx lynchpin compat export json-schema --(object Order@1\.0|out schemas)$/, by: 'test/cli/guide.test.ts' },
  { command: /^eval "\$\(npx lynchpin completion bash\)"$/, by: 'test/cli/guide.test.ts' },
  { command: /^rabbitmqctl set_permissions -p \/ (server|client|operator) '/, by: 'test/fleet/doctor/rabbitmq.test.ts' },
  { command: /^npx lynchpin doctor( --role client volume)?$/, by: 'test/cli/fleet/doctor.test.ts' },
  {
    command: /^npx lynchpin (status|why volume|instances|lanes volume( --management http:\/\/localhost:15672)?|watch( --json --for 10m)?)$/,
    by: 'test/cli/fleet/views.test.ts',
  },
  { command: /^npx lynchpin upgrade-check( --as client)?$/, by: 'test/cli/fleet/upgrade-check.test.ts' },
  {
    command: /^npx lynchpin (hold|release|drain|finalize|unfinalize|abort|forget|prune|rescue|ledger) ("\$INSTANCE"|volume)/,
    by: 'test/scenarios/runbooks/runbooks.test.ts',
  },
  { command: /^\.ci\/run$/, by: 'test/style/ci.test.ts' },
];

/** Which commands of a page nothing runs, or name a script that does not exist. */
function problems(page: string, scripts: Readonly<Record<string, string>>): string[] {
  return commandsOf(page).flatMap((command) => {
    const script = /^npm run ([a-z:]+)/.exec(command)?.[1];
    if (script !== undefined && scripts[script] === undefined) return [`${command}: there is no such script`];
    return RUN_BY.some((known) => known.command.test(command)) ? [] : [`${command}: nothing runs it`];
  });
}

describe('the commands that README and guide show', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  const pages = [
    'README.md',
    ...['docs/guide', 'docs/runbooks'].flatMap((folder) => filesBelow(root, folder).filter((file) => file.endsWith('.md'))),
  ];

  it('are each run, by a test or by .ci/run', () => {
    const found = pages.flatMap((page) =>
      problems(readFileSync(join(root, page), 'utf8'), scripts).map((problem) => `${page}: ${problem}`),
    );
    assert.deepEqual(found, []);
    for (const { by } of RUN_BY) assert.ok(existsSync(join(root, by)), `${by} does not exist`);
  });

  it('.ci/run runs the scripts that this list says it runs', () => {
    const run = readFileSync(join(root, '.ci/run'), 'utf8');
    for (const script of ['lint', 'types', 'docs', 'dead', 'package:check']) assert.ok(run.includes(`npm run ${script}"`), script);
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    for (const command of ['npm ci && npm run demo', 'npm ci && npm test', 'npm run test:scenarios']) {
      const name = command.split(/[ :]/).at(-1) ?? '';
      assert.ok(readme.includes(`<!-- ci: ${name} -->\n\n\`\`\`sh\n${command}\n\`\`\`\n`), command);
    }
  });

  it('every test file is run: by `npm test`, or, below test/scenarios, by `npm run test:scenarios`', () => {
    assert.match(scripts['test'] ?? '', / mocha --ignore "build\/test\/scenarios\/\*\*" "build\/test\/\*\*\/\*\.test\.js"$/);
    assert.match(scripts['test:scenarios'] ?? '', / "build\/test\/scenarios\/\*\*\/\*\.test\.js"$/);
  });

  it('is shown to fail on a command that nothing runs and on a script that does not exist', () => {
    assert.deepEqual(problems('```sh\nnpm ci && npm run nothing   # a remark\ncurl \\\n  example\n```\n', scripts), [
      'npm run nothing: there is no such script',
      'curl example: nothing runs it',
    ]);
    assert.deepEqual(problems('```ts\nnothing();\n```\n', scripts), []);
  });
});
