import { execFileSync } from 'node:child_process';
import type { Command } from 'commander';
import { completionScript } from '#cli/completion/script';
import { forge } from '#cli/forge';

const whole = forge(() => true);
const script = completionScript(whole, 'bash');

/** What bash offers for the last of the words. */
function offered(...words: string[]): string[] {
  const line = words.map((word) => `'${word}'`).join(' ');
  const ask = `${script}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _forge; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['--norc', '-euc', ask], { encoding: 'utf8' }).trim().split('\n');
}

describe('the completion of bash', () => {
  it('offers subcommands, at the top and below', () => {
    expect(offered('forge', 'st')).toEqual(['state', 'status']);
    expect(offered('forge', 'state', 'l')).toEqual(['list', 'locks']);
  });

  it('offers stacks, shells and options, also after others', () => {
    expect(offered('forge', 'state', 'list', 'n')).toEqual(['network']);
    expect(offered('forge', 'deploy', 'network', 'cl')).toEqual(['cluster']);
    expect(offered('forge', 'completion', '')).toEqual(['bash', 'zsh', '--help']);
    expect(offered('forge', 'status', '--json', '--s')).toEqual(['--summary']);
  });

  it('knows forge after npx, and leaves all else of npx to files', () => {
    expect(offered('npx', 'forge', 'cos')).toEqual(['cost']);
    expect(offered('npx', 'prettier', 'cos')).toEqual(['']);
  });
});

describe('every command', () => {
  const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)];
  const pathOf = (command: Command): string => `${command.parent ? `${pathOf(command.parent)} ` : ''}${command.name()}`;

  it.each(all(whole).map((command) => [pathOf(command), command] as const))(
    '%s --help has an example',
    (_, command) => {
      let text = '';
      command.configureOutput({ writeOut: (part) => (text += part) });
      command.outputHelp();
      expect(text).toContain('Example:\n  $ ');
    },
  );
});
