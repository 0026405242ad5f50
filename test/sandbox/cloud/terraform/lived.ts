/** What becomes of a stack under one provider, in a form that can be compared with what becomes of it under another. */
import type { Resources, TerraformProject } from './terraform-project';

/** By step: what Terraform planned, what the state held then, and after it was read again. */
export type Lived = Readonly<
  Record<string, { readonly plan: unknown; readonly state: unknown; readonly read: unknown }>
>;

/** Takes a stack from step to step, and destroys it. */
export async function live(
  project: TerraformProject,
  steps: Readonly<Record<string, Resources>>,
  rest: object = {},
): Promise<Lived> {
  const lived: Record<string, Lived[string]> = {};
  for (const [step, resources] of Object.entries(steps)) {
    project.configure(resources, rest);
    await project.plan();
    const plan = comparable((await project.show('plan')).resource_changes.map(planned));
    await project.apply();
    const state = comparable((await project.show()).values);
    await project.terraform('apply', '-refresh-only', '-auto-approve');
    lived[step] = { plan, state, read: comparable((await project.show()).values) };
  }
  await project.destroy();
  return lived;
}

function planned({ address, change }: any): object {
  const { actions, after, after_unknown, replace_paths } = change;
  return { address, actions, after, after_unknown, replace_paths };
}

/** What each account makes up for itself. */
const MADE_UP: readonly [RegExp, string][] = [
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'uuid'],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/g, 'time'],
  [/-20\d{16}[0-9a-f]{8}/g, '-unique'],
  [/127\.\d+\.\d+\.\d+(:\d+)?/g, 'address'],
  [/DO00\w+/g, 'key'],
  [/"secret_key":"[^"]+"/g, '"secret_key":"secret"'],
  [/"ssh_keys\/\d+"/g, '"ssh_keys/hash"'],
  [/"owner_id":\d+/g, '"owner_id":0'],
  [/"resource_version":"\d+"/g, '"resource_version":"0"'],
  [/_deployed":\d+/g, '_deployed":0'],
  [/(?<!\d)5\d{8}(?!\d)/g, '500000000'],
  [/(?<!\d)12\d{7}(?!\d)/g, '120000000'],
];

function comparable(value: unknown): unknown {
  const text = MADE_UP.reduce((changed, [pattern, word]) => changed.replaceAll(pattern, word), JSON.stringify(value));
  return sorted(JSON.parse(text));
}

/** Sets are lists here, in an order that hangs on what was made up. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const keyed = value.map(sorted).map((item) => ({ item, key: JSON.stringify(item) }));
    return keyed.sort((one, other) => (one.key < other.key ? -1 : 1)).map(({ item }) => item);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, item]) => [name, sorted(item)] as const);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
