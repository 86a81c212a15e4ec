import type { Costs } from './cost-ledger.ts';

/**
 * What counts requests, by model: loaded at a model's first call, at once at hand from then on. Chats with several models in turn (a
 * fallback, a critic) keep a counter for each.
 */
export class CostsByModel {
  readonly #load: (model: string) => Promise<Costs>;
  readonly #loaded = new Map<string, Costs>();
  readonly #loading = new Map<string, Promise<Costs>>();

  constructor(load: (model: string) => Promise<Costs>) {
    this.#load = load;
  }

  get(model: string): Costs | Promise<Costs> {
    const loaded = this.#loaded.get(model);
    if (loaded !== undefined) return loaded;
    let loading = this.#loading.get(model);
    if (loading === undefined) {
      loading = this.#load(model).then((costs) => {
        this.#loaded.set(model, costs);
        return costs;
      });
      this.#loading.set(model, loading);
      // A table that could not be loaded is tried again at the next call.
      loading.finally(() => this.#loading.delete(model)).catch(() => undefined);
    }
    return loading;
  }
}
