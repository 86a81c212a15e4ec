import type { ModelEntry } from './model-entry.ts';
import { ModelRegistry } from './model-registry.ts';
import data from './registry-data.json' with { type: 'json' };

// The compiler widens the strings of JSON; a test holds that the data are entries.
const entries = data as readonly ModelEntry[];

/** The models katamari knows of. Prices change: every entry says where its facts were read, and when. */
export const models: ModelRegistry = /* @__PURE__ */ new ModelRegistry(entries);
