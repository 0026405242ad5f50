import { ApiError } from '../http/api-error';

/** HTTP status of each error that the emulated Spaces answers. */
const STATUS = {
  AccessDenied: 403,
  BadDigest: 400,
  BucketAlreadyOwnedByYou: 409,
  BucketNotEmpty: 409,
  EntityTooSmall: 400,
  InternalError: 500,
  InvalidAccessKeyId: 403,
  InvalidArgument: 400,
  InvalidBucketName: 400,
  InvalidPart: 400,
  InvalidPartOrder: 400,
  InvalidRange: 416,
  InvalidRequest: 400,
  InvalidURI: 400,
  KeyTooLongError: 400,
  MalformedXML: 400,
  MethodNotAllowed: 405,
  MissingContentSHA256: 400,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchUpload: 404,
  NoSuchVersion: 404,
  NotImplemented: 501,
  PreconditionFailed: 412,
  RequestTimeTooSkewed: 403,
  SignatureDoesNotMatch: 403,
  XAmzContentSHA256Mismatch: 400,
} as const;

/** An answer of the emulated Spaces that is not a success. */
export class S3Error extends ApiError {
  /** @param headers to send along, such as the one that says that an object is a delete marker */
  constructor(id: keyof typeof STATUS, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(STATUS[id], id, message, headers);
    this.name = 'S3Error';
  }
}
