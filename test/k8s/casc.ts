/** Configuration as Code of Jenkins, and the pods that it makes for builds. */
import { parse } from 'yaml';
import { ofKind, type Json } from './manifests';

const text = ofKind('ConfigMap').find(({ id }) => id === 'ConfigMap rt jenkins-configuration')!.body['data'] as Json;

export const casc = parse(text['jenkins.yaml'] as string) as Json;
/** What comes to it, by the value of PEOPLE. */
export const people: Readonly<Record<string, Json>> = Object.fromEntries(
  ['local', 'login'].map((name) => [name, parse(text[`people-${name}.yaml`] as string)['jenkins'] as Json]),
);

export const cloud = casc['jenkins'].clouds[0].kubernetes as Json;

export interface BuildPod {
  readonly name: string;
  readonly namespace: string;
  readonly pod: Json;
}

export const buildPods: readonly BuildPod[] = (cloud['templates'] as Json[]).map((template) => ({
  name: template['name'] as string,
  namespace: (template['namespace'] ?? cloud['namespace']) as string,
  pod: parse(template['yaml'] as string) as Json,
}));
