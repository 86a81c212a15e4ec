import type { PriceCall } from '../provider.ts';
import { costUsd } from './cost-usd.ts';
import type { ModelRegistry } from './model-registry.ts';

/**
 * Prices calls by a registry, for a chain's `price`. A model that a host serves under its own price is looked for as `host/model` first. What
 * katamari had to estimate is priced like what was billed; the metrics say `estimated`.
 *
 * @example new Chain({ provider, price: priceBy(models) })
 */
export function priceBy(registry: Pick<ModelRegistry, 'find'>): PriceCall {
  return (usage, { provider, model }) => {
    const entry = registry.find(`${provider}/${model}`) ?? registry.find(model);
    return entry === undefined ? null : costUsd(usage, entry);
  };
}
