/** Reading an object of the state bucket. */
import type { DeleteMarkerEntry, ListObjectVersionsCommandOutput, ObjectVersion } from '@aws-sdk/client-s3';
import type { SpacesClient } from '#clients/spaces/client';
import { SpacesFailure } from '#clients/spaces/failure';

export interface BucketObject {
  readonly text: string;
  readonly etag: string | undefined;
  /** Absent if the bucket keeps no versions. */
  readonly versionId: string | undefined;
}

/** An object, or one of its versions; undefined when there is none. */
export async function readObject(
  { bucket, perform }: SpacesClient,
  key: string,
  options: { readonly versionId?: string; readonly range?: string } = {},
): Promise<BucketObject | undefined> {
  try {
    return await perform(async (s3, { GetObjectCommand }) => {
      const { versionId: VersionId, range: Range } = options;
      const found = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId, Range }));
      const text = (await found.Body?.transformToString()) ?? '';
      return { text, etag: found.ETag, versionId: found.VersionId };
    });
  } catch (error) {
    if (error instanceof SpacesFailure && (error.code === 'NoSuchKey' || error.code === 'NoSuchVersion'))
      return undefined;
    throw error;
  }
}

/** The versions and delete markers (those without a size) of an object, the newest first. */
export async function listObjectVersions(
  { bucket, perform }: SpacesClient,
  key: string,
): Promise<(ObjectVersion & DeleteMarkerEntry)[]> {
  const found: (ObjectVersion & DeleteMarkerEntry)[] = [];
  let page: Partial<ListObjectVersionsCommandOutput> = { IsTruncated: true };
  while (page.IsTruncated) {
    const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page;
    page = await perform((s3, { ListObjectVersionsCommand }) =>
      s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, KeyMarker, VersionIdMarker })),
    );
    found.push(...(page.Versions ?? []), ...(page.DeleteMarkers ?? []));
  }
  // Other keys may begin with this one: a state's lock does.
  const own = found.filter(({ Key }) => Key === key);
  const modified = ({ LastModified }: DeleteMarkerEntry) => LastModified?.getTime() ?? 0;
  return own.sort((one, other) => Number(other.IsLatest) - Number(one.IsLatest) || modified(other) - modified(one));
}
