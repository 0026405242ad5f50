/** kubectl and Helm, in the versions that the project is tested with; kubectl has the Kustomize that this Argo CD has. */
import type { Terminal } from '../output/terminal';

/** @returns finds a program on PATH or in the user's cache, else downloads or builds it, once */
export function toolFinder({ notify }: Pick<Terminal, 'notify'>): (name: 'kubectl' | 'helm') => Promise<string> {
  const found = new Map<string, Promise<string>>();
  return (name) => {
    const path = found.get(name) ?? obtained(name, notify);
    found.set(name, path);
    return path;
  };
}

async function obtained(name: 'kubectl' | 'helm', notify: (text: string) => void): Promise<string> {
  const { ensureTools } = await import('#sandbox/toolchain/ensure-tools');
  let told = '';
  const tools = await ensureTools([name], {
    progress: ({ phase }) => {
      if (phase !== told && (phase === 'downloading' || phase === 'building')) notify(`${name}: ${phase}\n`);
      told = phase;
    },
  });
  return tools[name];
}
