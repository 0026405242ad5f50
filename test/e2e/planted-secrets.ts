/** Every secret that a deploy makes or is given, to look for where it must not be. */
import type { TestSandbox } from './harness';

/** What a file with secrets may be at most. */
export const SECRET_FILE_MODE = 0o600;

const SECRET_VARIABLES = ['DIGITALOCEAN_TOKEN', 'FORGE_CLUSTER_TOKEN', 'SPACES_SECRET_ACCESS_KEY', 'GITHUB_TOKEN'];
const SECRET_ATTRIBUTES = ['result', 'private_key_pem', 'private_key_openssh', 'secret_key'];

export async function secretsIn(test: TestSandbox): Promise<string[]> {
  const { env, config } = test.sandbox;
  const named = config.secrets.filter(({ type }) => type === 'Opaque').flatMap(({ data }) => Object.values(data));
  const given = [...SECRET_VARIABLES, ...named].flatMap((name) => env[name] ?? []);
  const made = await Promise.all(
    (['network', 'cluster'] as const).map(async (stack) => {
      const { text } = await test.terraform(test.stackFolder(stack), ['state', 'pull']);
      return valuesOf(JSON.parse(text));
    }),
  );
  return [...new Set([...given, ...made.flat()])];
}

/** Of a key in PEM, the first line that is its own. */
function valuesOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) => {
    if (typeof child !== 'string' || !SECRET_ATTRIBUTES.includes(name) || child === '') return valuesOf(child);
    const lines = child.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
    return [lines.length > 2 ? lines[1]! : lines[0]!];
  });
}
