import { Command, CommanderError } from 'commander';
import { LynchpinError } from '../errors/index.js';
import type { Context } from './command.js';
import { compatCommand } from './compat/compat.js';
import { completionCommand } from './completion.js';
import { EXIT, Refusal, type ExitCode } from './exit.js';
import { abortCommand } from './fleet/abort.js';
import { doctorCommand } from './fleet/doctor.js';
import { drainCommand } from './fleet/drain.js';
import { finalizeCommand } from './fleet/finalize.js';
import { forgetCommand } from './fleet/forget.js';
import { instancesCommand } from './fleet/instances.js';
import { lanesCommand } from './fleet/lanes.js';
import { statusCommand } from './fleet/status.js';
import { watchCommand } from './fleet/watch.js';
import { whyCommand } from './fleet/why.js';
import { holdCommand } from './fleet/hold.js';
import { ledgerCommand } from './fleet/ledger.js';
import { pruneCommand } from './fleet/prune.js';
import { releaseCommand } from './fleet/release.js';
import { unfinalizeCommand } from './fleet/unfinalize.js';
import { upgradeCheckCommand } from './fleet/upgrade-check.js';
import { rescueCommand } from './fleet/rescue.js';
import { harmless, paintFor } from './output/paint.js';
import type { Terminal } from './terminal.js';

/** The whole command line: one group or command a line. */
function programOf(context: Context, version: string): Command {
  const { terminal } = context;
  const program = new Command('lynchpin')
    .description('Versioned RPC and versioned objects over AMQP.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addCommand(compatCommand(context))
    .addCommand(statusCommand(context))
    .addCommand(whyCommand(context))
    .addCommand(instancesCommand(context))
    .addCommand(lanesCommand(context))
    .addCommand(watchCommand(context))
    .addCommand(doctorCommand(context))
    .addCommand(upgradeCheckCommand(context))
    .addCommand(holdCommand(context))
    .addCommand(releaseCommand(context))
    .addCommand(finalizeCommand(context))
    .addCommand(unfinalizeCommand(context))
    .addCommand(abortCommand(context))
    .addCommand(drainCommand(context))
    .addCommand(forgetCommand(context))
    .addCommand(ledgerCommand(context))
    .addCommand(rescueCommand(context))
    .addCommand(pruneCommand(context))
    .addCommand(completionCommand(context, () => program));
  for (const one of withAll(program)) {
    one
      .exitOverride()
      .showHelpAfterError('(--help says more)')
      .configureOutput({
        writeOut: (text) => terminal.out.write(text),
        writeErr: (text) => terminal.err.write(text),
        getOutHelpWidth: () => terminal.out.columns,
        getErrHelpWidth: () => terminal.err.columns,
        getOutHasColors: () => false,
        getErrHasColors: () => false,
      });
  }
  return program;
}

/**
 * Runs the command line.
 * @param args what follows the program's name.
 * @param version of this package.
 * @returns what the process is to end with.
 */
export async function runProgram(args: readonly string[], terminal: Terminal, version: string): Promise<ExitCode> {
  let code: ExitCode = EXIT.fine;
  const program = programOf({ terminal, end: (given) => (code = given) }, version);
  const paint = paintFor(terminal.err.terminal, terminal.env);
  const refuse = (text: string): void => terminal.err.write(`${paint.bold(paint.red('lynchpin:'))} ${harmless(text.trimEnd())}\n`);
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // commander has printed what there is to say.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.couldNotCheck;
    if (error instanceof Refusal) {
      refuse(error.message);
      return error.code;
    }
    if (LynchpinError.is(error, 'REJECTED') || LynchpinError.is(error, 'NOT_FINAL')) {
      refuse(error.message);
      return EXIT.violations;
    }
    // A declaration that cannot work explains itself, and so does a file; anything else is a mistake of this program, and its
    // stack is wanted.
    const explained = LynchpinError.is(error) || isOfFile(error);
    refuse(error instanceof Error ? (explained ? error.message : (error.stack ?? error.message)) : String(error));
    return EXIT.couldNotCheck;
  }
}

/** Whether the system refused to read or write a file: `EACCES: permission denied, open '...'`. */
function isOfFile(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}

/** A command and all below it. */
function withAll(top: Command): readonly Command[] {
  return [top, ...top.commands.flatMap(withAll)];
}
