import { Command, type Option } from 'commander';
import { command, type Context } from './command.js';
import { engine } from './engine.js';
import { EXIT } from './exit.js';

const BASH = `# Completion of lynchpin for bash. Put this into ~/.bashrc:
#     eval "$(lynchpin completion bash)"
_lynchpin() {
  local word=\${COMP_WORDS[COMP_CWORD]} line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("$line")
  done < <("\${COMP_WORDS[0]}" completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  # Nothing to offer: files.
  if [[ \${#COMPREPLY[@]} -eq 0 ]]; then
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$word")
  fi
}
complete -F _lynchpin lynchpin
`;

const ZSH = `#compdef lynchpin
# Completion of lynchpin for zsh. Put this into ~/.zshrc, after compinit:
#     eval "$(lynchpin completion zsh)"
_lynchpin() {
  local -a candidates
  candidates=("\${(@f)$("\${words[1]}" completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  # Nothing to offer: files.
  if [[ -n "\${candidates[1]}" ]]; then compadd -a candidates; else _files; fi
}
compdef _lynchpin lynchpin
`;

/**
 * `lynchpin completion`.
 * @param program gives the whole command line: what it holds is what is completed.
 */
export function completionCommand(context: Context, program: () => Command): Command {
  const { terminal } = context;
  const say = (text: string): void => {
    terminal.out.write(text);
    context.end(EXIT.fine);
  };
  const scripts = [
    command({
      name: 'bash',
      summary: 'print the script for bash',
      examples: [['eval "$(lynchpin completion bash)"', 'in ~/.bashrc']],
    }).action(() => say(BASH)),
    command({
      name: 'zsh',
      summary: 'print the script for zsh',
      examples: [['eval "$(lynchpin completion zsh)"', 'in ~/.zshrc, after compinit']],
    }).action(() => say(ZSH)),
  ];
  const words = new Command('words')
    .description('What may stand in the place of the last word: the scripts ask this.')
    .argument('[words...]', 'what is on the command line so far, from the first word after the program')
    .action(async (typed: readonly string[]) => say((await candidatesFor(program(), typed)).map((word) => `${word}\n`).join('')));
  const group = new Command('completion')
    .helpCommand(false)
    .summary('complete commands, options and rules in a shell')
    .description('Complete commands, options and rules in a shell.');
  for (const script of scripts) group.addCommand(script);
  return group.addCommand(words, { hidden: true });
}

async function candidatesFor(program: Command, words: readonly string[]): Promise<readonly string[]> {
  const typed = words.at(-1) ?? '';
  let at = program;
  let pending: Option | undefined;
  for (const word of words.slice(0, -1)) {
    pending = at.options.find(({ long, short, required }) => required && (long === word || short === word));
    at = at.commands.find((one) => one.name() === word) ?? at;
  }
  const offered =
    pending !== undefined
      ? (pending.argChoices ?? [])
      : typed.startsWith('-')
        ? at
            .createHelp()
            .visibleOptions(at)
            .flatMap(({ long, short }) => long ?? short ?? [])
        : [
            ...at
              .createHelp()
              .visibleCommands(at)
              .map((one) => one.name()),
            ...(at.name() === 'explain' ? Object.keys((await engine()).RULES) : []),
          ];
  return offered.filter((word) => word.startsWith(typed));
}
