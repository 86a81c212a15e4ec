import type { z } from 'zod';

import { mediaOf } from '../../tokens/media-by-model.ts';
import { RequestCounter } from '../../tokens/request-counter.ts';
import { trimMessages } from '../../trim/trim-messages.ts';
import { definedOnly } from '../defined-only.ts';
import { jsonResponse } from '../json-response.ts';
import { operation } from '../operation.ts';
import { trimRequestSchema, trimResultSchema } from '../schemas/trim-schemas.ts';

/** `POST /v1/trim` */
export const trimHistory = operation<z.infer<typeof trimRequestSchema>>({
  id: 'trim',
  method: 'POST',
  path: '/v1/trim',
  summary: 'Brings a history inside a budget, and says what became of every message. Asks no model.',
  body: trimRequestSchema,
  answers: { 200: [{ description: 'What stays, and the account.', schema: trimResultSchema }] },
  async handle({ body, server }) {
    const { messages, targetTokens, strategy, minTurns, model, query } = body;
    const known = model === undefined ? undefined : await server.counters.of(model);
    // An estimate is left to the trim, which then leaves room for its error.
    const counter = known?.exact === true ? new RequestCounter(known, mediaOf(model ?? '')) : undefined;
    const options = { targetTokens, ...definedOnly({ strategy, minTurns, query, counter }) };
    const { messages: kept, report } = trimMessages(messages, options);
    return jsonResponse({ messages: kept, report });
  },
});
