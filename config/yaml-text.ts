/** YAML for programs that read it as version 1.1 or 1.2: Kubernetes, Helm and Argo CD take words and numbers of 1.1. */
import { stringify, type CreateNodeOptions, type ScalarTag, type SchemaOptions, type ToStringOptions } from 'yaml';

/** Plain text that Go's library takes for a number and Python's for a tag, though neither version says so. */
const MISREAD: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^(=|[-+]?(0o[0-7_]+|[0-9._]*[0-9][0-9._]*e[-+]?[0-9_]+))$/i,
  resolve: (text) => text,
};

/** Texts are in quotes where any reader would take them for something else. */
export function yamlText(value: unknown, options: CreateNodeOptions & ToStringOptions = {}): string {
  const schema: SchemaOptions = { compat: 'yaml-1.1', customTags: (tags) => [...tags, MISREAD] };
  return stringify(value, { ...schema, ...options });
}
