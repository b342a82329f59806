import type { Finding } from '../../compat/index.js';
import { prefixOf } from '../baseline/git.js';
import type { Context } from '../command.js';
import type { ExitCode } from '../exit.js';
import { paintFor } from '../output/paint.js';
import { render, type Format } from '../output/render.js';
import type { Place, Report } from '../output/report.js';
import type { Work } from '../project/work.js';
import { declarationOf, placeWithin } from '../source/find.js';
import { sourcesOf } from '../source/sources.js';

/** What findings are told with. */
export interface Telling {
  readonly work: Work;
  readonly format: Format;
  readonly against: Report['against'];
  readonly code: ExitCode;
}

/** Writes findings in the wanted format, each with the place where it is declared, and ends the command. */
export async function tell(findings: readonly Finding[], { work, format, against, code }: Telling, context: Context): Promise<void> {
  const { terminal } = context;
  const placed = placing(work);
  const report: Report = {
    findings: findings.map((finding) => ({ finding, place: placed(finding) })),
    subjects: [
      ...work.surface.objects.map(({ name }) => ({ kind: 'object' as const, name })),
      ...work.surface.apis.map(({ name }) => ({ kind: 'api' as const, name })),
    ],
    against,
  };
  terminal.out.write(
    render(report, format, {
      paint: paintFor(terminal.out.terminal, terminal.env),
      // Longer lines are hard to read, however wide the terminal is.
      columns: Math.min(terminal.out.columns, 110),
      exitCode: code,
      prefix: format === 'github' ? await prefixOf(work.project.folder) : '',
    }),
  );
  context.end(code);
}

/** Finds the place of a finding. The sources are read at the first. */
function placing({ project, modules, surface }: Work): (finding: Finding) => Place | undefined {
  let sources: ReturnType<typeof sourcesOf> | undefined;
  return ({ subject: { kind, name, path } }) => {
    if (kind !== 'object' && kind !== 'api') return undefined;
    const live = (kind === 'object' ? surface.objects : surface.apis).find((one) => one.name === name);
    if (live === undefined) return undefined;
    sources ??= sourcesOf(project.folder, modules);
    const [, message, within] = /^messages\.([^.]+)(?:\.(.+))?$/.exec(path ?? '') ?? [];
    const own = message === undefined ? undefined : declarationOf(sources, { kind: 'message', name: message });
    if (own !== undefined) return placeWithin(own, within);
    const declaration = declarationOf(sources, { kind, name, className: live.className });
    return declaration === undefined ? undefined : placeWithin(declaration, path);
  };
}
