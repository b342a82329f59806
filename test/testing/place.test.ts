import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LynchpinError } from 'lynchpin';
import { stampRelease } from '#lynchpin/compat/index.js';
import { compat } from 'lynchpin/testing';
import { ORDERS } from './support/orders.js';
import { withProject } from './support/project.js';

describe('where a suite looks for its recording', () => {
  it('is what it is told, as a path or a URL', async () => {
    await withProject(async (project) => {
      await project.compile(ORDERS);
      await project.release('1.0.0');
      await compat.assertUnchanged(project.load, { recording: project.recording, settings: {} });
      await compat.assertUnchanged(project.load, { recording: pathToFileURL(project.recording), settings: {} });
      await assert.rejects(compat.assertUnchanged(project.load, { recording: join(project.folder, 'elsewhere'), settings: {} }), {
        code: 'ERR_ASSERTION',
      });
    });
  });

  it('is what the settings of the working directory say, or else compat there', async () => {
    await withProject(async (project) => {
      await project.compile(ORDERS);
      await project.release('1.0.0');
      stampRelease(project.recording, '1.0.0');
      const program = [
        "import { compat } from 'lynchpin/testing';",
        "await compat.assertUnchanged(() => import('./contract.js'));",
        "console.log('unchanged');",
      ].join('\n');
      project.write('check.js', program);
      assert.match((await project.run(['check.js'])).output, /^unchanged/);
      project.write('lynchpin.config.json', JSON.stringify({ recording: 'elsewhere' }));
      assert.match((await project.run(['check.js'])).output, /lock\/missing-entry/);
    });
  });

  it('has the settings of the package that the recording lies in, where that is named', async () => {
    await withProject(async (project) => {
      await project.compile(ORDERS);
      await project.release('1.0.0');
      project.write('package.json', JSON.stringify({ type: 'module', lynchpin: { promise: {} } }));
      await assert.rejects(compat.assertUnchanged(project.load, { recording: pathToFileURL(project.recording) }), (error) =>
        LynchpinError.is(error, 'DECLARATION'),
      );
    });
  });
});
