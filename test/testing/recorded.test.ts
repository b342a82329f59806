import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LynchpinError, type Class } from 'lynchpin';
import { compat } from 'lynchpin/testing';
import * as cinder from '../../examples/cinder-volume/contract/index.js';
import { edited, ORDERS, WITHOUT_BUMP } from './support/orders.js';
import { failureLater, failureOf } from './support/failing.js';
import { withProject } from './support/project.js';

describe('compat.assertUnchanged and compat.assertHistory', () => {
  it('pass for a class, a list of classes, a module and what loads it, and write nothing', async () => {
    await withProject(async (project) => {
      await project.compile(ORDERS);
      await project.release('1.0.0');
      const files = readdirSync(project.recording, { recursive: true });
      const module = (await project.load()) as Record<string, Class<object>> & { readonly Order: Class<object> };
      const options = { recording: project.recording, settings: {} };
      for (const assertion of [compat.assertUnchanged, compat.assertHistory]) {
        assert.equal(assertion(module.Order, options), undefined);
        assert.equal(assertion([module.Order], options), undefined);
        assert.equal(assertion(module, options), undefined);
        assert.equal(await assertion(project.load, options), undefined);
      }
      assert.deepEqual(readdirSync(project.recording, { recursive: true }), files);
    });
  });

  it('fail where today’s code says something else, with the rule and the way out', async () => {
    await withProject(async (project) => {
      await project.compile(ORDERS);
      await project.release('1.0.0');
      await project.compile(WITHOUT_BUMP);
      const options = { recording: project.recording, settings: {} };
      const text = await failureLater(() => compat.assertUnchanged(project.load, options));
      assert.match(text, /^object\/field-changed-no-bump/);
      assert.match(text, /fix:/);
      await compat.assertHistory(project.load, options);
    });
  });

  it('fail where a version is not recorded, or was skipped', async () => {
    await withProject(async (project) => {
      await project.compile(ORDERS);
      await project.release('1.0.0');
      const options = { recording: project.recording, settings: {} };
      rmSync(join(project.recording, 'objects/Order/1.1.json'));
      assert.match(await failureLater(() => compat.assertHistory(project.load, options)), /lock\/missing-entry/);
      await project.release('1.0.1');
      await project.compile(
        edited(
          edited(ORDERS, "name: 'Order', version: '1.1'", "name: 'Order', version: '1.0'"),
          "carries: { '2.1': { Order: '1.1' } }",
          'carries: {}',
        )
          .replace("@Lossy({ from: '1.1', to: '1.0', fields: ['lines'], reason: 'readers at 1.0 know one line' })", '')
          .replace(/ {2}@Field\(t\.list.*\n/, '')
          .replace(", { until: '1.1', default: null }", '')
          .replace(/@(Backport|Upgrade)\(.*\)\n/g, ''),
      );
      const module = (await project.load()) as { readonly Order: Class<object> };
      assert.match(
        failureOf(() => compat.assertHistory(module.Order, options)),
        /history\/backwards/,
      );
    });
  });

  it('take a namespace as it is imported', () => {
    const options = { recording: 'examples/cinder-volume/compat', settings: {} };
    compat.assertUnchanged(cinder, options);
    compat.assertHistory(cinder, options);
  });

  it('refuse what is no contract', () => {
    assert.throws(
      () => compat.assertUnchanged({ nothing: 1 }),
      (error) => LynchpinError.is(error, 'DECLARATION'),
    );
  });
});
