import { Command } from 'commander';
import type { Context } from '../command.js';
import { acceptCommand } from './accept.js';
import { bumpCommand } from './bump.js';
import { canDeployCommand } from './can-deploy.js';
import { changelogCommand } from './changelog.js';
import { checkCommand } from './check.js';
import { explainCommand } from './explain.js';
import { exportCommand } from './export.js';
import { matrixCommand } from './matrix.js';
import { recordCommand } from './record.js';
import { releaseCommand } from './release.js';

/** `lynchpin compat`: one command a file. */
export function compatCommand(context: Context): Command {
  const group = new Command('compat')
    .helpCommand(false)
    .summary('prove that old and new releases understand each other')
    .description(
      'Prove that old and new releases understand each other.\n\nExit codes: 0 fine, 1 violations, 2 could not check, 3 nothing is known or there is no baseline.',
    );
  for (const make of [
    checkCommand,
    recordCommand,
    bumpCommand,
    releaseCommand,
    acceptCommand,
    explainCommand,
    changelogCommand,
    matrixCommand,
    canDeployCommand,
    exportCommand,
  ]) {
    group.addCommand(make(context));
  }
  return group;
}
