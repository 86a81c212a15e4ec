import { jsonResponse } from '../json-response.ts';
import { operation, type Operation } from '../operation.ts';

/** `GET /openapi.json`; the document is made at the first question. */
export function showOpenapi(operations: () => readonly Operation[]): Operation {
  let document: Promise<object> | undefined;
  return operation({
    id: 'openapi',
    method: 'GET',
    path: '/openapi.json',
    summary: 'This document.',
    answers: { 200: [{ description: 'OpenAPI 3.1.' }] },
    async handle({ server }) {
      document ??= import('../openapi-document.ts').then(({ openapiDocument }) =>
        openapiDocument(operations(), server.options.basePath),
      );
      return jsonResponse(await document);
    },
  });
}
