/** The answers that the real API gives. */
import { ApiError } from '../http/api-error';

export function notFound(): ApiError {
  return new ApiError(404, 'not_found', 'Not Found');
}

/** A value that breaks a rule of a field. */
export class ValidationFailed extends ApiError {
  constructor(
    readonly resource: string,
    readonly field: string,
    readonly rule: string,
  ) {
    // As the Terraform provider prints it.
    const detail = `{Resource:${resource} Field:${field} Code:custom Message:${rule}}`;
    super(422, 'validation_failed', `Validation Failed [${detail}]`);
  }
}

export function validationFailed(resource: string, field: string, message: string): ApiError {
  return new ValidationFailed(resource, field, message);
}

export function alreadyExists(message: string): ApiError {
  return new ApiError(409, 'already_exists', `Already exists - ${message}`);
}
