import type { Operation } from './operation.ts';
import { chatCompletions } from './operations/chat-completions.ts';
import { compilePersona } from './operations/compile-persona.ts';
import { listModels } from './operations/list-models.ts';
import { listPersonas } from './operations/list-personas.ts';
import { runEvents } from './operations/run-events.ts';
import { showHealth } from './operations/show-health.ts';
import { showMetrics } from './operations/show-metrics.ts';
import { showOpenapi } from './operations/show-openapi.ts';
import { showPersona } from './operations/show-persona.ts';
import { startRun } from './operations/start-run.ts';
import { stopRun } from './operations/stop-run.ts';
import { trimHistory } from './operations/trim-history.ts';

/** All that the server can be asked, a path with fixed steps before one with parameters. */
export function operations(): readonly Operation[] {
  const all: readonly Operation[] = [
    startRun,
    runEvents,
    stopRun,
    chatCompletions,
    compilePersona,
    listPersonas,
    showPersona,
    listModels,
    trimHistory,
    showHealth,
    showMetrics,
    showOpenapi(() => all),
  ];
  return all;
}
