/** The answers that the real API gives. */
import { ApiError } from '../api/api-error';

export function notFound(): ApiError {
  return new ApiError(404, 'not_found', 'Not Found');
}

/** A value that breaks a rule of a field. */
export function validationFailed(resource: string, field: string, message: string): ApiError {
  const detail = `{Resource:${resource} Field:${field} Code:custom Message:${message}}`;
  return new ApiError(422, 'validation_failed', `Validation Failed [${detail}]`);
}

export function alreadyExists(message: string): ApiError {
  return new ApiError(409, 'already_exists', `Already exists - ${message}`);
}
