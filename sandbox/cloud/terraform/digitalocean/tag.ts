import { apiResource, fieldsOf } from './api-resource';

const COUNTED = ['droplets', 'images', 'volumes', 'volume_snapshots', 'databases'];

interface Tag {
  readonly name: string;
  readonly resources: { readonly count: number } & Readonly<Record<string, { readonly count: number }>>;
}

export const tag = apiResource<Tag>({
  path: '/v2/tags',
  root: 'tag',
  key: 'name',
  noun: 'tag',
  forceNew: ['name'],
  request: (planned) => fieldsOf(planned, ['name']),
  attributes: ({ name, resources }) => ({
    name,
    total_resource_count: resources.count,
    ...Object.fromEntries(COUNTED.map((kind) => [`${kind}_count`, resources[kind]!.count])),
  }),
});
