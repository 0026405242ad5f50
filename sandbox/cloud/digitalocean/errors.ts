/** The answers that the real API gives, by their id. */
import { ApiError } from '../http/api-error';

export function notFound(): ApiError {
  return new ApiError(404, 'not_found', 'The resource you were accessing could not be found.');
}

/** The request is understood, but breaks a rule. */
export function unprocessable(message: string): ApiError {
  return new ApiError(422, 'unprocessable_entity', message);
}

/** The request cannot be done now, in this state of things. */
export function conflict(message: string): ApiError {
  return new ApiError(409, 'conflict', message);
}

export function preconditionFailed(message: string): ApiError {
  return new ApiError(412, 'precondition_failed', message);
}
