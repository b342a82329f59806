import assert from 'node:assert/strict';
import { MemoryHub } from 'lynchpin';
import { EXIT, Refusal } from '#lynchpin/cli/exit.js';
import { actionCommand, durationOf, fleetCommand, type ActionOptions, type FleetOptions } from '#lynchpin/cli/fleet/command.js';
import { authorOf, confirm } from '#lynchpin/cli/fleet/confirm.js';
import { show, type Shown } from '#lynchpin/cli/fleet/show.js';
import { brokerOf, withFleet } from '#lynchpin/cli/fleet/with-fleet.js';
import { terminalIn, type Inside } from '../support/project.js';

const SAYS = { name: 'look', summary: 'look at it', examples: [['lynchpin look', 'looks']] } as const;

describe('the frame of the fleet commands', () => {
  const context = (running: Inside = {}) => ({ terminal: terminalIn('', running), end: () => undefined });

  /** The options that a command line gives. */
  async function optionsOf(args: readonly string[]): Promise<ActionOptions> {
    let given: ActionOptions | undefined;
    await actionCommand({ ...SAYS, reason: 'optional' })
      .exitOverride()
      .configureOutput({ writeErr: () => undefined })
      .action((options: ActionOptions) => void (given = options))
      .parseAsync(args, { from: 'user' });
    assert.ok(given !== undefined);
    return given;
  }

  it('reads times with their units, and refuses what is none', async () => {
    const read = ['500ms', '10s', '10', '1.5s', '5m', '1h', '2d'].map(durationOf);
    assert.deepEqual(read, [500, 10_000, 10_000, 1_500, 300_000, 3_600_000, 172_800_000]);
    for (const text of ['', '0', '-1s', '5x', 'soon']) assert.throws(() => durationOf(text), { code: 'commander.invalidArgument' }, text);
    assert.equal((await optionsOf(['--timeout', '2m'])).timeout, 120_000);
    assert.equal((await optionsOf([])).timeout, 10_000);
  });

  it('refuses a reason without words, and the lack of one where it is required', async () => {
    assert.equal((await optionsOf(['--reason', ' soak test '])).reason, 'soak test');
    await assert.rejects(optionsOf(['--reason', ' ']), { code: 'commander.invalidArgument' });
    const strict = actionCommand({ ...SAYS, reason: 'required' })
      .exitOverride()
      .configureOutput({ writeErr: () => undefined });
    await assert.rejects(strict.parseAsync([], { from: 'user' }), { code: 'commander.missingMandatoryOptionValue' });
    assert.ok(fleetCommand(SAYS).options.every(({ long }) => long !== '--yes'));
  });

  it('finds the broker on the command line, then in LYNCHPIN_BROKER, then in AMQP_URL, then on this machine', () => {
    const both = { env: { LYNCHPIN_BROKER: 'amqp://b', AMQP_URL: 'amqp://c' } };
    assert.equal(brokerOf({ broker: 'amqp://a' }, context(both)), 'amqp://a');
    assert.equal(brokerOf({}, context(both)), 'amqp://b');
    assert.equal(brokerOf({}, context({ env: { LYNCHPIN_BROKER: '', AMQP_URL: 'amqp://c' } })), 'amqp://c');
    assert.equal(brokerOf({}, context()), 'amqp://localhost');
  });

  it('connects under the name of whoever runs it, and closes when the work is done or fails', async () => {
    const hub = new MemoryHub();
    const options: FleetOptions = { broker: 'memory:', namespace: 'other', format: 'text', timeout: 1_000 };
    const bus = await withFleet(context({ hub }), options, async (_fleet, given) => {
      assert.equal(given.state, 'up');
      return given;
    });
    assert.equal(bus.name, 'lynchpin-cli/ada@test');
    assert.equal(bus.state, 'closed');
    let failed = bus;
    const work = withFleet(context({ hub }), options, (_fleet, given) => {
      failed = given;
      return Promise.reject(new Error('no'));
    });
    await assert.rejects(work, /no/);
    assert.notEqual(failed, bus);
    assert.equal(failed.state, 'closed');
  });

  it('never tells the credentials when the broker cannot be reached', async () => {
    const options: FleetOptions = { broker: 'amqp://ada:secret@127.0.0.1:1/', format: 'text', timeout: 500 };
    await assert.rejects(
      withFleet(context(), options, () => Promise.resolve()),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, 'CONNECTION');
        assert.doesNotMatch(error.message, /secret/);
        return true;
      },
    );
  });

  it('acts after a yes, refuses with 1 after anything else, and with 2 where nobody can be asked', async () => {
    const asked = context({ answer: 'y' });
    await confirm(asked, 'Hold volume?', {});
    assert.equal(asked.terminal.said.err, 'Hold volume? [y/N] y\n');
    await confirm(context({ answer: 'YES ' }), 'Hold volume?', {});
    await confirm(context(), 'Hold volume?', { yes: true });
    const refused = (code: number) => (error: unknown) => error instanceof Refusal && error.code === code;
    for (const answer of ['', 'n', 'yesterday']) {
      await assert.rejects(confirm(context({ answer }), 'Hold volume?', {}), refused(EXIT.violations), answer);
    }
    await assert.rejects(confirm(context(), 'Hold volume?', {}), refused(EXIT.couldNotCheck));
  });

  it('records actions under the name that is given, or the user', () => {
    assert.equal(authorOf({ author: 'grace' }, context()), 'grace');
    assert.equal(authorOf({}, context()), 'ada@test');
  });

  it('shows one thing as text, as Markdown and as JSON with the number of its form', () => {
    const shown: Shown = {
      data: { topics: ['volume'] },
      sections: ({ bold }) => [
        { title: 'Topics', text: ['One topic.'], table: { headings: ['topic', 'pin'], rows: [[bold('volume'), '3.2']] } },
        { text: ['That is all.'] },
      ],
    };
    const said = (format: FleetOptions['format']): string => {
      const one = context();
      show(one, format, shown);
      return one.terminal.said.out;
    };
    assert.equal(said('text'), 'Topics\nOne topic.\ntopic   pin\nvolume  3.2\n\nThat is all.\n');
    assert.equal(said('markdown'), '## Topics\n\nOne topic.\n\n| topic | pin |\n| --- | --- |\n| volume | 3.2 |\n\nThat is all.\n');
    assert.deepEqual(JSON.parse(said('json')), { format: 1, topics: ['volume'] });
  });
});
