import type { z } from 'zod';

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
    const counter = model === undefined ? undefined : await server.counters.of(model);
    const options = { targetTokens, ...definedOnly({ strategy, minTurns, query, counter }) };
    const { messages: kept, report } = trimMessages(messages, options);
    return jsonResponse({ messages: kept, report });
  },
});
