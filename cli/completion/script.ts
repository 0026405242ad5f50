/** Completion of the command line, made of the commands themselves: it starts no program when Tab is pressed. */
import type { Argument, Command } from 'commander';
import { STACKS } from '#stacks/stack-names';

export const SHELLS = ['bash', 'zsh'] as const;
export type Shell = (typeof SHELLS)[number];

/** zsh takes what is written for bash, after some words of its own. */
const OWN: Readonly<Record<Shell, { readonly first: string; readonly isTaken: string }>> = {
  bash: { first: '', isTaken: 'complete -p npx >/dev/null 2>&1' },
  zsh: {
    first: 'autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n',
    isTaken: '[ -n "${_comps[npx]}" ]',
  },
};

export function completionScript(whole: Command, shell: Shell): string {
  const places = placesIn(whole, '');
  const paths = places.slice(1).map(({ path }) => `'${path}'`);
  const offers = places.map(({ path, words }) => `    '${path}') words='${words.join(' ')}' ;;`);
  return `${OWN[shell].first}_forge() {
  local path='' word words='' after=''
  for word in "\${COMP_WORDS[@]:0:$COMP_CWORD}"; do
    if [ -z "$after" ]; then
      [ "\${word##*/}" = forge ] && after=yes
      continue
    fi
    case "$path $word" in
    ${paths.join(' | ')}) path="$path $word" ;;
    esac
  done
  [ -n "$after" ] || return 0
  case "$path" in
${offers.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[$COMP_CWORD]}"))
}
complete -o default -F _forge forge
${OWN[shell].isTaken} || complete -o default -F _forge npx
`;
}

interface Place {
  /** Words after `forge`, each after a blank. */
  readonly path: string;
  readonly words: readonly string[];
}

function placesIn(command: Command, path: string): Place[] {
  const { commands, options, registeredArguments } = command;
  const words = [
    ...commands.map((child) => child.name()),
    ...registeredArguments.flatMap(choicesOf),
    ...options.flatMap(({ long }) => long ?? []),
    '--help',
  ];
  return [{ path, words }, ...commands.flatMap((child) => placesIn(child, `${path} ${child.name()}`))];
}

function choicesOf(argument: Argument): readonly string[] {
  return argument.argChoices ?? (argument.name() === 'stack' ? STACKS : []);
}
