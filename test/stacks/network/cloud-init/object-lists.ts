/** Answers of Spaces to a ListObjectsV2 request. */

interface ListedObject {
  readonly key: string;
  readonly modified?: string;
  readonly size?: number;
}

export function page(objects: readonly ListedObject[], { truncated = false } = {}): string {
  const contents = objects.map(({ key, modified, size = 4096 }) => {
    const date = modified === undefined ? '' : `<LastModified>${modified}</LastModified>`;
    return `<Contents><Key>${key}</Key>${date}<ETag>&quot;0a&quot;</ETag><Size>${size}</Size></Contents>\n`;
  });
  return (
    '<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
    `<Name>bucket</Name><Prefix>forge-test/</Prefix><IsTruncated>${truncated}</IsTruncated>` +
    `${contents.join('')}</ListBucketResult>`
  );
}

/** Signs of life of the sample cluster's servers, each with the time at which it was left. */
export function signsOf(...signs: readonly (readonly [node: string, modified: string])[]): string {
  return listOf(...signs.map(([node, modified]) => [`.alive/${node}`, modified] as const));
}

/** Snapshots in the folder of the sample cluster, each with the time of its last change. */
export function listOf(...snapshots: readonly (readonly [name: string, modified: string])[]): string {
  return page(snapshots.map(([name, modified]) => ({ key: `forge-test/${name}`, modified })));
}
