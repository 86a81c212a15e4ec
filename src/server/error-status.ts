import type { ErrorCode } from '../errors.ts';

/**
 * Which status an error of a run has. What the client can mend is 4xx; what is wrong between this server and its provider is 5xx, a
 * refused key of the server's own among it: 401 would send the client to look at his.
 */
export const ERROR_STATUS: Readonly<Record<ErrorCode, number>> = {
  'invalid-input': 400,
  'bad-request': 400,
  'context-overflow': 400,
  'content-filter': 400,
  'invalid-persona': 422,
  'budget-impossible': 422,
  'rate-limited': 429,
  gone: 410,
  'limit-reached': 422,
  aborted: 499,
  'run-consumed': 500,
  unknown: 500,
  authentication: 502,
  permission: 502,
  'not-found': 502,
  connection: 502,
  'empty-response': 502,
  'invalid-output': 502,
  malformed: 502,
  server: 502,
  truncated: 502,
  overloaded: 503,
  quota: 503,
  timeout: 504,
};
