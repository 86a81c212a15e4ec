import type { Command, Option } from 'commander';

/** A shell that can be told what to complete. */
export type Shell = 'bash' | 'zsh' | 'fish';

interface Node {
  /** The words that lead to it, `katamari persona lint`. */
  readonly path: string;
  readonly command: Command;
}

/** A script that completes the commands and options of a program, for a shell. Where nothing of it fits, files are completed. */
export function completion(program: Command, shell: Shell): string {
  const nodes = nodesOf(program, program.name());
  if (shell === 'fish') return fish(nodes);
  const script = bash(program.name(), nodes);
  return shell === 'bash' ? script : `autoload -U +X bashcompinit && bashcompinit\n${script}`;
}

function nodesOf(command: Command, path: string): Node[] {
  return [
    { path, command },
    ...command.commands.flatMap((child) => nodesOf(child, `${path} ${child.name()}`)),
  ];
}

function optionsOf(command: Command): readonly Option[] {
  return command.createHelp().visibleOptions(command);
}

function bash(name: string, nodes: readonly Node[]): string {
  const inner = nodes.slice(1).map(({ path }) => `"${path}"`);
  const words = nodes.map(({ path, command }) => {
    const flags = optionsOf(command).flatMap(({ short, long }) =>
      [short, long].filter((flag) => flag !== undefined),
    );
    const all = [...command.commands.map((child) => child.name()), ...choicesOfArguments(command), ...flags];
    return `    "${path}") words="${all.join(' ')}" ;;`;
  });
  const choices = new Map(
    nodes.flatMap(({ path, command }) =>
      optionsOf(command).flatMap(({ long, argChoices }) =>
        argChoices === undefined ? [] : [[`${path} ${long ?? ''}`, argChoices.join(' ')] as const],
      ),
    ),
  );
  return `_${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" path=${name} words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
      ${inner.join('|')}) path="$path $word" ;;
    esac
  done
  case "$path" in
${words.join('\n')}
  esac
  case "$path $previous" in
${[...choices].map(([path, list]) => `    "${path}") words="${list}" ;;`).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _${name} ${name}
`;
}

function choicesOfArguments(command: Command): readonly string[] {
  return command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices);
}

function fish(nodes: readonly Node[]): string {
  const lines = nodes.flatMap(({ path, command }) => {
    const [name = '', ...seen] = path.split(' ');
    const children = command.commands.map((child) => child.name());
    const within = seen.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ');
    const here = seen.length === 0 ? '__fish_use_subcommand' : within;
    const notDeeper =
      children.length > 0 && seen.length > 0
        ? `${here}; and not __fish_seen_subcommand_from ${children.join(' ')}`
        : here;
    const start = `complete -c ${name} -n '${notDeeper}'`;
    return [
      ...command.commands.map((child) => `${start} -f -a ${child.name()} -d ${quoted(child.description())}`),
      ...choicesOfArguments(command).map((choice) => `${start} -f -a ${choice}`),
      ...optionsOf(command).map((option) => `${start} ${fishOption(option)}`),
    ];
  });
  return `${lines.join('\n')}\n`;
}

function fishOption({ short, long, argChoices, required, description }: Option): string {
  return [
    ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
    ...(long === undefined ? [] : [`-l ${long.slice(2)}`]),
    ...(required ? ['-r'] : []),
    ...(argChoices === undefined ? [] : [`-f -a ${quoted(argChoices.join(' '))}`]),
    `-d ${quoted(description)}`,
  ].join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
}
